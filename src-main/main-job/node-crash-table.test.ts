/** The crash table of the whole node: killed at every boundary of job, link and lane, started again, and in the end one result, one settlement, one claim, one ledger entry, exact (architecture.md, "Tests"; main-job table). */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { LedgerEntry } from '../../src-shared/bridge/views.ts';
import { crashPoints, laneBoundaries, type CrashPoint, type LaneCrashPoint } from '../core/crash-points.ts';
import type { ConsoleNode } from '../console-node.ts';
import { openSqlite } from '../platform/sqlite.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { announcedBy, chainClient, joinNetwork, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, until } from '../testing/whole-node.ts';

type Boundary = CrashPoint | LaneCrashPoint;

const price = 100n;
const stackUnits = 300n;
const stackSmallId = 1n;
/** Enough for the prompt and a short answer. */
const budget = 120;

/** A registered, subscribed node and a stack that was bought from it: made once, copied for each case. */
let template = '';
let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode | null = null;

const inData = (): string => join(folder, 'node');
const client = () => chainClient(sandbox);

beforeAll(async () => {
  template = folder = mkdtempSync(join(tmpdir(), 'node-crash-'));
  sandbox = await openSandbox(join(folder, 'network'));
  await makeVault(inData());
  // The first acknowledged result is reason enough to settle: one request plays the whole main job.
  markStarted(inData(), sandbox.profile.id, { settleAtPercent: 1 });
  const made = await openNode({ dataDir: inData(), profile: sandbox.profile });
  await made.secure.unlock(passphrase);
  await joinNetwork(made);
  await made.stop('now');
  const buyer = openBuyer(sandbox);
  await buyer.buyStack({ taskSmallId: 1n, units: stackUnits, price, samplingConsensus: false });
  await sandbox.coordinator.openStack(stackSmallId);
  await sandbox.stop();
});
afterAll(() => {
  spare.kill('SIGKILL');
  rmSync(template, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'node-crash-'));
  cpSync(template, folder, { recursive: true });
  chmodSync(join(inData(), 'keys'), 0o700);
  sandbox = await openSandbox(join(folder, 'network'));
});
afterEach(async () => {
  await node?.stop('now');
  node = null;
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A process that has loaded the node and waits for its order; the next one loads while a case runs. */
const load = (): ChildProcess => spawn(process.execPath, [join(import.meta.dirname, 'node-crash-child.ts')], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
let spare = load();

/** Starts the node in a process of its own; resolves when it was killed at the boundary. */
function runUntilKilled(crashAt: Boundary): Promise<void> {
  const child = spare;
  spare = load();
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`the node ended by itself: ${code}`))));
    child.send({ dataDir: inData(), profile: sandbox.profile, crashAt });
  });
}

/** A buyer's request; the coordinator keeps it until the node is there. */
function request(maxComputeUnits = budget): void {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'What is the capital of France?' }], temperature: 0 });
  const taken = sandbox.coordinator.submit({ stackSmallId, body, replyTo: null, maxComputeUnits, windowMs: 60_000, stream: false });
  expect(taken).toMatchObject({ requestId: expect.any(String) });
}

/** Every attempt in the order it was dispatched, as the coordinator's own database has it. */
function attempts(): { state: unknown; code: unknown; entry_index: unknown; compute_units: unknown }[] {
  const db = openSqlite(join(folder, 'network', 'coordinator.sqlite'));
  try {
    return db.all('SELECT state, code, entry_index, compute_units FROM tasks ORDER BY sent_ms, task_id') as ReturnType<typeof attempts>;
  } finally {
    db.close();
  }
}

const eventsOf = async (name: 'StackTrySettleEvent' | 'StackSettlementTicketClaimedEvent'): Promise<number> =>
  (await client().listEvents({ filter: { eventType: `${sandbox.info.packageId}::db::${name}` } })).events.length;
const tickets = (): Promise<number> => eventsOf('StackTrySettleEvent');
const claims = (): Promise<number> => eventsOf('StackSettlementTicketClaimedEvent');
const skipWindow = (): void => sandbox.control.skipEpochs({ epochs: 2 });
const settled = (): Promise<true> => until(announcedBy(sandbox), async () => ((await tickets()) > 0 ? true : null));

