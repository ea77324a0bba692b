/** A stack that is not found is given time, then gone, and comes back when it is found after all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { G1, type AtomaDb, type Stack, type StackSettlementTicket } from '../../src-shared/atoma/index.ts';
import { silentLogger } from '../log/logger.ts';
import { createChainStore } from '../store/chain-store.ts';
import { openStore, type Store } from '../store/open.ts';
import type { Presence, Reads } from './reads.ts';
import { createStackFacts } from './stack-facts.ts';

const nothing: Presence = { tasks: new Map(), nodes: new Map() };
let dataDir = '';
let store: Store;
let nowMs = 1_000;
let found: Stack | null = { owner: '0x1', price: 2n, numComputeUnits: 3n, selectedNodeId: 9n, taskSmallId: 4n, isClaimed: false };
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stack-facts-'));
  store = openStore({ dataDir }, { now: () => nowMs, log: silentLogger });
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('waits out a lagging full node before it calls a stack gone', async () => {
  const reads = { stacks: async () => [found], tickets: async () => [null], present: async () => nothing } as Partial<Reads> as Reads;
  const tables = createChainStore(store);
  const facts = createStackFacts({ store: tables, reads, nodeSmallId: () => 9n, samplingConsensus: () => false, knowsTask: () => true, underWay: () => [], now: () => nowMs });
  const db = {} as AtomaDb;
  const present = found;
  expect(await facts.refreshStack(1n, db, G1)).toMatchObject({ mine: true, settling: false });
  found = null;
  await facts.refreshUnfinished(db, G1);
  expect(tables.stacks.get(1n)?.state).toBe('open');
  nowMs += 600_000;
  await facts.refreshUnfinished(db, G1);
  expect(tables.stacks.get(1n)?.state).toBe('gone');
  expect(facts.stack(1n)?.settling).toBe(true);
  found = present;
  await facts.refreshStack(1n, db, G1);
  expect(tables.stacks.get(1n)?.state).toBe('open');
});

it('keeps a stack settled when a lagging full node shows it without its ticket', async () => {
  const stack: Stack = { owner: '0x1', price: 2n, numComputeUnits: 3n, selectedNodeId: 9n, taskSmallId: 4n, isClaimed: false };
  const reads = { stacks: async () => [stack], tickets: async () => [null], present: async () => nothing } as Partial<Reads> as Reads;
  const tables = createChainStore(store);
  const facts = createStackFacts({ store: tables, reads, nodeSmallId: () => 9n, samplingConsensus: () => false, knowsTask: () => true, underWay: () => [], now: () => nowMs });
  await facts.refreshStack(1n, {} as AtomaDb, G1);
  tables.stacks.setState(1n, 'settled', { settleDigest: 'd' });
  await facts.refreshUnfinished({} as AtomaDb, G1);
  expect(tables.stacks.get(1n)?.state).toBe('settled');
});

it.each<[string, Partial<{ task: boolean; nodes: Record<string, boolean>; stack: null; knowsTask: boolean }>, string | null]>([
  ['everything was found', { nodes: { 5: true } }, null],
  ['the task was not found', { task: false }, 'task_removed'],
  ['the task was found when all were read', { task: false, knowsTask: true }, null],
  ['the attestor was not found', { nodes: { 5: false } }, 'attestor_destroyed'],
  ['the attestor was not asked for yet', { nodes: {} }, null],
  ['the stack itself was not found', { task: false, stack: null }, null],
])('says that a stack can never be paid only of what was read to be gone: %s', async (_, { task = true, nodes = { 5: true }, stack, knowsTask = false }, why) => {
  const held: Stack = { owner: '0x1', price: 2n, numComputeUnits: 3n, selectedNodeId: 9n, taskSmallId: 4n, isClaimed: false };
  const ticket: StackSettlementTicket = {
    id: '0x2', stackSmallId: 1n, selectedNodeId: 9n, numClaimedComputeUnits: 3n, requestedAttestationNodes: [5n, 6n, 9n], disputeSettledAtEpoch: 2n,
    committedStackProof: new Uint8Array(), stackMerkleLeavesVector: new Uint8Array(), alreadyAttestedNodes: [5n, 9n], isInDispute: false,
  };
  let shown: Stack | null = held;
  const asked: unknown[] = [];
  const reads = {
    stacks: async () => [shown],
    tickets: async () => [ticket],
    present: async (ids: unknown) => {
      asked.push(ids);
      return { tasks: new Map([[4n, task]]), nodes: new Map(Object.entries(nodes).map(([id, there]) => [BigInt(id), there])) };
    },
  } as Partial<Reads> as Reads;
  const facts = createStackFacts({ store: createChainStore(store), reads, nodeSmallId: () => 9n, samplingConsensus: () => false, knowsTask: () => knowsTask, underWay: () => [], now: () => nowMs });
  await facts.refreshStack(1n, {} as AtomaDb, G1);
  expect(facts.strandedBy(1n)).toBeNull();
  shown = stack === null ? null : held;
  await facts.refreshUnfinished({} as AtomaDb, G1);
  expect(facts.strandedBy(1n)).toBe(why);
  // Only what is in doubt is asked for: the own node is there, and one that did not answer is not needed.
  expect(asked).toEqual([{ tasks: knowsTask ? [] : [4n], nodes: [5n] }]);
});

it('keeps what it knew when the chain does not answer', async () => {
  const held: Stack = { owner: '0x1', price: 2n, numComputeUnits: 3n, selectedNodeId: 9n, taskSmallId: 4n, isClaimed: false };
  let down = true;
  const reads = {
    stacks: async () => [held],
    tickets: async () => [null],
    present: async () => {
      if (down) throw new Error('no answer');
      return { tasks: new Map([[4n, false]]), nodes: new Map<bigint, boolean>() };
    },
  } as Partial<Reads> as Reads;
  const facts = createStackFacts({ store: createChainStore(store), reads, nodeSmallId: () => 9n, samplingConsensus: () => false, knowsTask: () => false, underWay: () => [], now: () => nowMs });
  await facts.refreshStack(1n, {} as AtomaDb, G1);
  await expect(facts.refreshUnfinished({} as AtomaDb, G1)).rejects.toThrow('no answer');
  expect(facts.strandedBy(1n)).toBeNull();
  down = false;
  await facts.refreshUnfinished({} as AtomaDb, G1);
  down = true;
  await expect(facts.refreshUnfinished({} as AtomaDb, G1)).rejects.toThrow('no answer');
  expect(facts.strandedBy(1n)).toBe('task_removed');
});
