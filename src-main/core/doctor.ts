/** What keeps the node from working, as a pure function of facts: each check with its state, its proof and one thing to do (issue: doctor). */
import type { DoctorCheck } from '../../src-shared/bridge/diagnostics-calls.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';
import { clockCost, diskFix } from './machine-words.ts';

/** One endpoint as it answered just now; milliseconds. */
export type EndpointFact = { url: string; answeredMs: number | null; chainId: string | null; problem: string | null };

/** What the checks look at. Null stands for "not known". */
export type DoctorFacts = {
  /** False where a verb opened the node for itself: then nothing is linked, and locked keys are no failure. */
  serving: boolean;
  /** This clock minus the network's; `source` says whose time it was compared with. */
  clock: { offsetMs: number; source: 'chain' | 'coordinator' }[];
  keys: { exists: boolean; unlocked: boolean; store: 'keychain' | 'passphrase'; storeName: string; backupConfirmed: boolean };
  keychain: { available: boolean; name: string; detail: string | null };
  disk: { freeBytes: number | null };
  /** `excess` are the mode bits that let others in; 0 for none. */
  folder: { path: string; excess: number };
  /** `ok`, or what SQLite's integrity check says, by file. */
  databases: { name: string; verdict: string }[];
  parkedRows: number;
  /** Whether a port on loopback can be opened; null with the reason when not. */
  loopback: { ok: boolean; problem: string | null };
  /** Null before a network was chosen. */
  network: { name: string; chainId: string | null; hasCoordinator: boolean } | null;
  endpoints: EndpointFact[];
  /** What the check of the contract said; null when it was not made. */
  contract: { ok: boolean; detail: string } | null;
  /** Null where no console links now. */
  link: { status: string; problem: string | null } | null;
  provider: { provider: string; ok: boolean; detail: string | null }[] | null;
  models: { ready: number; served: number; subscribed: number };
  /** What was found of confidential hardware; `why` is the sentence of a refusal. Null while nobody looked. */
  confidential: { serves: 'hardware' | 'simulated' | 'no'; why: string | null; subscribed: number; problem: string | null } | null;
};

const gib = 2 ** 30;
/** How the screens call what models run on. */
const providerWords: Record<string, string> = { cpu: 'the processor', webgpu: 'WebGPU', cuda: 'CUDA', directml: 'DirectML', coreml: 'Core ML' };
/** A link that is not there and gave no reason. */
const linkWords: Record<string, string> = { none: 'not linked: no coordinator is known', stopped: 'not linked: the node is not started, or its keys are locked', connecting: 'connecting to the coordinator' };
const ok = (check: DoctorCheck['check'], proof: string): DoctorCheck => ({ check, state: 'ok', proof, fix: null });
const found = (check: DoctorCheck['check'], state: DoctorCheck['state'], proof: string, fix: string | null): DoctorCheck => ({ check, state, proof, fix });

/** All checks, in the order they are shown. */
export function diagnose(facts: DoctorFacts): DoctorCheck[] {
  return [clock(facts), keychain(facts), keys(facts), disk(facts), folder(facts), database(facts), ports(facts), endpoints(facts), contract(facts), link(facts), provider(facts), models(facts), confidential(facts)];
}

/** "ts may differ from the receiver's clock by at most 90 s" (coordinator.md 3); warned a good way before. */
function clock({ clock: readings }: DoctorFacts): DoctorCheck {
  const [worst] = [...readings].sort((a, b) => Math.abs(b.offsetMs) - Math.abs(a.offsetMs));
  if (worst === undefined) return found('clock', 'unknown', 'not compared: neither the chain nor the coordinator told the time', 'It is compared by itself once one of them answers. Look first at what Endpoints and Link below say.');
  const offsetMs = Math.abs(worst.offsetMs);
  const proof = `${(offsetMs / 1_000).toFixed(1)} s ${worst.offsetMs < 0 ? 'behind' : 'ahead of'} the ${worst.source}`;
  if (offsetMs <= linkLimits.maxClockSkewMs / 3) return ok('clock', proof);
  const isRefused = offsetMs > linkLimits.maxClockSkewMs;
  return found('clock', isRefused ? 'failed' : 'warning', proof, `${clockCost(isRefused)} Switch on automatic time in the date and time settings of this computer.`);
}

