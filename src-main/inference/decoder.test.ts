/** Batches of the committed model against each request alone, bit for bit: random joins, leaves, stops, seeds and cancels; and what happens when a run fails. */
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Decoder, createDecoder } from './decoder.ts';
import { decode } from './decode-loop.ts';
import { type DecodeModel, loadDecodeModel } from './loaded-model.ts';
import { probeBatching } from './probe-batching.ts';
import { type Logits, createPicker } from './sampler.ts';
import type { Sampling } from './types.ts';

const folder = join(import.meta.dirname, '../../resources/models/sandbox/tiny-chat');
let model: DecodeModel;
beforeAll(async () => {
  const loaded = await loadDecodeModel(folder, 'cpu');
  model = { ...loaded, batching: await probeBatching(loaded) };
});
afterAll(() => model.session.release());

const limits = { maxRows: 8, cacheBytes: 1e9 };
const never = new AbortController().signal;

type Ask = { prompt: number; seed: number; greedy: boolean; max: number; stopAfter: number; exact: boolean };
const asks = fc.record({
  prompt: fc.integer({ min: 1, max: 330 }),
  seed: fc.integer({ min: 0, max: 0xffff }),
  greedy: fc.boolean(),
  max: fc.integer({ min: 1, max: 40 }),
  stopAfter: fc.integer({ min: 1, max: 60 }),
  exact: fc.boolean(),
});
const promptOf = ({ prompt, seed }: Ask): number[] => Array.from({ length: prompt }, (_, i) => 3 + ((i * 31 + seed * 7) % 250));

/** What a request saw: each position's logits, byte by byte, and its tokens. */
type Seen = { logits: Buffer[]; tokens: number[]; end: string };
async function run(decoder: Pick<Decoder, 'decode'>, ask: Ask, signal = never, onToken?: (made: number) => void): Promise<Seen> {
  const sampling: Sampling = ask.greedy ? { kind: 'greedy' } : { kind: 'seeded', seed: ask.seed, temperature: 1.5, topP: 0.95 };
  const pick = createPicker(sampling);
  const seen: Seen = { logits: [], tokens: [], end: '' };
  const decoded = await decoder.decode({
    promptTokens: promptOf(ask),
    maxTokens: ask.max,
    // A processor that cannot keep bits in a batch keeps them for those who ask for it.
    exact: ask.exact || model.batching === 'close',
    pick: (logits: Logits) => {
      seen.logits.push(Buffer.from(Buffer.from(logits.data.buffer, logits.data.byteOffset + 4 * logits.offset, 4 * logits.length)));
      return pick(logits);
    },
    onToken: (token) => {
      seen.tokens.push(token);
      onToken?.(seen.tokens.length);
      return seen.tokens.length >= ask.stopAfter;
    },
    signal,
  });
  return { ...seen, end: `${decoded.end} ${decoded.tokens}` };
}

