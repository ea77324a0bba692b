/** A stack that is not found is given time, then gone, and comes back when it is found after all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { G1, type AtomaDb, type Stack } from '../../src-shared/atoma/index.ts';
import { silentLogger } from '../log/logger.ts';
import { createChainStore } from '../store/chain-store.ts';
import { openStore, type Store } from '../store/open.ts';
import type { Reads } from './reads.ts';
import { createStackFacts } from './stack-facts.ts';

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
  const reads = { stacks: async () => [found], tickets: async () => [null] } as Partial<Reads> as Reads;
  const tables = createChainStore(store);
  const facts = createStackFacts({ store: tables, reads, nodeSmallId: () => 9n, samplingConsensus: () => false, underWay: () => [], now: () => nowMs });
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
  const reads = { stacks: async () => [stack], tickets: async () => [null] } as Partial<Reads> as Reads;
  const tables = createChainStore(store);
  const facts = createStackFacts({ store: tables, reads, nodeSmallId: () => 9n, samplingConsensus: () => false, underWay: () => [], now: () => nowMs });
  await facts.refreshStack(1n, {} as AtomaDb, G1);
  tables.stacks.setState(1n, 'settled', { settleDigest: 'd' });
  await facts.refreshUnfinished({} as AtomaDb, G1);
  expect(tables.stacks.get(1n)?.state).toBe('settled');
});