function keychain({ keychain: { available, name, detail }, keys: { exists, store } }: DoctorFacts): DoctorCheck {
  if (available) return ok('keychain', `${name} answers`);
  const proof = `no keychain answers${name === 'none' ? '' : ` (${name})`}${detail === null ? '' : `: ${detail}`}`;
  if (exists && store === 'keychain') return found('keychain', 'failed', proof, 'The keys cannot be opened without it, so the node earns nothing. Unlock the keychain of this computer, as signing in does, then start the console again.');
  return found('keychain', 'ok', `${proof}; the keys are sealed under a passphrase instead`, null);
}

function keys({ keys: { exists, unlocked, storeName, backupConfirmed }, serving }: DoctorFacts): DoctorCheck {
  if (!exists) return found('keys', 'failed', 'there is no key yet', 'Without one the node cannot register and cannot be paid. Make one, or bring yours back, in the set-up.');
  if (!unlocked && !serving) return found('keys', 'unknown', `in ${storeName}, not opened`, 'Add --passphrase-file FILE to look further.');
  if (!unlocked) return found('keys', 'failed', `locked in ${storeName}`, 'While they are locked nothing is served and nothing is claimed. Unlock them under Settings, Keys; a machine without a screen can be started with --passphrase-file FILE.');
  return backupConfirmed ? ok('keys', `open, from ${storeName}`) : found('keys', 'warning', `open, from ${storeName}; the backup is not confirmed`, 'If this disk breaks, the money of this wallet is lost with it. Write the recovery phrase down and rehearse it under Settings, Keys.');
}

function disk({ disk: { freeBytes } }: DoctorFacts): DoctorCheck {
  if (freeBytes === null) return found('disk', 'unknown', 'the free space is not known', 'Nobody can tell whether a model fits. Check that the disk with the data folder is connected.');
  const proof = `${(freeBytes / gib).toFixed(1)} GiB free`;
  // Under one GiB the database itself may fail to write.
  if (freeBytes >= 5 * gib) return ok('disk', proof);
  return found('disk', freeBytes >= gib ? 'warning' : 'failed', proof, diskFix(freeBytes < gib));
}

function folder({ folder: { path, excess } }: DoctorFacts): DoctorCheck {
  return excess === 0 ? ok('folder', `only you can read ${path}`) : found('folder', 'failed', `other users of this computer can get at ${path} (mode bits ${excess.toString(8).padStart(3, '0')})`, `They could copy or change what the node keeps there. Close it to them: in a terminal, run chmod 700 ${path}`);
}

function database({ databases, parkedRows }: DoctorFacts): DoctorCheck {
  const broken = databases.filter(({ verdict }) => verdict !== 'ok');
  if (broken.length > 0) return found('database', 'failed', broken.map(({ name, verdict }) => `${name}: ${verdict}`).join('; '), 'Work and earnings may be recorded wrongly; what lies on the chain is safe. Quit the console, and put a backup of the data folder in its place.');
  const names = databases.map(({ name }) => name).join(', ');
  return parkedRows === 0 ? ok('database', `${names}: nothing is damaged`) : found('database', 'warning', `${parkedRows} ${parkedRows === 1 ? 'record' : 'records'} of ${names} could not be read and ${parkedRows === 1 ? 'was' : 'were'} set aside`, 'The node goes on without them, and figures may lack what they said. Settings, About, shows what they are; report them with the bundle below.');
}

const ports = ({ loopback: { ok: open, problem } }: DoctorFacts): DoctorCheck =>
  open ? ok('ports', 'programs of this computer can reach the console (127.0.0.1)') : found('ports', 'failed', `no connection can be opened on this computer itself, 127.0.0.1 (${problem ?? 'unknown reason'})`, 'The sandbox and the console in a browser cannot work without. Allow this application in the firewall or security program of this computer, then start it again.');

function endpoints({ endpoints: all, network }: DoctorFacts): DoctorCheck {
  if (network === null || all.length === 0) return found('endpoints', 'unknown', 'no network is chosen', 'Without a network there is nothing to earn. Choose one in the set-up.');
  const wrong = all.filter(({ chainId }) => chainId !== null && network.chainId !== null && chainId !== network.chainId);
  const silent = all.filter(({ problem }) => problem !== null);
  const proof = all.map(({ url, answeredMs, problem }) => `${url} ${problem === null ? `answered in ${answeredMs ?? 0} ms` : problem}`).join('; ');
  if (wrong.length > 0) return found('endpoints', 'failed', `${wrong.map(({ url, chainId }) => `${url} serves chain ${chainId}`).join('; ')}, not ${network.chainId}`, 'The node signs nothing for another chain, so it earns nothing meanwhile; no money is at risk. Correct the endpoints under Settings, Network.');
  if (silent.length === all.length) return found('endpoints', 'failed', proof, 'Without the chain nothing can be settled or claimed; what is earned stays yours. Check the internet connection of this computer, then the endpoints under Settings, Network.');
  return silent.length === 0 ? ok('endpoints', proof) : found('endpoints', 'warning', proof, 'Another endpoint is used meanwhile, so earning goes on. If it stays so, replace the silent one under Settings, Network.');
}

