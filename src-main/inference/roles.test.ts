/** The models of the other roles through the real process and the real pipelines, each compared with what PyTorch computed when it was built (issue 4, item 1). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RoleOutput, RoleRequest, RoleTaskKind } from '../../src-shared/link/role-tasks.ts';
import { silentLogger } from '../log/logger.ts';
import { forkChild } from '../platform/processes.ts';
import { createInference } from './create-inference.ts';
import { readWav } from './wav.ts';

const models = join(import.meta.dirname, '../../resources/models/sandbox');
const read = <T>(path: string, schema: z.ZodType<T>): T => schema.parse(JSON.parse(readFileSync(join(models, path), 'utf8')));
const idOf = (name: string): string => read(`${name}/model.json`, z.looseObject({ name: z.string(), revision: z.string() }).transform((one) => `${one.name}@${one.revision}`));
const base64 = (path: string): string => readFileSync(join(models, path)).toString('base64');
const signal = new AbortController().signal;

const inference = createInference(
  { processModule: join(import.meta.dirname, 'process.ts'), modelRoots: [models], slots: 4 },
  { spawn: forkChild, log: silentLogger, now: Date.now, random: () => 0 },
);
afterAll(() => inference.close());

const common = { maxComputeUnits: 100_000 };
type Of<K extends RoleTaskKind> = Extract<RoleOutput, { kind: K }> & { fingerprint: string };
async function perform<K extends RoleTaskKind>(request: Extract<RoleRequest, { kind: K }>, onText?: (delta: string) => void): Promise<Of<K>> {
  return (await inference.perform(request, { signal, ...(onText === undefined ? {} : { onText }) })) as Of<K>;
}
const dot = (a: Float32Array, b: ArrayLike<number>): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? Number.NaN), 0);
const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(b).reduce((most, value, at) => Math.max(most, Math.abs((a[at] ?? Number.NaN) - value)), 0);

describe('embeddings', () => {
  const model = idOf('tiny-embed');
  const embed = (inputs: (string | number[])[], over: object = {}): Promise<Of<'embed'>> => perform<'embed'>({ kind: 'embed', inputs, dimensions: null, model, ...common, ...over });
  const reference = read('tiny-embed/reference.json', z.object({ text: z.string(), tokens: z.array(z.number()), embedding: z.array(z.number()) }));

  it('are those of the reference, from text and from token ids', async () => {
    const { vectors, promptTokens, fingerprint } = await embed([reference.text, reference.tokens]);
    expect(promptTokens).toBe(2 * reference.tokens.length);
    expect(vectors[1]).toEqual(vectors[0]);
    expect(largestGap(vectors[0]!, reference.embedding)).toBeLessThan(1e-5);
    expect(fingerprint).toMatch(/^transformers\.js\/4\.\S+ cpu \S+ [0-9a-f]{12}$/);
  });
  it('have the same bits alone and in company', async () => {
    const [together, alone] = [await embed(['Say hello to Ada.', 'A green lamp is in the hands of Otto, and nobody knows why.']), await embed(['Say hello to Ada.'])];
    expect(together.vectors[0]).toEqual(alone.vectors[0]);
  });
  it('put paraphrases it was never taught nearer than other sentences, 95 times in 100', async () => {
    const pairs = readFileSync(join(models, 'tiny-embed/eval.jsonl'), 'utf8').trim().split('\n').map((line) => z.object({ a: z.string(), b: z.string() }).parse(JSON.parse(line)));
    const { vectors } = await embed(pairs.flatMap(({ a, b }) => [a, b]));
    const nearer = pairs.filter((_, at) => dot(vectors[2 * at]!, vectors[2 * at + 1]!) > dot(vectors[2 * at]!, vectors[(2 * at + 7) % vectors.length]!));
    expect(pairs.length).toBeGreaterThan(150);
    expect(nearer.length / pairs.length).toBeGreaterThan(0.95);
  });
  it.each<[string, (string | number[])[], object, string]>([
    ['more tokens than units', [reference.text], { maxComputeUnits: reference.tokens.length - 1 }, 'inference.input_too_large'],
    ['an input longer than the model reads', ['word '.repeat(300)], {}, 'inference.input_too_large'],
    ['a token that there is not', [[99_999]], {}, 'inference.bad_input'],
    ['another width', ['Hi'], { dimensions: 5 }, 'inference.bad_input'],
  ])('refuse %s', async (_, inputs, over, code) => {
    await expect(embed(inputs, over)).rejects.toMatchObject({ code });
  });
});

describe('vision', () => {
  const model = idOf('tiny-vision');
  const picture = base64('tiny-vision/reference.png');
  const reference = read('tiny-vision/reference.json', z.object({ cases: z.array(z.object({ question: z.string(), prompt_tokens: z.number(), tokens: z.array(z.number()), text: z.string() })) }));
  const ask = (question: string, over: object = {}, onText?: (delta: string) => void): Promise<Of<'see'>> =>
    perform<'see'>({
      kind: 'see', messages: [{ role: 'user', parts: [{ kind: 'image', base64: picture }, { kind: 'text', text: question }] }], maxOutputTokens: null, sampling: { kind: 'greedy' }, stop: [], model, ...common, maxComputeUnits: 200, ...over,
    }, onText);

  it.each(reference.cases)('answers "$question" as the reference does', async ({ question, prompt_tokens, tokens, text }) => {
    const pieces: string[] = [];
    expect(await ask(question, {}, (delta) => pieces.push(delta))).toMatchObject({ content: text, finishReason: 'stop', promptTokens: prompt_tokens, completionTokens: tokens.length });
    expect(pieces.join('')).toBe(text);
  });
  it('keeps to the budget, to the wish, and to stop strings', async () => {
    const [first] = reference.cases;
    const { question, prompt_tokens, text } = first!;
    expect(await ask(question, { maxComputeUnits: prompt_tokens + 2 })).toMatchObject({ content: text.slice(0, 2), finishReason: 'length', completionTokens: 2 });
    expect(await ask(question, { maxOutputTokens: 1 })).toMatchObject({ content: text.slice(0, 1), finishReason: 'length' });
    expect(await ask(question, { maxComputeUnits: prompt_tokens })).toMatchObject({ content: '', finishReason: 'length', completionTokens: 0 });
    expect(await ask(question, { stop: [text.slice(2, 4)] })).toMatchObject({ content: text.slice(0, 2), finishReason: 'stop' });
  });
  it('gives the same sample for the same seed', async () => {
    const sampling = { kind: 'seeded', seed: 7, temperature: 1.5, topP: 1 };
    const [one, two] = [await ask('What colour?', { sampling }), await ask('What colour?', { sampling })];
    expect(two.content).toBe(one.content);
  });
  it.each<[string, object, string]>([
    ['what is no picture', { messages: [{ role: 'user', parts: [{ kind: 'image', base64: 'AAAA' }] }] }, 'inference.bad_input'],
    ['a picture that is cut off', { messages: [{ role: 'user', parts: [{ kind: 'image', base64: picture.slice(0, 120) }] }] }, 'inference.bad_input'],
    ['the name of the picture in a text', { messages: [{ role: 'user', parts: [{ kind: 'image', base64: picture }, { kind: 'text', text: '<image>' }] }] }, 'inference.bad_input'],
    ['more prompt than units', { maxComputeUnits: 20 }, 'inference.input_too_large'],
  ])('refuses %s', async (_, over, code) => {
    await expect(ask('What colour is the ground?', over)).rejects.toMatchObject({ code });
  });
});

describe('text to speech', () => {
  const model = idOf('tiny-voice');
  const reference = read('tiny-voice/reference.json', z.object({ text: z.string(), samples: z.number(), every_100th: z.array(z.number()) }));
  const speak = (text: string, over: object = {}): Promise<Of<'speak'>> => perform<'speak'>({ kind: 'speak', text, voice: null, speed: 1, model, ...common, ...over });

  it('gives the sound of the reference, one unit for each 10 ms', async () => {
    const { audio, units } = await speak(reference.text);
    const { samples, rate } = readWav(Buffer.from(audio, 'base64'));
    expect([samples.length, rate, units]).toEqual([reference.samples, 16_000, Math.ceil(reference.samples / 160)]);
    // 16 bits are what the file keeps.
    expect(largestGap(samples.filter((_, at) => at % 100 === 0), reference.every_100th)).toBeLessThan(1 / 32_000);
  });
  it('ends where the budget ends', async () => {
    expect(await speak('Hello world', { maxComputeUnits: 3 })).toMatchObject({ units: 3 });
  });
  it.each([['another voice', { voice: 'alloy' }], ['another speed', { speed: 2 }]])('refuses %s', async (_, over) => {
    await expect(speak('Hi', over)).rejects.toMatchObject({ code: 'inference.bad_input' });
  });
});

describe('speech to text', () => {
  const model = idOf('tiny-ear');
  const wav = base64('tiny-ear/reference.wav');
  const reference = read('tiny-ear/reference.json', z.object({ spoken: z.string(), text: z.string() }));
  const hear = (audio: string, over: object = {}): Promise<Of<'hear'>> => perform<'hear'>({ kind: 'hear', audio, language: null, model, ...common, ...over });

  it('hears what the reference hears, one unit for each 10 ms', async () => {
    const { samples, rate } = readWav(Buffer.from(wav, 'base64'));
    expect(await hear(wav)).toMatchObject({ text: reference.text, units: Math.ceil((samples.length * 100) / rate) });
    expect(reference.text).toBe(reference.spoken);
  });
  it('hears what the other model speaks', async () => {
    const { audio } = await perform<'speak'>({ kind: 'speak', text: 'give back my hat', voice: 'default', speed: 1, model: idOf('tiny-voice'), ...common });
    expect((await hear(audio)).text).toBe('give back my hat');
  });
  it.each<[string, string, object, string]>([
    ['what is no WAV file', 'AAAA', {}, 'inference.bad_input'],
    ['more sound than units', wav, { maxComputeUnits: 10 }, 'inference.input_too_large'],
    ['a language it does not take', wav, { language: 'de' }, 'inference.bad_input'],
  ])('refuses %s', async (_, audio, over, code) => {
    await expect(hear(audio, over)).rejects.toMatchObject({ code });
  });
});

describe('work of another kind', () => {
  it.each<[string, RoleRequest, string]>([
    ['image generation, which has no pipeline here', { kind: 'draw', prompt: 'a cat', count: 1, width: 8, height: 8, seed: 1, model: 'x@1', ...common }, 'inference.no_pipeline'],
    ['a model that does something else', { kind: 'embed', inputs: ['Hi'], dimensions: null, model: idOf('tiny-voice'), ...common }, 'inference.model_failed'],
    ['a model that is not here', { kind: 'embed', inputs: ['Hi'], dimensions: null, model: 'x@1', ...common }, 'inference.model_unavailable'],
  ])('is refused: %s', async (_, request, code) => {
    await expect(inference.perform(request, { signal })).rejects.toMatchObject({ code });
  });
  it('is cancelled at once', async () => {
    const control = new AbortController();
    const work = inference.perform({ kind: 'embed', inputs: Array.from({ length: 500 }, () => 'Say hello to Ada.'), dimensions: null, model: idOf('tiny-embed'), ...common }, { signal: control.signal });
    control.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  });
});
