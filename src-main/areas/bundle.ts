/** Gathers the diagnostics bundle, every line redacted before it leaves this file; settings come from a list of what may be in it, never from the table (issue: "a bundle (versions, hardware, settings, redacted logs, chain facts, event log)"). */
import { hostname, userInfo, homedir } from 'node:os';
import type { Bundle, BundlePart, DoctorReport } from '../../src-shared/bridge/diagnostics-calls.ts';
import { redactLine } from '../core/redact-line.ts';
import type { AreaParts } from './area-parts.ts';

const newestEvents = 2_000;
const dayMs = 86_400_000;
const eventDays = 14;

/** JSON of a value; amounts as decimal text. */
const json = (value: unknown): string => JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
const named = (values: Readonly<Record<string, unknown>>): string[] => Object.entries(values).map(([name, value]) => `${name} ${json(value)}`);
const at = (ms: number): string => new Date(ms).toISOString();

/** The bundle as it would be saved. */
export async function bundleOf(parts: AreaParts, doctor: DoctorReport, hideAddresses: boolean): Promise<Bundle> {
  const atMs = parts.deps.now();
  const content = await contentOf(parts, doctor, atMs);
  const options = { hideAddresses, names: machineNames(parts.options.dataDir) };
  return {
    fileName: `operator-console-diagnostics-${at(atMs).slice(0, 19).replaceAll(':', '-')}.txt`,
    atMs,
    lines: content.flatMap(([part, lines]) => lines.map((line) => ({ part, ...redactLine(line, options) }))),
  };
}

async function contentOf(parts: AreaParts, doctor: DoctorReport, atMs: number): Promise<[BundlePart, string[]][]> {
  const { options, preferences, deps } = parts;
  const profile = parts.network()?.profile ?? null;
  const snapshot = parts.session()?.chain.snapshot() ?? null;
  const keys = parts.keysView();
  return [
    ['versions', named({ console: options.version, host: options.host, electron: options.electron, node: process.versions.node, platform: process.platform, arch: process.arch, sqlite: parts.sqliteVersion, madeAt: at(atMs), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone })],
    ['hardware', [...named(await parts.hardware()), ...named({ machineCheck: preferences.machineCheck(), inference: parts.inference.status(), models: parts.models().map(({ id }) => id) })]],
    ['settings', named({ policies: preferences.policies(), desktop: preferences.desktop(), theme: preferences.theme(), language: preferences.language(), paused: preferences.paused(), providerOrder: preferences.providerOrder(), network: profile, keyStore: keys.store, keysUnlocked: keys.unlocked, backupConfirmed: keys.backupConfirmed, parkedRows: parts.parkedRows() })],
    ['chain', snapshot === null ? ['not read: no network is open, or the keys are locked'] : named({ health: snapshot.health, readAtMs: snapshot.readAtMs, registration: snapshot.registration, balances: snapshot.balances, subscriptions: [...(snapshot.subscriptions?.values() ?? [])], stacks: parts.session()?.chain.stackViews() ?? [], wallet: keys.walletAddress, nodeId: keys.nodeId })],
    ['doctor', doctor.checks.map(({ check, state, proof, fix }) => `${state} ${check}: ${proof}${fix === null ? '' : ` → ${fix}`}`)],
    ['events', parts.transitions.spans(atMs - eventDays * dayMs).map(({ state, reason, fromMs, untilMs }) => `${at(fromMs)} ${state} ${reason}${untilMs === null ? ' (now)' : ` until ${at(untilMs)}`}`)],
    ['log', deps.logRing({ limit: newestEvents, level: 'debug', text: '' }).reverse().map(({ atMs: ms, level, event, fields }) => `${at(ms)} ${level} ${event} ${json(fields)}`)],
  ];
}

/** What names this machine and its user; the data folder and the home folder first, as they hold the names. */
function machineNames(dataDir: string): string[] {
  // An account without an entry has no name to hide.
  const user = ((): string => {
    try {
      return userInfo().username;
    } catch {
      return '';
    }
  })();
  return [dataDir, homedir(), hostname(), ...(user === 'root' ? [] : [user])];
}
