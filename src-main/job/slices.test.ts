/** Parts of several tasks beside each other: slots, order, failure, cancel; and a batch of embeddings that is put together again. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors.ts';
import type { RoleRequest, RoleResult } from '../../src-shared/link/role-tasks.ts';
import { performSliced } from './sliced-embedding.ts';
import { createSlices, type Parts } from './slices.ts';

/** Parts that end when the test says so. */
function createWork() {
  const running = new Map<string, { resolve(): void; reject(error: Error): void; signal: AbortSignal }>();
  const begun: string[] = [];
  let most = 0;
  const part = (name: string) => (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      begun.push(name);
      const end = (settle: () => void) => () => (running.delete(name), settle());
      running.set(name, { resolve: end(() => resolve(name)), reject: (error) => end(() => reject(error))(), signal });
      most = Math.max(most, running.size);
    });
  const parts = (task: string, count: number): Parts<string> => Array.from({ length: count }, (_, index) => part(`${task}${index}`)) as unknown as Parts<string>;
  /** What follows an ending has followed when this resolves. */
  const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
  return { running, begun, parts, most: () => most, settled };
}
const calm = new AbortController().signal;

describe('slices', () => {
  it('run up to the slots at once, give results in order, and take turns between tasks', async () => {
    const { running, begun, parts, most, settled } = createWork();
    const slices = createSlices({ slots: () => 2 });
    const big = slices.run(1n, parts('a', 4), calm);
    const small = slices.run(2n, parts('b', 1), calm);
    expect(begun).toEqual(['a0', 'a1']);
    running.get('a1')!.resolve();
    await settled();
    // The other task goes first, though three parts of the first one came before it.
    expect(begun).toEqual(['a0', 'a1', 'b0']);
    while (running.size > 0) {
      [...running.values()].forEach(({ resolve }) => resolve());
      await settled();
    }
    expect([await big, await small, most()]).toEqual([['a0', 'a1', 'a2', 'a3'], ['b0'], 2]);
  });

  it('begin no further part of a request of which one failed, stop those that run, and go on with the others', async () => {
    const { running, begun, parts, settled } = createWork();
    const slices = createSlices({ slots: () => 2 });
    const failing = slices.run(1n, parts('a', 4), calm);
    const same = slices.run(1n, parts('c', 1), calm);
    const [first, second] = [running.get('a0')!, running.get('a1')!];
    first.reject(new AppError('inference.model_failed'));
    await expect(failing).rejects.toMatchObject({ code: 'inference.model_failed' });
    expect([second.signal.aborted, begun.includes('a2')]).toEqual([true, false]);
    second.resolve();
    await settled();
    running.get('c0')!.resolve();
    expect([await same, begun]).toEqual([['c0'], ['a0', 'a1', 'c0']]);
  });

  it('end with the reason of a cancel, also before anything began', async () => {
    const { running, begun, parts, settled } = createWork();
    const slices = createSlices({ slots: () => 1 });
    const control = new AbortController();
    const cancelled = slices.run(1n, parts('a', 3), control.signal);
    const waiting = slices.run(2n, parts('b', 1), control.signal);
    control.abort(new Error('stopped'));
    await expect(cancelled).rejects.toThrow('stopped');
    await expect(waiting).rejects.toThrow('stopped');
    await expect(slices.run(3n, parts('c', 1), control.signal)).rejects.toThrow('stopped');
    running.get('a0')!.resolve();
    await settled();
    expect([begun, running.size]).toEqual([['a0'], 0]);
  });
});

describe('a batch of embeddings', () => {
  const request = (count: number, maxComputeUnits = 10_000): RoleRequest => ({ kind: 'embed', inputs: Array.from({ length: count }, (_, index) => `text ${index}`), dimensions: null, model: 'm@1', maxComputeUnits });
  const setUp = () => {
    const asked: number[] = [];
    let running = 0;
    let most = 0;
    const perform = async (part: RoleRequest): Promise<RoleResult> => {
      if (part.kind !== 'embed') throw new Error('not asked for');
      asked.push(part.inputs.length);
      most = Math.max(most, (running += 1));
      await new Promise((done) => setImmediate(done));
      running -= 1;
      return { kind: 'embed', vectors: part.inputs.map((input) => Float32Array.of(Number(String(input).split(' ')[1]))), promptTokens: part.inputs.length * 2, fingerprint: 'f' };
    };
    return { asked, most: () => most, deps: { perform, slices: createSlices({ slots: () => 3 }) } };
  };

  it.each([1, 16, 17, 100])('of %d inputs is put together as one run would give it', async (count) => {
    const { asked, most, deps } = setUp();
    const result = await performSliced(request(count), 1n, deps, { signal: calm });
    expect(result).toEqual({ kind: 'embed', vectors: Array.from({ length: count }, (_, index) => Float32Array.of(index)), promptTokens: count * 2, fingerprint: 'f' });
    expect([asked.reduce((sum, one) => sum + one, 0), Math.max(...asked) <= 16, most()]).toEqual([count, true, Math.min(3, Math.ceil(count / 16))]);
  });

  it('is refused as soon as its parts together are over the budget', async () => {
    const { asked, deps } = setUp();
    await expect(performSliced(request(400, 100), 1n, deps, { signal: calm })).rejects.toMatchObject({ code: 'inference.input_too_large' });
    expect(asked.length).toBeLessThan(10);
  });

  it('is the only work that is cut', async () => {
    const { asked, deps } = setUp();
    const heard: RoleResult = { kind: 'hear', text: 'x', units: 1, fingerprint: 'f' };
    expect(await performSliced({ kind: 'hear', audio: '', language: null, model: 'm@1', maxComputeUnits: 1 }, 1n, { ...deps, perform: async () => heard }, { signal: calm })).toBe(heard);
    expect(asked).toEqual([]);
  });
});
