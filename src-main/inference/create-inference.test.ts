/** Tests of the whole engine with its real process and the committed model: same bits everywhere, streaming, limits, cancel, death, hashes, probes. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { type ChildHandle, type SpawnChild, forkChild } from '../platform/processes.ts';
import { createInference } from './create-inference.ts';
import type { Inference, InferenceRequest } from './types.ts';

const processModule = join(import.meta.dirname, 'process.ts');
const modelRoots = [join(import.meta.dirname, '../../resources/models')];

/** forkChild that remembers what it started, so that a test can end it. */
const children: ChildHandle[] = [];
const spawn: SpawnChild = (...args) => {
  const child = forkChild(...args);
  children.push(child);
  return child;
};
const deps = { spawn, log: silentLogger, now: () => 0, random: () => 0 };
const engineOf = (roots = modelRoots, slots = 4): Inference =>
  createInference({ processModule, modelRoots: roots, slots }, deps);

let inference: Inference;
let model = '';
beforeAll(async () => {
  inference = engineOf();
  model = (await inference.readyModels())[0]?.id ?? 'none';
});
afterAll(() => inference.close());

const none = (): AbortSignal => new AbortController().signal;
const request = (change: Partial<InferenceRequest> = {}): InferenceRequest => ({
  model,
  messages: [{ role: 'user', content: 'Say hello to Ada and Max.' }],
  maxComputeUnits: 400,
  maxOutputTokens: null,
  sampling: { kind: 'greedy' },
  stop: [],
  ...change,
});
const LONG_SEEDS = [6, 9] as const;
/** A long generation: so hot, the model writes noise, and with these seeds it does not end by itself before its 456th token. */
const long = (change: Partial<InferenceRequest> = {}): InferenceRequest =>
  request({
    maxComputeUnits: 500,
    sampling: { kind: 'seeded', seed: LONG_SEEDS[0], temperature: 40, topP: 1 },
    ...change,
  });
/** Everything but the speed. */
const bits = async (work: ReturnType<Inference['run']>) => ({ ...(await work), tokensPerSecond: 0 });

describe('answers', () => {
  it('are the same bits in two runs and in two processes, also at once', async () => {
    const other = engineOf();
    try {
      const [a, b, c, d] = await Promise.all([
        bits(inference.run(request(), { signal: none() })),
        bits(inference.run(request(), { signal: none() })),
        bits(inference.run(long(), { signal: none() })),
        bits(other.run(long(), { signal: none() })),
      ]);
      expect(a).toEqual(b);
      expect(c).toEqual(d);
      expect(await bits(other.run(request(), { signal: none() }))).toEqual(a);
      expect(a.fingerprint).toBe(`onnxruntime-node/1.30.0 cpu ${process.arch} ${model.split('@')[1]}`);
    } finally {
      await other.close();
    }
  });

  it('follow the seed', async () => {
    const seeded = (seed: number) =>
      inference.run(long({ maxOutputTokens: 40, sampling: { kind: 'seeded', seed, temperature: 40, topP: 0.9 } }), {
        signal: none(),
      });
    const [a, b, c] = [await seeded(1), await seeded(1), await seeded(2)];
    expect(a.content).toBe(b.content);
    expect(a.content).not.toBe(c.content);
  });

  it('arrive in pieces that joined equal the content', async () => {
    const deltas: string[] = [];
    const result = await inference.run(long(), { signal: none(), onText: (delta) => deltas.push(delta) });
    expect(deltas.join('')).toBe(result.content);
    expect(deltas.length).toBeGreaterThan(1);
  });

  it('end at a stop string without showing any of it', async () => {
    const whole = await inference.run(request(), { signal: none() });
    const stop = whole.content.slice(6, 9);
    const deltas: string[] = [];
    const cut = await inference.run(request({ stop: ['never', stop] }), {
      signal: none(),
      onText: (d) => deltas.push(d),
    });
    expect(cut.content).toBe(whole.content.slice(0, whole.content.indexOf(stop)));
    expect([deltas.join(''), cut.finishReason]).toEqual([cut.content, 'stop']);
  });

  it('use no more tokens than asked, than the units and than the context leave', async () => {
    const { promptTokens } = await inference.run(request({ maxOutputTokens: 1 }), { signal: none() });
    const counts = async (change: Partial<InferenceRequest>) => {
      const { completionTokens, finishReason } = await inference.run(long(change), { signal: none() });
      return [completionTokens, finishReason];
    };
    expect(await counts({ maxOutputTokens: 5 })).toEqual([5, 'length']);
    expect(await counts({ maxOutputTokens: 50, maxComputeUnits: promptTokens + 7 })).toEqual([7, 'length']);
    expect(await counts({ maxComputeUnits: promptTokens + 1 })).toEqual([1, 'length']);
    expect(await counts({ maxComputeUnits: promptTokens })).toEqual([0, 'length']);
    await expect(counts({ maxComputeUnits: promptTokens - 1 })).rejects.toMatchObject({ code: 'inference.input_too_large' });
    // A weary model may end a little earlier; it can never go on.
    expect((await counts({ maxComputeUnits: 100_000 }))[0]).toBeLessThanOrEqual(512 - promptTokens);
  });
});

