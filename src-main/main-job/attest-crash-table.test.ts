/** The crash table of attesting: the whole node killed at every boundary between the first verdict and the booked answer, started again, and in the end one attestation, agreeing, with its transaction (architecture.md, "Tests"; coordinator.md 7; protocol.md 6.4: "Duplicate attestation by one node is not refused: it counts twice"). */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AttestationView } from '../../src-shared/bridge/attestation-calls.ts';
import { attestBoundaries, laneBoundaries } from '../core/crash-points.ts';
import type { ConsoleNode } from '../console-node.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { announcedBy, chainClient, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, sign, until } from '../testing/whole-node.ts';

/** The task under sampling consensus. */
const taskSmallId = 2n;
const stackSmallId = 1n;
const requests = 2;
type Who = 'worker' | 'attestor';

/** A settled stack of one node whose ticket names another one that was not there yet: made once, copied for each case. */
let template = '';
let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode | null = null;
const numbers: Record<Who, bigint> = { worker: 0n, attestor: 0n };
/** The buyer's purchase falls to the worker, the one place of the settlement to the attestor. */
const draws = (() => {
  let next: Who = 'worker';
  return {
    pick: (candidates: readonly bigint[]): number => candidates.indexOf(numbers[next]),
    permille: (): bigint => {
      next = 'attestor';
      return 1n;
    },
    nonce: () => 1n,
  };
})();

const folderOf = (who: Who): string => join(folder, who);
const client = () => chainClient(sandbox);
const openNetwork = (): Promise<Sandbox> => openSandbox(join(folder, 'network'), 'G1', undefined, draws);
const open = async (who: Who): Promise<ConsoleNode> => {
  const opened = await openNode({ dataDir: folderOf(who), profile: sandbox.profile });
  await opened.secure.unlock(passphrase);
  return opened;
};
const eventsOf = async (name: 'StackTrySettleEvent' | 'NewStackSettlementAttestationEvent' | 'StackSettlementTicketEvent' | 'StackAttestationDisputeEvent'): Promise<number> =>
  (await client().listEvents({ filter: { eventType: `${sandbox.info.packageId}::db::${name}` } })).events.length;

/** Makes a node with keys, registered and subscribed; it stays open. */
async function openJoined(who: Who): Promise<ConsoleNode> {
  await makeVault(folderOf(who));
  markStarted(folderOf(who), sandbox.profile.id, { autoSettle: false });
  const opened = await open(who);
  await opened.handlers['setup.faucet']({});
  await sign(opened, { kind: 'register' });
  await sign(opened, { kind: 'subscribe', taskSmallId, price: 80n, maxComputeUnits: 1_000_000n });
  numbers[who] = (await opened.handlers['node.get']({})).nodeSmallId ?? 0n;
  return opened;
}

beforeAll(async () => {
  template = folder = mkdtempSync(join(tmpdir(), 'attest-crash-'));
  sandbox = await openNetwork();
  await (await openJoined('attestor')).stop('now');
  const worker = await openJoined('worker');
  const buyer = openBuyer(sandbox);
  await sandbox.control.setAttestations({ probabilityPermille: 1_000, extraNodes: 1 });
  await buyer.buyStack({ taskSmallId, units: 400n, price: 100n, samplingConsensus: true });
  await sandbox.coordinator.openStack(stackSmallId);
  for (let number = 0; number < requests; number += 1) {
    const body = JSON.stringify({ messages: [{ role: 'user', content: `How many letters has cup number ${number}?` }], max_tokens: 24 });
    sandbox.coordinator.submit({ stackSmallId, body, replyTo: null, maxComputeUnits: 120, windowMs: 60_000, stream: false });
    await until(announcedBy(sandbox), () => (sandbox.coordinator.totals().accepted === number + 1 ? true : null));
  }
  const { policies } = await worker.handlers['settings.get']({});
  await worker.handlers['settings.policies']({ policies: { ...policies, autoSettle: true, settleAtPercent: 1 } });
  await until(announcedBy(sandbox), async () => ((await eventsOf('StackTrySettleEvent')) > 0 ? true : null));
  await worker.stop('now');
  await sandbox.stop();
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attest-crash-'));
  cpSync(template, folder, { recursive: true });
  chmodSync(join(folderOf('attestor'), 'keys'), 0o700);
  sandbox = await openNetwork();
});
afterEach(async () => {
  await node?.stop('now');
  node = null;
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Boundary = `attest_${(typeof attestBoundaries)[number] | (typeof laneBoundaries)[number]}`;
/** Starts the attestor in a process of its own; resolves when it was killed at the boundary. */
function runUntilKilled(crashAt: Boundary): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'node-crash-child.ts')], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`the node ended by itself: ${code}`))));
    child.send({ dataDir: folderOf('attestor'), profile: sandbox.profile, crashAt });
  });
}

const beforeSending: Boundary[] = [...attestBoundaries.filter((boundary) => boundary !== 'answered').map((boundary): Boundary => `attest_${boundary}`), 'attest_stored'];
const afterSending: Boundary[] = ['attest_submitted', 'attest_effects', 'attest_answered'];

async function play(boundary: Boundary): Promise<void> {
  await runUntilKilled(boundary);
  expect(await eventsOf('NewStackSettlementAttestationEvent')).toBe(afterSending.includes(boundary) ? 1 : 0);

  const again = await open('attestor');
  node = again;
  const attested = await until<AttestationView>([again.onTopic], async () => {
    // The chain is not read at once after a start.
    const list = await again.handlers['attestations.list']({}).catch(() => null);
    return list?.asked.find((one) => one.phase === 'attested' && one.digest !== null) ?? null;
  });
  expect(attested).toMatchObject({ stackSmallId, done: requests, total: requests, differing: 0, strangers: 0, attested: [numbers.attestor] });
  expect([await eventsOf('NewStackSettlementAttestationEvent'), await eventsOf('StackSettlementTicketEvent'), await eventsOf('StackAttestationDisputeEvent')]).toEqual([1, 1, 0]);
  const { Transaction: sent } = await client().getTransaction({ digest: attested.digest ?? '', include: { events: true } });
  expect(sent?.events.map(({ eventType }) => eventType.split('::').at(-1))).toContain('NewStackSettlementAttestationEvent');
}

it('the table names every boundary', () => expect([...beforeSending, ...afterSending].sort()).toEqual([...attestBoundaries, ...laneBoundaries].map((boundary) => `attest_${boundary}`).sort()));
it.each(beforeSending)('killed at %s: nothing was sent; one attestation afterwards', play);
it.each(afterSending)('killed at %s: the chain has it; nothing is sent again', play);
