/** The commitment of a stack of 100,000 requests: appending, root and leaf, memory, and what settling pays for it in the node (product.md, Budgets; coordinator.md 6). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { committedProof, createStackRoot, stackLeaf } from '../../src-shared/link/proof.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './statistics.ts';

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

/** Milliseconds of the first and the last batch, of root with leaf and proof, and megabytes that stayed. */
function oneStack(collect: () => void): { first: number; last: number; root: number; grownMb: number } {
  const stack = createStackRoot();
  const first = appendBatch(stack);
  collect();
  const before = process.memoryUsage();
  let last = 0;
  while (stack.count < entryCount) last = appendBatch(stack);
  collect();
  const after = process.memoryUsage();
  const startedAt = performance.now();
  const root = stack.root();
  stackLeaf(0, root);
  committedProof(root, 2);
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return { first, last, root: performance.now() - startedAt, grownMb: Math.max(0, grown) / bytesPerMb };
}

export const commitment: Benchmark = {
  name: 'commitment',
  run: async () => {
    const collect = collector();
    oneStack(collect);
    const runs = Array.from({ length: rounds }, () => oneStack(collect));
    const of = (key: keyof (typeof runs)[number]): number => median(runs.map((run) => run[key]));
    return [
      { name: 'commitment: last 10,000 appends of 100,000 against the first 10,000', value: of('last'), unit: 'ms', reference: of('first'), budget: 1.5, of: 'ratio', direction: 'below', note: '' },
      { name: 'commitment: root and leaf of 100,000 requests', value: of('root'), unit: 'ms', reference: null, budget: 200, of: 'value', direction: 'below', note: '' },
      { name: 'commitment: memory kept between 10,000 and 100,000 requests', value: of('grownMb'), unit: 'MB', reference: null, budget: 1, of: 'value', direction: 'below', note: '' },
    ];
  },
};