describe('refusals', () => {
  it.each([0, 10, 43])('an input over %i units', async (maxComputeUnits) => {
    await expect(inference.run(request({ maxComputeUnits }), { signal: none() })).rejects.toMatchObject({
      code: 'inference.input_too_large',
    });
  });
  it('an input over the context of the model', async () => {
    const messages = [{ role: 'user' as const, content: 'x'.repeat(600) }];
    await expect(inference.run(request({ messages, maxComputeUnits: 5000 }), { signal: none() })).rejects.toMatchObject(
      { code: 'inference.input_too_large' },
    );
  });
  it('a model that is not there', async () => {
    await expect(inference.run(request({ model: 'a/b@0' }), { signal: none() })).rejects.toMatchObject({
      code: 'inference.model_unavailable',
    });
    await expect(inference.load('a/b@0')).rejects.toMatchObject({ code: 'inference.model_unavailable' });
  });
  it('a model whose file was changed: not before loading, and not between listing and loading', async () => {
    const root = mkdtempSync(join(tmpdir(), 'damaged-'));
    const late = engineOf([root]);
    try {
      cpSync(modelRoots[0] as string, root, { recursive: true });
      const [ready] = await late.readyModels();
      const loading = late.load(model);
      // The listing of this load is over when the process has been asked for; the damage comes before the process has started.
      await new Promise<void>((resolve) => late.onStatus(resolve));
      appendFileSync(join(ready?.folder ?? '', 'tokenizer.json'), ' ');
      await expect(loading).rejects.toMatchObject({ code: 'inference.model_unavailable' });
      expect((await late.readyModels()).map(({ id }) => id)).not.toContain(model);
      await expect(late.run(request(), { signal: none() })).rejects.toMatchObject({
        code: 'inference.model_unavailable',
      });
      expect(late.status().loaded).toEqual([]);
    } finally {
      await late.close();
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('cancelling', () => {
  it('rejects with the reason at once, stops the text, and frees the slot', async () => {
    const one = engineOf(modelRoots, 1);
    try {
      const abort = new AbortController();
      const reason = new Error('the buyer left');
      const deltas: string[] = [];
      const run = one.run(long(), {
        signal: abort.signal,
        onText: (delta) => {
          deltas.push(delta);
          abort.abort(reason);
        },
      });
      await expect(run).rejects.toBe(reason);
      const seen = deltas.length;
      const next = await one.run(request(), { signal: none() });
      expect(next.finishReason).toBeDefined();
      expect([deltas.length, seen]).toEqual([1, 1]);
      await expect(one.run(request(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      expect(one.status()).toMatchObject({ running: 0, lastError: null });
    } finally {
      await one.close();
    }
  });
});

describe('a process that dies', () => {
  it('rejects in mid-batch exactly the running requests, each once, and comes back with its model', async () => {
    const mortal = engineOf();
    try {
      await mortal.load(model);
      const victim = children.at(-1) as ChildHandle;
      const outcomes: string[] = [];
      // Killed once the short one, which decodes beside the long ones, is done and a long one has shown text since.
      let shortIsDone = false;
      const shoot = (): void => void (shortIsDone && victim.kill());
      const runs = LONG_SEEDS.map((seed) =>
        mortal
          .run(long({ sampling: { kind: 'seeded', seed, temperature: 40, topP: 1 } }), {
            signal: none(),
            onText: shoot,
          })
          .catch((error: { code: string }) => void outcomes.push(error.code)),
      );
      const short = await mortal.run(request({ maxOutputTokens: 3 }), { signal: none() });
      shortIsDone = true;
      await Promise.all(runs);
      expect(short.completionTokens).toBe(3);
      expect(outcomes).toEqual(['inference.process_died', 'inference.process_died']);
      expect(mortal.status()).toMatchObject({ process: 'restarting', restarts: 1, loaded: [], running: 0 });
      await new Promise<void>((resolve) => mortal.onStatus(() => mortal.status().loaded.length === 1 && resolve()));
      expect(mortal.status()).toMatchObject({ process: 'ready', loaded: [model] });
      expect(await bits(mortal.run(request(), { signal: none() }))).toEqual(
        await bits(inference.run(request(), { signal: none() })),
      );
      expect(outcomes).toHaveLength(2);
    } finally {
      await mortal.close();
    }
  });
});

describe('probing', () => {
  it('says that the processor works, and for every other provider either its speed or why not and what to do', async () => {
    const results = await inference.probe();
    expect(results[0]).toEqual({
      provider: 'cpu',
      ok: true,
      tokensPerSecond: expect.any(Number),
      reason: null,
      remedy: null,
    });
    expect(results.length).toBeGreaterThan(1);
    for (const { ok, tokensPerSecond, reason, remedy } of results) {
      expect([tokensPerSecond !== null, reason === null, remedy === null]).toEqual([ok, ok, ok]);
      if (!ok) expect(reason).toMatch(/\w{3}/);
    }
  });
  it('survives a provider that ends its process', async () => {
    const crashing: SpawnChild = (module, args, options) => {
      const child = forkChild(module, args, options);
      child.onMessage(() => child.kill());
      return child;
    };
    const fragile = createInference({ processModule, modelRoots, slots: 1 }, { ...deps, spawn: crashing });
    const results = await fragile.probe();
    expect(results.map((r) => r.ok)).toEqual(results.map(() => false));
    expect(results[0]?.reason).toContain('The test crashed');
    await fragile.close();
  });
  it('asks for a model where there is none', async () => {
    const empty = engineOf([]);
    expect((await empty.probe())[0]).toMatchObject({ ok: false, reason: expect.stringContaining('There is no model') });
    await empty.close();
  });
});