/** What the claim moved into the wallet, from the chain. */
async function movedBy(digest: string, wallet: string | null): Promise<bigint> {
  const result = await client().getTransaction({ digest, include: { balanceChanges: true } });
  const changes = (result.Transaction ?? result.FailedTransaction)?.balanceChanges ?? [];
  return changes.filter((change) => change.address === wallet && change.coinType === sandbox.info.coin.type).reduce((sum, change) => sum + BigInt(change.amount), 0n);
}

/** Starts the node again here, on the same data folder, and lets it come to its claim. */
async function finish(boundary: Boundary): Promise<LedgerEntry[]> {
  const again = await openNode({ dataDir: inData(), profile: sandbox.profile });
  node = again;
  await again.secure.unlock(passphrase);
  if (failing.includes(boundary as CrashPoint)) {
    await until(announcedBy(sandbox), () => (attempts()[0]?.state === 'failed' ? true : null));
    request();
  }
  await settled();
  if (!boundary.startsWith('claim_')) skipWindow();
  // Saved policies make the node look at once, where it would look within a second by itself.
  await again.handlers['settings.policies']({ policies: (await again.handlers['settings.get']({})).policies });
  const claimEntries = async (): Promise<LedgerEntry[]> => (await again.handlers['ledger.list']({ limit: 500, before: null })).filter((entry) => entry.kind === 'claim');
  return until([again.onTopic], async () => {
    const [stack] = await again.handlers['stacks.list']({}).catch(() => []);
    const entries = await claimEntries();
    return stack?.phase === 'claimed' && entries.length > 0 ? entries : null;
  });
}

const before: CrashPoint[] = ['received', 'accepted', 'decrypting', 'executing', 'proving', 'sealed'];
const after: CrashPoint[] = ['recorded', 'result_sent', 'ack_received', 'acknowledged'];
const failing: CrashPoint[] = ['failure_recorded', 'failure_sent'];
const settling = laneBoundaries.map((boundary): LaneCrashPoint => `settle_${boundary}`);
const claiming = laneBoundaries.map((boundary): LaneCrashPoint => `claim_${boundary}`);

const accepted = { state: 'done', code: null, entry_index: 0n, compute_units: expect.any(BigInt) };
const failed = (code: string) => ({ state: 'failed', code, entry_index: null, compute_units: null });

/** Attempts, settlements and claims as they stand when the node is dead. */
const whenDead = (boundary: Boundary): { attempts: number; tickets: number; claims: number } => ({
  attempts: 1,
  tickets: boundary.startsWith('claim_') || (boundary.startsWith('settle_') && boundary !== 'settle_stored') ? 1 : 0,
  claims: boundary.startsWith('claim_') && boundary !== 'claim_stored' ? 1 : 0,
});

async function play(boundary: Boundary): Promise<void> {
  request(failing.includes(boundary as CrashPoint) ? 10 : budget);
  await Promise.all([runUntilKilled(boundary), boundary.startsWith('claim_') ? settled().then(skipWindow) : null]);
  expect({ attempts: attempts().length, tickets: await tickets(), claims: await claims() }).toEqual(whenDead(boundary));

  const entries = await finish(boundary);
  const expected = before.includes(boundary as CrashPoint) ? [failed('internal'), accepted] : failing.includes(boundary as CrashPoint) ? [failed('bad_payload'), accepted] : [accepted];
  const done = attempts();
  expect(done).toEqual(expected);
  const units = done.at(-1)?.compute_units as bigint;
  expect(units).toBeGreaterThan(0n);
  expect(sandbox.coordinator.stackUse(stackSmallId)).toMatchObject({ acceptedUnits: units, lockedUnits: 0n });
  expect([await tickets(), await claims()]).toEqual([1, 1]);
  expect(entries.map((entry) => [entry.stackSmallId, entry.amount])).toEqual([[stackSmallId, units * price]]);
  expect(await movedBy(entries[0]?.digest ?? '', node?.secure.keys().walletAddress ?? null)).toBe(units * price);
}

it('the table names every boundary', () => expect([...before, ...after, ...failing].sort()).toEqual([...crashPoints].sort()));
it.each(before)('killed at %s: one failure report without units, then one result, settled and claimed once', play);
it.each(after)('killed at %s: one result, settled and claimed once', play);
it.each(failing)('killed at %s: one failure report without units, then one result, settled and claimed once', play);
it.each([...settling, ...claiming])('killed at %s: one result, settled and claimed once', play);
