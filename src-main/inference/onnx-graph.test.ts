/** Tests of the graph rewriting on the committed model and on files that are none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exposeNewEntries } from './onnx-graph.ts';
import { loadOrt } from './runtime.ts';

const file = readFileSync(join(import.meta.dirname, '../../resources/models/sandbox/tiny-chat/onnx/model.onnx'));

/** A field with a payload, as protobuf writes it. */
const field = (number: number, ...payload: (Uint8Array | number[] | string)[]): Uint8Array => {
  const bytes = Buffer.concat(payload.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, Math.floor(bytes.length / 128)];
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), bytes]);
};
const node = (kind: string, inputs: string[], outputs: string[]): Uint8Array =>
  field(1, ...inputs.map((name) => field(1, name)), ...outputs.map((name) => field(2, name)), field(4, kind));
const cacheInput = (name: string, type: number): Uint8Array => field(11, field(1, name), field(2, field(1, [8, type])));
const names = ['past_key_values.0.key', 'past_key_values.0.value'] as const;

describe('exposeNewEntries', () => {
  it('adds one output for each cache tensor, and the file still opens', async () => {
    const { file: changed, added } = exposeNewEntries(file);
    expect([...added.values()].map(({ at }) => at)).toEqual(Array(8).fill('own'));
    const session = await (await loadOrt()).InferenceSession.create(changed);
    expect(session.outputNames.slice(-8)).toEqual([...added.values()].map(({ output }) => output));
    expect(session.inputNames).toEqual((await (await loadOrt()).InferenceSession.create(file)).inputNames);
    await session.release();
  });
  it.each<[string, Uint8Array[], string]>([
    ['a cache that an attention keeps itself', [node('GroupQueryAttention', ['q', ...names], ['out', 'present.0.key', 'present.0.value'])], 'length'],
    ['a cache made by something else', [node('Scatter', [names[0], 'a'], ['present.0.key']), node('Concat', [names[1], 'b'], ['present.0.value'])], 'end'],
    ['new entries before the old ones', [node('Concat', ['a', names[0]], ['present.0.key']), node('Concat', ['b', names[1]], ['present.0.value'])], 'end'],
    ['one new tensor for both', [node('Concat', [names[0], 'a'], ['present.0.key']), node('Concat', [names[1], 'a'], ['present.0.value'])], 'end'],
  ])('leaves %s as it is', (_, nodes, at) => {
    const graph = field(7, ...nodes, ...names.map((name) => cacheInput(name, 10)));
    const changed = exposeNewEntries(graph);
    expect(changed.file).toBe(graph);
    expect([...changed.added]).toEqual([
      [names[0], { output: 'present.0.key', at }],
      [names[1], { output: 'present.0.value', at }],
    ]);
  });
  it.each([
    ['nothing', new Uint8Array(0)],
    ['a cut file', file.subarray(0, 5_000)],
    ['no protobuf', new TextEncoder().encode('not a graph at all, really')],
  ])('refuses %s', (_, bytes) => expect(() => exposeNewEntries(bytes)).toThrow());
});
