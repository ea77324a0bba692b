/** What keeps the node from working, as a pure function of facts: each check with its state, its proof and one thing to do (issue: doctor). */
import type { DoctorCheck } from '../../src-shared/bridge/diagnostics-calls.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';

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
const ok = (check: DoctorCheck['check'], proof: string): DoctorCheck => ({ check, state: 'ok', proof, fix: null });
const found = (check: DoctorCheck['check'], state: DoctorCheck['state'], proof: string, fix: string | null): DoctorCheck => ({ check, state, proof, fix });

/** All checks, in the order they are shown. */
export function diagnose(facts: DoctorFacts): DoctorCheck[] {
  return [clock(facts), keychain(facts), keys(facts), disk(facts), folder(facts), database(facts), ports(facts), endpoints(facts), contract(facts), link(facts), provider(facts), models(facts), confidential(facts)];
}

/** "ts may differ from the receiver's clock by at most 90 s" (coordinator.md 3); warned a good way before. */
function clock({ clock: readings }: DoctorFacts): DoctorCheck {
  const [worst] = [...readings].sort((a, b) => Math.abs(b.offsetMs) - Math.abs(a.offsetMs));
  if (worst === undefined) return found('clock', 'unknown', 'neither chain nor coordinator told the time', 'Mend the endpoints first; the clock is compared with theirs.');
  const offsetMs = Math.abs(worst.offsetMs);
  const proof = `${(offsetMs / 1_000).toFixed(1)} s ${worst.offsetMs < 0 ? 'behind' : 'ahead of'} the ${worst.source}`;
  if (offsetMs <= linkLimits.maxClockSkewMs / 3) return ok('clock', proof);
  return found('clock', offsetMs > linkLimits.maxClockSkewMs ? 'failed' : 'warning', proof, 'Set the clock of this machine by network time (NTP).');
}

function keychain({ keychain: { available, name, detail }, keys: { exists, store } }: DoctorFacts): DoctorCheck {
  if (available) return ok('keychain', `${name} answers`);
  const proof = `no keychain answers${name === 'none' ? '' : ` (${name})`}${detail === null ? '' : `: ${detail}`}`;
  if (exists && store === 'keychain') return found('keychain', 'failed', proof, 'Unlock the keychain of this system: it holds the key that opens the key file.');
  return found('keychain', 'ok', `${proof}; the keys are sealed under a passphrase instead`, null);
}

function keys({ keys: { exists, unlocked, storeName, backupConfirmed }, serving }: DoctorFacts): DoctorCheck {
  if (!exists) return found('keys', 'failed', 'there is no key yet', 'Make or import one in the set-up.');
  if (!unlocked && !serving) return found('keys', 'unknown', `in ${storeName}, not opened`, 'Add --passphrase-file FILE to look further.');
  if (!unlocked) return found('keys', 'failed', `locked in ${storeName}`, 'Unlock them, or start with --passphrase-file FILE.');
  return backupConfirmed ? ok('keys', `open, from ${storeName}`) : found('keys', 'warning', `open, from ${storeName}; the backup is not confirmed`, 'Rehearse the backup of the recovery phrase in Settings.');
}

function disk({ disk: { freeBytes } }: DoctorFacts): DoctorCheck {
  if (freeBytes === null) return found('disk', 'unknown', 'free space is not told', 'Check that the data folder can be read.');
  const proof = `${(freeBytes / gib).toFixed(1)} GiB free`;
  // Under one GiB the database itself may fail to write.
  return freeBytes >= 5 * gib ? ok('disk', proof) : found('disk', freeBytes >= gib ? 'warning' : 'failed', proof, 'Free some disk space where the data folder lies.');
}

function folder({ folder: { path, excess } }: DoctorFacts): DoctorCheck {
  return excess === 0 ? ok('folder', `${path} is its owner's alone`) : found('folder', 'failed', `${path} is open to others (mode bits ${excess.toString(8).padStart(3, '0')})`, `Run: chmod 700 ${path}`);
}

function database({ databases, parkedRows }: DoctorFacts): DoctorCheck {
  const broken = databases.filter(({ verdict }) => verdict !== 'ok');
  if (broken.length > 0) return found('database', 'failed', broken.map(({ name, verdict }) => `${name}: ${verdict}`).join('; '), 'Stop the console and restore the data folder from a backup.');
  const names = databases.map(({ name }) => name).join(', ');
  return parkedRows === 0 ? ok('database', `${names} whole`) : found('database', 'warning', `${names} whole, but ${parkedRows} records could not be read and were set aside`, 'See Settings for what they are, and report them.');
}

