/** Tests of the test at load: what it finds on the committed model, on engines that round, err or fail when rows share a run, and on graphs that give out the whole cache. */
import { join } from 'node:path';
import type { Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from './decode-loop.ts';
import { createDecoder } from './decoder.ts';
import { type DecodeModel, loadDecodeModel } from './loaded-model.ts';
import type { AddedEntries } from './onnx-graph.ts';
import { nearlySame, probeBatching } from './probe-batching.ts';
import { argmax } from './sampler.ts';

let model: DecodeModel;
beforeAll(async () => (model = await loadDecodeModel(join(import.meta.dirname, '../../resources/models/sandbox/tiny-chat'), 'cpu')));
afterAll(() => model.session.release());

type Outputs = Record<string, Tensor>;
/** The model with its runs' outputs changed. */
const changed = (change: (outputs: Outputs, feeds: Outputs) => void, inputNames = model.session.inputNames): DecodeModel => {
  const run = async (feeds: Outputs, fetches: string[]): Promise<Outputs> => {
    const outputs = (await model.session.run(feeds, fetches)) as Outputs;
    change(outputs, feeds);
    return outputs;
  };
  return { ...model, session: { run, inputNames } as unknown as DecodeModel['session'] };
};
const rowsOf = (feeds: Outputs): number => feeds['input_ids']?.dims[0] as number;
const logitsOf = (outputs: Outputs): Float32Array => outputs['logits']?.data as Float32Array;

describe('probeBatching', () => {
  it('finds that this graph understands padding', async () => expect(await probeBatching(model)).not.toBe('none'));
  it.each<[string, string, (outputs: Outputs, feeds: Outputs) => void]>([
    ['close', 'rounds otherwise when rows share a run', (outputs, feeds) => rowsOf(feeds) > 1 && logitsOf(outputs).forEach((value, i, all) => (all[i] = Math.fround(value * 1.000_01)))],
    ['none', 'errs when rows share a run', (outputs, feeds) => rowsOf(feeds) > 1 && logitsOf(outputs).reverse()],
    ['none', 'gives no numbers', (outputs) => void logitsOf(outputs).fill(Number.NaN)],
    ['none', 'fails when rows share a run', (_, feeds) => { if (rowsOf(feeds) > 1) throw new Error('one row only'); }],
  ])('says %s of an engine that %s', async (found, _, change) => expect(await probeBatching(changed(change))).toBe(found));
  it('says none of a graph that takes no positions', async () => {
    expect(await probeBatching(changed(() => undefined, model.session.inputNames.filter((name) => name !== 'position_ids')))).toBe('none');
  });
});

describe('a graph that gives out the whole cache', () => {
  const giving = (base: DecodeModel, at: AddedEntries['at']): DecodeModel => {
    const cache = model.cache.map((slot) => ({ ...slot, added: { output: slot.present, at } }));
    return { ...base, cache, fetches: ['logits', ...cache.map(({ present }) => present)] };
  };
  /** As GroupQueryAttention lays it out: a row's new entry behind those that its mask counts. */
  const behindTheLength = (outputs: Outputs, feeds: Outputs): void => {
    const mask = feeds['attention_mask'] as Tensor;
    const total = mask.dims[1] as number;
    if ((feeds['input_ids']?.dims[1] as number) > 1) return;
    for (const { present, heads, width } of model.cache) {
      const data = outputs[present]?.data as Float32Array | undefined;
      for (let row = 0; data && row < rowsOf(feeds); row++) {
        const length = (mask.data as BigInt64Array).subarray(row * total, (row + 1) * total).reduce((sum, one) => sum + Number(one), 0) - 1;
        for (let head = 0; head < heads; head++) {
          const at = (entry: number): number => ((row * heads + head) * total + entry) * width;
          const added = data.slice(at(total - 1), at(total));
          data.fill(-99, at(total - 1), at(total));
          data.set(added, at(length));
        }
      }
    }
  };
  it.each<[string, () => DecodeModel]>([
    ['with new entries at its end', () => giving(model, 'end')],
    ['with new entries behind the row', () => giving(changed(behindTheLength), 'length')],
  ])('%s: decodes in a batch what a plain loop decodes', async (_, make) => {
    const given = make();
    expect(await probeBatching({ ...given, session: given.session })).not.toBe('none');
    const decoder = createDecoder({ ...given, batching: 'exact' }, { maxRows: 4, cacheBytes: 1e9 });
    const texts = async (run: Pick<typeof decoder, 'decode'>) =>
      Promise.all(
        [30, 41, 7].map(async (length) => {
          const tokens: number[] = [];
          const promptTokens = Array.from({ length }, (__, i) => 3 + ((i * 29) % 200));
          await run.decode({ promptTokens, maxTokens: 25, pick: argmax, onToken: (token) => (tokens.push(token), false), signal: new AbortController().signal });
          return tokens;
        }),
      );
    expect(await texts(decoder)).toEqual(await texts({ decode: (input) => decode(model, input) }));
  });
});

describe('nearlySame', () => {
  it.each([
    [[0, 1, 10], [0.1, 1.1, 9.9], true],
    [[0, 1, 10], [0, 2, 10], false],
    [[0, 1, 10], [0, 1], false],
    [[1, 1, 1], [1, 1, 1], false],
    [[0, Number.NaN, 10], [0, Number.NaN, 10], false],
  ])('%j and %j: %s', (a, b, same) => expect(nearlySame(Float32Array.from(a), Float32Array.from(b))).toBe(same));
});
