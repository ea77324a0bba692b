/** The commitment of a stack of 100,000 requests: appending, root and leaf, memory, and what settling pays for it in the node (product.md, Budgets; coordinator.md 6). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { committedProof, createStackRoot, merkleRoot, stackLeaf } from '../../src-shared/link/proof.ts';
import { silentLogger } from '../../src-main/log/logger.ts';
import { createJobTables } from '../../src-main/store/job-store.ts';
import { openStore } from '../../src-main/store/open.ts';
import type { Benchmark } from './benchmark.ts';
import { fillStack } from './fill-history.ts';
import { interleave, median } from './statistics.ts';

const entryCount = 100_000;
const batch = 10_000;
const rounds = 5;
const bytesPerMb = 1024 * 1024;

/** Entries are hashes: made from their index, so that the list itself does not count as memory. */
function entryAt(index: number): Uint8Array {
  const entry = new Uint8Array(32);
  new DataView(entry.buffer).setUint32(0, index * 2_654_435_761);
  return entry;
}

/** The collector, which Node.js hides without a flag. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function appendBatch(stack: ReturnType<typeof createStackRoot>): number {
  const entries = Array.from({ length: batch }, (_, offset) => entryAt(stack.count + offset));
  const startedAt = performance.now();
  for (const entry of entries) stack.append(entry);
  return performance.now() - startedAt;
}

/** Milliseconds of the first and the last batch, and of root with leaf and proof. */
function oneStack(): { first: number; last: number; root: number } {
  const stack = createStackRoot();
  const first = appendBatch(stack);
  let last = 0;
  while (stack.count < entryCount) last = appendBatch(stack);
  const startedAt = performance.now();
  const root = stack.root();
  stackLeaf(0, root);
  committedProof(root, 2);
  return { first, last, root: performance.now() - startedAt };
}

/** Megabytes that a stack keeps more after its last entry than after its first batch. */
function grownMb(collect: () => void): number {
  const stack = createStackRoot();
  const appendTo = (count: number): number => {
    while (stack.count < count) stack.append(entryAt(stack.count));
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = appendTo(batch);
  return Math.max(0, appendTo(entryCount) - before) / bytesPerMb;
}

/** Milliseconds that the settlement of such a stack takes from its rows: entries in their order, root, leaf and proof. */
async function settling(dataDir: string): Promise<number[]> {
  const store = openStore({ dataDir }, { now: Date.now, log: silentLogger });
  try {
    fillStack(store, 7n, entryCount);
    const { stackWork } = createJobTables(store).work;
    const settle = (): void => {
      const root = merkleRoot(stackWork(7n).entries);
      stackLeaf(0, root);
      committedProof(root, 2);
    };
    return (await interleave(rounds, { settle })).settle;
  } finally {
    store.close();
  }
}

export const commitment: Benchmark = {
  name: 'commitment',
  run: async ({ folder, log }) => {
    oneStack();
    const runs = Array.from({ length: rounds }, oneStack);
    const grown = grownMb(collector());
    log(`settling a stack of ${entryCount} requests from its rows takes ${median(await settling(folder('commitment'))).toFixed(0)} ms`);
    const of = (key: keyof (typeof runs)[number]): number => median(runs.map((run) => run[key]));
    return [
      { name: 'commitment: last 10,000 appends of 100,000 against the first 10,000', value: of('last'), unit: 'ms', reference: of('first'), budget: 1.5, of: 'ratio', direction: 'below', note: '' },
      { name: 'commitment: root and leaf of 100,000 requests', value: of('root'), unit: 'ms', reference: null, budget: 200, of: 'value', direction: 'below', note: '' },
      { name: 'commitment: memory kept between 10,000 and 100,000 requests', value: grown, unit: 'MB', reference: null, budget: 1, of: 'value', direction: 'below', note: '' },
    ];
  },
};