const ports = ({ loopback: { ok: open, problem } }: DoctorFacts): DoctorCheck =>
  open ? ok('ports', 'ports on 127.0.0.1 can be opened') : found('ports', 'failed', `no port on 127.0.0.1 can be opened (${problem ?? 'unknown reason'})`, 'Allow this program to listen on loopback: look at firewall, sandboxing and ulimits.');

function endpoints({ endpoints: all, network }: DoctorFacts): DoctorCheck {
  if (network === null || all.length === 0) return found('endpoints', 'unknown', 'no network is chosen', 'Choose a network in the set-up.');
  const wrong = all.filter(({ chainId }) => chainId !== null && network.chainId !== null && chainId !== network.chainId);
  const silent = all.filter(({ problem }) => problem !== null);
  const proof = all.map(({ url, answeredMs, problem }) => `${url} ${problem === null ? `answered in ${answeredMs ?? 0} ms` : problem}`).join('; ');
  if (wrong.length > 0) return found('endpoints', 'failed', `${wrong.map(({ url, chainId }) => `${url} serves chain ${chainId}`).join('; ')}, not ${network.chainId}`, 'Correct the endpoints of the network profile. Nothing is signed for another chain.');
  if (silent.length === all.length) return found('endpoints', 'failed', proof, 'Check the internet connection and the endpoints of the network profile.');
  return silent.length === 0 ? ok('endpoints', proof) : found('endpoints', 'warning', proof, 'Another endpoint is used meanwhile; replace the silent one if it stays so.');
}

function contract({ contract: checked }: DoctorFacts): DoctorCheck {
  if (checked === null) return found('contract', 'unknown', 'not compared: no endpoint answered, or the keys are locked', 'Mend what stands above, then look again.');
  return checked.ok ? ok('contract', checked.detail) : found('contract', 'failed', checked.detail, 'Correct package and database ids of the network profile. Nothing was signed.');
}

function link({ link: status, network }: DoctorFacts): DoctorCheck {
  if (network !== null && !network.hasCoordinator) return found('link', 'warning', `${network.name} has no known coordinator`, 'The node can register, settle and claim, but it is sent no work here.');
  if (status === null) return found('link', 'unknown', 'no console runs, so nothing is linked', 'Start the console.');
  if (status.status === 'connected') return ok('link', 'connected to the coordinator');
  return found('link', status.status === 'refused' ? 'failed' : 'warning', status.problem ?? status.status, status.status === 'refused' ? 'Mend the cause, then pause and resume.' : 'The console tries again by itself. If it stays so, look at the internet connection.');
}

function provider({ provider: probes }: DoctorFacts): DoctorCheck {
  if (probes === null) return found('provider', 'unknown', 'the machine was not checked yet', 'Run the machine check of the set-up.');
  const proof = probes.map(({ provider: name, ok: works, detail }) => `${name} ${works ? 'works' : 'does not work'}${detail === null ? '' : ` (${detail})`}`).join('; ');
  return probes.some(({ ok: works }) => works) ? ok('provider', proof) : found('provider', 'failed', proof, 'Run the machine check of the set-up again; it names a remedy for each.');
}

function models({ models: { ready, served, subscribed } }: DoctorFacts): DoctorCheck {
  const proof = `${ready} verified on disk, ${served} of ${subscribed} subscribed tasks can be served`;
  if (ready === 0) return found('models', 'failed', proof, 'Download a model of a task that this machine can serve.');
  return served < subscribed ? found('models', 'warning', proof, 'Download the models of the other tasks, or end those subscriptions.') : ok('models', proof);
}

/** Hardware that hardly anybody has: its absence is no fault, unless a task that needs it is subscribed to. */
function confidential({ confidential: state }: DoctorFacts): DoctorCheck {
  if (state === null) return found('confidential', 'unknown', 'not looked at: no network is open', 'Choose a network and unlock the keys.');
  if (state.serves === 'no') {
    const proof = `confidential tasks are not served: ${state.why ?? 'unknown reason'}`;
    return state.subscribed === 0 ? ok('confidential', proof) : found('confidential', 'failed', `${proof}; ${state.subscribed} of them are subscribed to`, 'Park or end those subscriptions, or serve them on a confidential machine.');
  }
  const proof = state.serves === 'hardware' ? 'confidential tasks run in protected memory' : 'confidential tasks are rehearsed with a SIMULATED TEE, which protects nothing';
  return state.problem === null ? found('confidential', state.serves === 'hardware' ? 'ok' : 'warning', proof, state.serves === 'hardware' ? null : 'Only the embedded sandbox accepts this. Switch it off when you are done.') : found('confidential', 'failed', `${proof}; the key could not be announced: ${state.problem}`, 'It is tried again by itself; mend what it names.');
}