describe('a batch', () => {
  it('may share its runs on this processor', () => expect(model.batching).not.toBe('none'));

  it('gives everybody the bits of running alone, whoever joins and leaves', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ ask: asks, after: fc.integer({ min: 0, max: 30 }) }), { minLength: 2, maxLength: 10 }), async (plan) => {
        const together = createDecoder(model, limits);
        // The first sets the pace: the others come when it has made so many tokens, or when it is done.
        const pace: Ask = { ...(plan[0] as { ask: Ask }).ask, max: 40, stopAfter: 60 };
        const waiting = plan.slice(1).map(({ ask, after }) => ({ ask, after, begin: () => undefined as void }));
        const others = waiting.map((one) => new Promise<void>((resolve) => (one.begin = resolve)).then(() => run(together, one.ask)));
        const release = (made: number): void => waiting.forEach(({ after, begin }) => after <= made && begin());
        release(0);
        const first = await run(together, pace, never, release);
        release(Infinity);
        const seen = [first, ...(await Promise.all(others))];
        for (const [i, ask] of [pace, ...waiting.map((one) => one.ask)].entries()) {
          expect(seen[i]).toEqual(await run(createDecoder(model, limits), ask));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('chooses what an unpadded loop chooses', async () => {
    const ask: Ask = { prompt: 44, seed: 5, greedy: true, max: 120, stopAfter: 1_000, exact: true };
    expect((await run(createDecoder(model, limits), ask)).tokens).toEqual((await run({ decode: (input) => decode(model, input) }, ask)).tokens);
  });

  it('goes on without whoever is cancelled, waiting or running', async () => {
    const decoder = createDecoder(model, { ...limits, maxRows: 2 });
    const ask: Ask = { prompt: 20, seed: 1, greedy: false, max: 40, stopAfter: 99, exact: false };
    const [one, two] = [new AbortController(), new AbortController()];
    const stays = run(decoder, ask);
    const runs = run(decoder, { ...ask, seed: 2 }, one.signal, (made) => made === 3 && one.abort(new Error('running')));
    const waits = run(decoder, { ...ask, seed: 3 }, two.signal);
    two.abort(new Error('waiting'));
    await expect(waits).rejects.toThrow('waiting');
    await expect(runs).rejects.toThrow('running');
    expect(await stays).toEqual(await run(createDecoder(model, limits), ask));
    await expect(run(decoder, ask, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('waits for memory and serves everybody in the end', async () => {
    const decoder = createDecoder(model, { maxRows: 8, cacheBytes: model.bytesPerEntry * 200 });
    const ask: Ask = { prompt: 40, seed: 1, greedy: false, max: 12, stopAfter: 99, exact: false };
    const alone = await run(createDecoder(model, limits), ask);
    expect(await Promise.all(Array.from({ length: 6 }, () => run(decoder, ask)))).toEqual(Array(6).fill(alone));
  });

  it('fails exactly those whose run failed, and serves the next', async () => {
    let failing = false;
    const session = { ...model.session, inputNames: model.session.inputNames, run: ((...args: Parameters<typeof model.session.run>) => (failing ? Promise.reject(new Error('the device was lost')) : model.session.run(...args))) as typeof model.session.run };
    const decoder = createDecoder({ ...model, session: session as unknown as DecodeModel['session'] }, limits);
    const ask: Ask = { prompt: 20, seed: 1, greedy: false, max: 40, stopAfter: 99, exact: false };
    const outcomes = await Promise.allSettled([run(decoder, ask), run(decoder, { ...ask, seed: 2 }), run(decoder, { ...ask, seed: 3 }, never, (made) => (failing = made >= 5))]);
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : outcome.status))).toEqual(Array(3).fill('Error: the device was lost'));
    failing = false;
    expect(await run(decoder, ask)).toEqual(await run(createDecoder(model, limits), ask));
  });

  it('keeps numbers that are none from its neighbours', async () => {
    const decoder = createDecoder(model, limits);
    const ask: Ask = { prompt: 20, seed: 1, greedy: true, max: 40, stopAfter: 99, exact: false };
    const broken = decoder.decode({ promptTokens: promptOf(ask), maxTokens: 9, pick: () => -1, onToken: () => false, signal: never });
    const stays = run(decoder, { ...ask, greedy: false });
    await expect(broken).rejects.toThrow('no numbers');
    expect(await stays).toEqual(await run(createDecoder(model, limits), { ...ask, greedy: false }));
  });

  it('runs an exact request by itself where sharing changes bits, and everybody where it cannot be shared at all', async () => {
    const widths: number[] = [];
    const counting = { ...model.session, inputNames: model.session.inputNames, run: ((feeds: Record<string, { dims: readonly number[] }>, ...rest: unknown[]) => {
      widths.push(feeds['input_ids']?.dims[0] as number);
      return (model.session.run as (...args: unknown[]) => unknown)(feeds, ...rest);
    }) as unknown as typeof model.session.run };
    const session = counting as unknown as DecodeModel['session'];
    const ask: Ask = { prompt: 20, seed: 1, greedy: false, max: 10, stopAfter: 99, exact: true };
    const widest = async (batching: DecodeModel['batching'], exact: boolean): Promise<number> => {
      widths.length = 0;
      const decoder = createDecoder({ ...model, session, batching }, limits);
      await Promise.all([run(decoder, { ...ask, exact }), run(decoder, { ...ask, exact, seed: 2 })]);
      return Math.max(...widths);
    };
    expect([await widest('close', true), await widest('close', false), await widest('exact', true), await widest('none', false)]).toEqual([1, 2, 2, 1]);
  });
});
