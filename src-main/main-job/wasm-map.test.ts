/** A map: functions of one task that come as dispatches of their own run beside each other up to max_parallel_subtasks, take turns with the work of other tasks, and each keeps to its own limit (issue 4, item 9; coordinator.md 3, "Dispatch rules"). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoleResult } from '../../src-shared/link/role-tasks.ts';
import type { DispatchAnswer, JobWasm } from '../job/types.ts';
import { createEchoEngine, model, sealedDispatch, startBenchNode, type BenchNode } from './bench-node.ts';

const body = JSON.stringify({ module: 'AGFzbQEAAAA=', args: [], stdin: '' });
const otherStack = 8;

/** Work that ends when the test says so; `begun` is its order. */
function createHeldWork() {
  const begun: string[] = [];
  const held: { name: string; end(): void }[] = [];
  const watchers = new Set<() => void>();
  let running = 0;
  let most = 0;
  const hold = (name: string): Promise<void> =>
    new Promise((done) => {
      begun.push(name);
      most = Math.max(most, (running += 1));
      held.push({ name, end: () => done(void (running -= 1)) });
      watchers.forEach((look) => look());
    });
  return {
    begun,
    hold,
    most: () => most,
    /** Resolves when so many have begun. */
    reached: (count: number): Promise<void> =>
      new Promise((done) => {
        const look = (): void => (begun.length < count ? undefined : void (watchers.delete(look), done()));
        watchers.add(look);
        look();
      }),
    endFirst: (): void => held.shift()?.end(),
    endAll: (): void => held.splice(0).forEach(({ end }) => end()),
  };
}

let dataDir = '';
let node: BenchNode;
let work: ReturnType<typeof createHeldWork>;
let budgets: bigint[];
/** What a function used, in millions of instructions. */
let usedUnits = 1n;

const wasm: JobWasm = {
  run: async ({ taskSmallId, maxComputeUnits }) => {
    budgets.push(maxComputeUnits);
    await work.hold(`call of ${taskSmallId}`);
    return { exitCode: 0, stdout: '', stderr: '', trap: null, instructions: usedUnits * 1_000_000n, fingerprint: 'wasm/1 metered any 0123456789ab' };
  },
};
const perform = async (request: { kind: string; inputs?: readonly unknown[] }): Promise<RoleResult> => {
  await work.hold('part of 2');
  return { kind: 'embed', vectors: (request.inputs ?? []).map(() => Float32Array.of(1)), promptTokens: 1, fingerprint: 'f' };
};

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wasm-map-'));
  [work, budgets, usedUnits] = [createHeldWork(), [], 1n];
  node = startBenchNode({ dataDir, wasm, engine: { ...createEchoEngine(), perform } });
  node.facts.workloadClasses = ['ai.embedding', 'wasm.run'];
  node.stacks.set(BigInt(otherStack), { taskSmallId: 2n, numComputeUnits: 1_000n, settling: false, mine: true, samplingConsensus: false });
});
afterEach(async () => {
  work.endAll();
  await node.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const send = async (change: object = {}): Promise<DispatchAnswer['kind'] | string> => {
  const dispatch = await sealedDispatch('', { body, workload_class: 'wasm.run', model: '', ...change });
  const answers: DispatchAnswer[] = [];
  await node.jobs.dispatch(dispatch, { draining: false }, (answer) => answers.push(answer));
  const [answer] = answers;
  return answer?.kind === 'declined' ? answer.code : (answer?.kind ?? 'nothing');
};
const batch = (inputs: number): object => ({ body: JSON.stringify({ input: Array.from({ length: inputs }, () => 'x') }), workload_class: 'ai.embedding', model, task_small_id: 2, stack_small_id: otherStack });

/** Lets the loop turn until it is so. */
async function turnsUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((turn) => setImmediate(turn));
}

describe('functions of one task', () => {
  it('run beside each other up to max_parallel_subtasks; what is more is declined and taken when there is room', async () => {
    node.facts.maxParallel = 3;
    expect([await send(), await send(), await send(), await send()]).toEqual(['accepted', 'accepted', 'accepted', 'busy']);
    await work.reached(3);
    expect(work.most()).toBe(3);
    work.endFirst();
    // Its answer is recorded, and the slot is free.
    await turnsUntil(() => node.jobs.running().length === 2);
    expect(await send()).toBe('accepted');
    await work.reached(4);
    work.endAll();
    await node.jobs.idle();
    expect([work.most(), work.begun.length]).toEqual([3, 4]);
  });

  it('take turns with the parts of another task that came first and has more of them', async () => {
    node.facts.maxParallel = 2;
    expect(await send(batch(16 * 5))).toBe('accepted');
    await work.reached(2);
    expect(await send()).toBe('accepted');
    // Opened, it waits for its turn.
    await turnsUntil(() => node.jobs.running().every(({ taskId }) => node.tables.rows.find(taskId)?.stage === 'executing'));
    expect(work.begun).toEqual(['part of 2', 'part of 2']);
    work.endFirst();
    await work.reached(3);
    // Three parts of the batch came before it.
    expect(work.begun[2]).toBe('call of 1');
    for (let count = 4; count <= 6; count += 1) {
      work.endFirst();
      await work.reached(count);
    }
    work.endAll();
    await node.jobs.idle();
    expect([work.most(), work.begun.filter((name) => name === 'part of 2').length]).toEqual([2, 5]);
  });

  it('keep to the limit of each dispatch, and together to the stack: locked while they run, counted by what they used', async () => {
    node.facts.maxParallel = 8;
    expect([await send({ max_compute_units: 600 }), await send({ max_compute_units: 401 }), await send({ max_compute_units: 400 })]).toEqual(['accepted', 'stack_exhausted', 'accepted']);
    // The other task has a stack of its own.
    expect(await send({ task_small_id: 2, stack_small_id: otherStack, max_compute_units: 1_000 })).toBe('accepted');
    await work.reached(3);
    expect(budgets).toEqual([600n, 400n, 1_000n]);
    expect(await send({ max_compute_units: 1 })).toBe('stack_exhausted');
    usedUnits = 7n;
    work.endAll();
    await node.jobs.idle();
    // Two functions took 7 of the 1,000 units each.
    expect(await send({ max_compute_units: 987 })).toBe('stack_exhausted');
    expect(await send({ max_compute_units: 986 })).toBe('accepted');
    await work.reached(4);
  });
});