function contract({ contract: checked }: DoctorFacts): DoctorCheck {
  if (checked === null) return found('contract', 'unknown', 'not compared: no endpoint answered, or the keys are locked', 'Mend what Keys and Endpoints above say, then check again.');
  return checked.ok ? ok('contract', checked.detail) : found('contract', 'failed', checked.detail, 'The node signs nothing for a contract that it does not know, so it earns nothing meanwhile; no money is at risk. Choose a network of the list under Settings, Network, or correct the profile of your own.');
}

function link({ link: status, network }: DoctorFacts): DoctorCheck {
  if (network !== null && !network.hasCoordinator) return found('link', 'warning', `nobody hands out work on ${network.name}: it has no known coordinator`, 'The node can register, settle and claim here, but it is sent no work and so earns nothing. To earn, choose another network under Settings, Network.');
  if (status === null) return found('link', 'unknown', 'no console runs, so no work can arrive', 'Only a running console earns. Start it.');
  if (status.status === 'connected') return ok('link', 'connected to the coordinator, which hands out the work');
  return found('link', status.status === 'refused' ? 'failed' : 'warning', status.problem ?? linkWords[status.status] ?? status.status, status.status === 'refused' ? 'While the coordinator refuses the node no work arrives. Mend what it names, then press Pause and Resume at the top.' : 'No work arrives until it is back. The console tries again by itself; if it stays so, check the internet connection of this computer.');
}

function provider({ provider: probes }: DoctorFacts): DoctorCheck {
  if (probes === null) return found('provider', 'unknown', 'this machine was not tried yet', 'Run the check under Settings, Machine: it tries the graphics card and the processor with a small model.');
  const proof = probes.map(({ provider: name, ok: works, detail }) => `${providerWords[name] ?? name} ${works ? 'works' : 'does not work'}${detail === null ? '' : ` (${detail})`}`).join('; ');
  return probes.some(({ ok: works }) => works) ? ok('provider', proof) : found('provider', 'failed', proof, 'Nothing can be served until one of them works. Run the check under Settings, Machine: it says what to do for each.');
}

function models({ models: { ready, served, subscribed } }: DoctorFacts): DoctorCheck {
  const proof = `${ready} ${ready === 1 ? 'model is' : 'models are'} complete on this disk; ${served} of ${subscribed} subscribed ${subscribed === 1 ? 'task' : 'tasks'} can be served`;
  if (ready === 0) return found('models', 'failed', proof, 'Without a model nothing can be answered and nothing earned. Get one under Models, for a task that this machine can serve.');
  return served < subscribed ? found('models', 'warning', proof, 'The others earn nothing. Get their models under Models, or end those subscriptions under Tasks.') : ok('models', proof);
}

/** Hardware that hardly anybody has: its absence is no fault, unless a task that needs it is subscribed to. */
function confidential({ confidential: state }: DoctorFacts): DoctorCheck {
  if (state === null) return found('confidential', 'unknown', 'not looked at: no network is open', 'Only few machines can do this. To see whether this one can, choose a network and unlock the keys.');
  if (state.serves === 'no') {
    const proof = `confidential tasks are not served: ${state.why ?? 'unknown reason'}`;
    return state.subscribed === 0 ? ok('confidential', proof) : found('confidential', 'failed', `${proof}; ${state.subscribed} of them are subscribed to`, 'They earn nothing here. End those subscriptions under Tasks, or serve them on a machine with protected memory.');
  }
  const proof = state.serves === 'hardware' ? 'confidential tasks run in protected memory' : 'confidential tasks are only rehearsed here, with a SIMULATED TEE that protects nothing';
  return state.problem === null ? found('confidential', state.serves === 'hardware' ? 'ok' : 'warning', proof, state.serves === 'hardware' ? null : 'Only the sandbox takes this, for play money. Switch it off under Settings, Confidential tasks, when you are done.') : found('confidential', 'failed', `${proof}; the key could not be announced: ${state.problem}`, 'No confidential request arrives until it is. It is tried again by itself; mend what it names.');
}
