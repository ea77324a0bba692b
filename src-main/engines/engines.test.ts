/** External engines against a strict double of each kind: what is asked, what is answered, every fault, limits, tokens, and the probe that decides on sampling consensus (issue 4, item 5). */
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineKind, EngineProbe, EngineSettings } from '../../src-shared/bridge/engine-calls.ts';
import { AppError } from '../../src-shared/errors.ts';
import { silentLogger } from '../log/logger.ts';
import { createEngines } from './create-engines.ts';
import { retryAfterMs } from './engine-http.ts';
import { isElsewhere, readEngineUrl } from './engine-url.ts';
import { joinEngines } from './join-engines.ts';
import { readEvents } from './read-events.ts';
import { countWords, startEngineDouble, type EngineDouble } from './testing/engine-double.ts';
import type { ChatRequest, EngineReadyModel, Engines, EngineStore } from './types.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const modelId = 'chat@1';
const settingsFor = (double: EngineDouble, kind: EngineKind, change: Partial<EngineSettings> = {}): EngineSettings => ({
  id: 'one', name: 'Rig', kind, url: double.url, enabled: true, concurrency: 4, queue: 2,
  models: [{ id: modelId, engineModel: 'm', role: kind === 'tei' ? 1 : 0, contextTokens: null }],
  ...change,
});
const createStore = (): EngineStore & { locked: boolean } => {
  let list: EngineSettings[] = [];
  let probes: EngineProbe[] = [];
  const tokens = new Map<string, string>();
  return {
    locked: false,
    list: () => list,
    setList: (next) => void (list = [...next]),
    probes: () => probes,
    setProbes: (next) => void (probes = [...next]),
    hasToken: (id) => tokens.has(id),
    async token(id) {
      if (this.locked && tokens.has(id)) throw new AppError('keys.locked');
      return tokens.get(id) ?? null;
    },
    setToken: async (id, token) => void (token === null ? tokens.delete(id) : tokens.set(id, token)),
    keysUnlocked() {
      return !this.locked;
    },
  };
};

type Bench = { engines: Engines; double: EngineDouble; store: ReturnType<typeof createStore>; delays: number[]; changes: () => number };
/** Time stands still; what is scheduled within a minute runs at once and moves it, but the half-minute check waits for ever. */
const bench = async (kind: EngineKind = 'vllm', change: Partial<EngineSettings> = {}, options: { token?: string; contextTokens?: number } = {}): Promise<Bench> => {
  const double = await startEngineDouble({ kind, models: ['m'], ...options });
  const store = createStore();
  const delays: number[] = [];
  let nowMs = 1_000;
  let changes = 0;
  const engines = createEngines({
    fetch, store, log: silentLogger, random: () => 0, now: () => nowMs, changed: () => void (changes += 1),
    schedule: (delayMs, work) => {
      if (delayMs === 30_000) return () => undefined;
      delays.push(delayMs);
      nowMs += delayMs;
      setImmediate(work);
      return () => undefined;
    },
  });
  closing.push(() => double.close(), () => engines.close());
  await engines.save(settingsFor(double, kind, change), options.token);
  await engines.start();
  return { engines, double, store, delays, changes: () => changes };
};

const request = (change: Partial<ChatRequest> = {}): ChatRequest => ({
  model: modelId, messages: [{ role: 'user', content: 'tell me a story' }], maxComputeUnits: 2_000, maxOutputTokens: 12, sampling: { kind: 'greedy' }, stop: [], ...change,
});
const run = (engines: Engines, change: Partial<ChatRequest> = {}, onText?: (delta: string) => void, signal = new AbortController().signal) => engines.run(request(change), { signal, onText });
const codeOf = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'none', (caught: unknown) => (caught instanceof AppError ? caught.code : caught));
const promptTokens = countWords(['tell me a story']);

describe.each(['vllm', 'llama-cpp', 'ollama', 'openai'] as const)('%s', (kind) => {
  it('is asked what it is, lists its model, and answers with text, pieces and its own usage', async () => {
    const { engines, double } = await bench(kind);
    const [view] = engines.view().engines;
    expect([view?.state, view?.check?.problem, view?.check?.version]).toEqual(['up', null, kind === 'openai' ? null : '1.2.3']);
    expect(engines.ready()).toMatchObject([{ id: modelId, name: 'chat', revision: '1', role: 0, engine: 'Rig', exact: false }]);
    const pieces: string[] = [];
    const result = await run(engines, {}, (delta) => pieces.push(delta));
    expect(result).toMatchObject({ finishReason: 'length', promptTokens, completionTokens: 12 });
    expect([pieces.join(''), pieces.length > 1]).toEqual([result.content, true]);
    expect(result.fingerprint).toMatch(new RegExp(`^${kind}/\\S+ remote unknown [0-9a-f]{12}$`));
    expect(double.requests.at(-1)?.body).toMatchObject({ model: 'm', temperature: 0, max_tokens: 12, stream: true });
  });

  it('gives what the budget leaves where the body has no wish, found by its own count', async () => {
    const { engines } = await bench(kind);
    expect(await run(engines, { maxOutputTokens: null, maxComputeUnits: promptTokens + 7 })).toMatchObject({ promptTokens, completionTokens: 7, finishReason: 'length' });
    expect(await run(engines, { maxOutputTokens: 30, maxComputeUnits: promptTokens + 5 })).toMatchObject({ completionTokens: 5 });
    expect(await codeOf(run(engines, { maxOutputTokens: 30, maxComputeUnits: promptTokens }))).toBe('inference.input_too_large');
  });

  it('is given up within its stream as soon as the request is stopped', async () => {
    const { engines, double } = await bench(kind);
    const control = new AbortController();
    const reason = new Error('stopped');
    expect(await codeOf(run(engines, {}, () => control.abort(reason), control.signal))).toBe(reason);
    double.setFault({ kind: 'hold' });
    const held = new AbortController();
    const waiting = codeOf(run(engines, {}, undefined, held.signal));
    await double.held(1);
    held.abort(reason);
    expect([await waiting, engines.running()]).toEqual([reason, 0]);
  });
});

describe('what is asked', () => {
  it('carries seed, temperature, top_p and stop, and stays within the context the engine names', async () => {
    const { engines, double } = await bench('vllm', {}, { contextTokens: 40 });
    await run(engines, { sampling: { kind: 'seeded', seed: 4_000_000_000, temperature: 0.7, topP: 0.9 }, stop: ['w9'], maxOutputTokens: 500 });
    expect(double.requests.at(-1)?.body).toMatchObject({ seed: 4_000_000_000, temperature: 0.7, top_p: 0.9, stop: ['w9'], max_tokens: 40 - promptTokens });
    expect(await codeOf(run(engines, { messages: [{ role: 'user', content: 'word '.repeat(50) }] }))).toBe('inference.input_too_large');
  });

  it('asks llama.cpp to keep no prompt where bytes are promised', async () => {
    const { engines, double } = await bench('llama-cpp');
    engines.probe('one', modelId);
    await settled(engines);
    await run(engines, { exact: true });
    expect(double.requests.at(-1)?.body).toMatchObject({ cache_prompt: false });
  });

  it('sends the token to the engine alone, keeps it sealed away from the view, and says what a wrong one does', async () => {
    const { engines, double } = await bench('vllm', {}, { token: 'secret' });
    await run(engines);
    expect(double.requests.at(-1)?.authorization).toBe('Bearer secret');
    expect([engines.view().engines[0]?.hasToken, JSON.stringify(engines.view()).includes('secret')]).toEqual([true, false]);
    expect(await engines.test({ kind: 'vllm', url: `${double.url}/v1`, id: 'one' })).toMatchObject({ problem: null, models: [{ id: 'm' }] });
    expect(await engines.test({ kind: 'vllm', url: double.url, token: 'other', id: 'one' })).toMatchObject({ problem: { code: 'engine.bad_token' } });
    const thief = await startEngineDouble({ kind: 'vllm', models: ['m'], token: 'secret' });
    closing.push(() => thief.close());
    // The kept token does not go to another origin.
    expect(await engines.test({ kind: 'vllm', url: thief.url, id: 'one' })).toMatchObject({ problem: { code: 'engine.bad_token' } });
  });

  it('does not serve while its token is locked away, and does again afterwards', async () => {
    const { engines, store } = await bench('vllm', {}, { token: 'secret' });
    store.locked = true;
    await engines.check('one');
    expect([engines.ready(), engines.view().engines[0]?.check?.problem?.code]).toEqual([[], 'keys.locked']);
    store.locked = false;
    engines.keysChanged();
    await until(engines, () => engines.ready().length === 1);
  });

  it('embeds in the order of the inputs and draws images', async () => {
    const tei = await bench('tei');
    expect(await tei.engines.embed({ model: modelId, inputs: ['a', 'bbb'], maxComputeUnits: 100 }, { signal: new AbortController().signal })).toMatchObject({ vectors: [[1, 0.5, -0.25], [3, 0.5, -0.25]], promptTokens: countWords(['a', 'bbb']) });
    expect(await codeOf(tei.engines.embed({ model: modelId, inputs: ['a'], maxComputeUnits: 1 }, { signal: new AbortController().signal }))).toBe('inference.input_too_large');
    tei.double.setFault({ kind: 'no_usage' });
    expect(await codeOf(tei.engines.embed({ model: modelId, inputs: ['a'], maxComputeUnits: 100 }, { signal: new AbortController().signal }))).toBe('engine.bad_answer');
    const images = await bench('openai', { models: [{ id: modelId, engineModel: 'm', role: 3, contextTokens: null }] });
    const { images: drawn } = await images.engines.image({ model: modelId, prompt: 'a hill', count: 2, width: 64, height: 32 }, { signal: new AbortController().signal });
    expect(drawn.map((image) => Buffer.from(image, 'base64').toString())).toEqual(['64x32', '64x32']);
  });
});

/** Looks again at each change. */
const until = (engines: Engines, holds: () => boolean): Promise<void> =>
  new Promise((done) => {
    const look = (): void => {
      if (!holds()) return;
      stop();
      done();
    };
    const stop = engines.onChange(look);
    look();
  });
const settled = (engines: Engines): Promise<void> => until(engines, () => engines.view().engines.every(({ models }) => models.every(({ probing }) => !probing)));

describe('faults', () => {
  it.each([
    [{ kind: 'no_usage' }, 'engine.bad_answer'],
    [{ kind: 'usage', promptTokens: 5, completionTokens: 13 }, 'engine.bad_answer'],
    [{ kind: 'usage', promptTokens: 1_999, completionTokens: 12 }, 'engine.bad_answer'],
    [{ kind: 'usage', promptTokens: -1, completionTokens: 1 }, 'engine.bad_answer'],
    [{ kind: 'cut', afterPieces: 0 }, 'engine.unreachable'],
    [{ kind: 'not_json' }, 'engine.bad_answer'],
    [{ kind: 'error_in_stream' }, 'engine.failed'],
    [{ kind: 'finish', reason: 'tool_calls' }, 'engine.bad_answer'],
    [{ kind: 'finish', reason: null }, 'engine.bad_answer'],
    [{ kind: 'redirect', to: 'http://127.0.0.1:1/' }, 'engine.unreachable'],
    [{ kind: 'status', status: 400, body: '{"error":{"message":"too long"}}' }, 'engine.refused'],
    [{ kind: 'status', status: 500 }, 'engine.failed'],
    [{ kind: 'status', status: 403 }, 'engine.bad_token'],
    [{ kind: 'busy', retryAfter: '3600' }, 'engine.busy'],
  ] as const)('%j is %s, and the next request is served', async (fault, code) => {
    const { engines, double } = await bench();
    double.setFault(fault);
    expect(await codeOf(run(engines))).toBe(code);
    expect([engines.view().engines[0]?.lastError?.code, engines.running()]).toEqual([code, 0]);
    double.setFault(null);
    if (code !== 'engine.busy') expect(await run(engines)).toMatchObject({ completionTokens: 12 });
  });

  it('waits as long as a busy engine asks, then tries again, and backs off where it does not say', async () => {
    const { engines, double, delays } = await bench();
    double.setFault({ kind: 'busy', retryAfter: '7' }, 1);
    expect(await run(engines)).toMatchObject({ completionTokens: 12 });
    expect(delays).toEqual([7_000]);
    delays.length = 0;
    double.setFault({ kind: 'status', status: 502 }, 3);
    expect(await run(engines)).toMatchObject({ completionTokens: 12 });
    expect(delays).toEqual([500, 1_000, 2_000]);
    double.setFault({ kind: 'status', status: 502 });
    const before = double.requests.length;
    expect([await codeOf(run(engines)), double.requests.length - before]).toEqual(['engine.failed', 4]);
  });

  it('never tries again once the buyer saw a part', async () => {
    const { engines, double } = await bench();
    double.setFault({ kind: 'cut', afterPieces: 3 });
    const seen: string[] = [];
    expect([await codeOf(run(engines, {}, (delta) => seen.push(delta))), double.requests.length]).toEqual(['engine.unreachable', 1]);
    expect(seen.length).toBeGreaterThan(0);
  });

  it('keeps to the places of an engine, lets so many wait, and refuses the rest', async () => {
    const { engines, double } = await bench('vllm', { concurrency: 2, queue: 2 });
    double.setFault({ kind: 'hold' });
    const asked = Array.from({ length: 5 }, () => codeOf(run(engines)));
    expect(await asked[4]).toBe('engine.busy');
    expect([engines.view().engines[0]?.running, engines.view().engines[0]?.waiting]).toEqual([2, 2]);
    await double.held(2);
    double.release();
    expect(await Promise.all(asked)).toEqual(['none', 'none', 'none', 'none', 'engine.busy']);
    expect([double.mostAtOnce() <= 2, engines.running()]).toEqual([true, 0]);
  });

  it('takes a model off offer when the engine is down, and puts it back', async () => {
    const { engines, double, changes } = await bench();
    const before = changes();
    await double.close();
    await engines.check('one');
    expect([engines.ready(), engines.view().engines[0]?.state, await codeOf(run(engines)), changes() - before]).toEqual([[], 'down', 'inference.model_unavailable', 1]);
  });
});

describe('the determinism probe', () => {
  it('opens sampling consensus to an engine that gives equal bytes, until its version changes', async () => {
    const { engines, double } = await bench();
    expect(await codeOf(run(engines, { exact: true }))).toBe('engine.not_deterministic');
    engines.probe('one', modelId);
    await settled(engines);
    expect(engines.view().engines[0]?.models[0]).toMatchObject({ exact: true, probe: { equal: true, alone: 3 } });
    expect([engines.ready()[0]?.exact, await codeOf(run(engines, { exact: true }))]).toEqual([true, 'none']);
    double.setVersion('1.2.4');
    await engines.check('one');
    expect([engines.ready()[0]?.exact, engines.view().engines[0]?.models[0]?.probe, await codeOf(run(engines, { exact: true }))]).toEqual([false, null, 'engine.not_deterministic']);
  });

  it.each([{ kind: 'varies' }, { kind: 'varies_in_company' }] as const)('keeps it closed where an answer %j', async (fault) => {
    const { engines, double } = await bench();
    double.setFault(fault);
    engines.probe('one', modelId);
    await settled(engines);
    expect(engines.view().engines[0]?.models[0]).toMatchObject({ exact: false, probe: { equal: false } });
    expect([await codeOf(run(engines, { exact: true })), await codeOf(run(engines))]).toEqual(['engine.not_deterministic', 'none']);
  });
});

it('compares embeddings too, and gives none under sampling consensus before', async () => {
  const { engines } = await bench('tei');
  const embed = () => codeOf(engines.embed({ model: modelId, inputs: ['a'], maxComputeUnits: 100, exact: true }, { signal: new AbortController().signal }));
  expect(await embed()).toBe('engine.not_deterministic');
  engines.probe('one', modelId);
  await settled(engines);
  expect([engines.ready()[0]?.exact, await embed()]).toEqual([true, 'none']);
});

describe('settings', () => {
  it.each([
    ['http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000', false],
    ['http://192.168.1.5:8000/', 'http://192.168.1.5:8000', true],
    ['http://rig.local', 'http://rig.local', true],
    ['https://engine.example.org/api/v1/', 'https://engine.example.org/api', false],
    ['http://engine.example.org', null, false],
    ['http://8.8.8.8', null, false],
    ['ftp://rig', null, false],
    ['http://user:word@rig', null, false],
    ['rig:8000', null, false],
    ['http://rig/?a=1', null, false],
  ])('the address %s', (typed, base, unencrypted) => {
    if (base === null) expect(() => readEngineUrl(typed)).toThrow(AppError);
    else expect(readEngineUrl(typed)).toEqual({ base, unencrypted });
    if (base !== null) expect(isElsewhere(typed)).toBe(!/localhost|127\.|\[::1\]/.test(base));
  });

  it('refuses two models of one name, and TEI for chat', async () => {
    const { engines, double } = await bench();
    const model = { id: modelId, engineModel: 'm', role: 0 as const, contextTokens: null };
    expect(await codeOf(engines.save(settingsFor(double, 'vllm', { models: [model, model] }), undefined))).toBe('engine.bad_settings');
    expect(await codeOf(engines.save(settingsFor(double, 'tei', { models: [model] }), undefined))).toBe('engine.bad_settings');
    await engines.save(settingsFor(double, 'vllm', { enabled: false }), undefined);
    expect([engines.ready(), engines.view().engines[0]?.state]).toEqual([[], 'off']);
    await engines.remove('one');
    expect([engines.view().engines, await codeOf(engines.remove('one'))]).toEqual([[], 'engine.unknown']);
  });
});

describe('beside the local engine', () => {
  it('a model goes to the engine that has it, the others stay', async () => {
    const { engines } = await bench();
    const asked: string[] = [];
    const joined = joinEngines(
      { readyModels: async () => [{ id: modelId }, { id: 'own@1' }], load: async (id: string) => void asked.push(id), run: async ({ model }: ChatRequest, _options: { signal: AbortSignal }) => (asked.push(model), 'local'), perform: async () => { throw new Error('not asked'); }, onStatus: () => () => undefined, close: async () => undefined, other: 1 },
      engines,
    );
    const options = { signal: new AbortController().signal };
    expect((await joined.readyModels()).map(({ id }) => id)).toEqual([modelId, 'own@1']);
    await joined.load(modelId);
    await joined.load('own@1');
    expect([await joined.run(request({ model: 'own@1' }), options), asked, joined.other]).toEqual(['local', ['own@1', 'own@1'], 1]);
    expect(await joined.run(request(), options)).toMatchObject({ promptTokens });
  });

  it('keep what may not leave this machine from an engine elsewhere, whenever that came up', async () => {
    const asked: string[] = [];
    const elsewhere = { value: false };
    const never = async (): Promise<never> => Promise.reject(new Error('not asked'));
    const remote = { has: () => true, ready: () => [{ id: modelId, elsewhere: elsewhere.value }] as EngineReadyModel[], run: async () => (asked.push('engine'), 'engine' as never), embed: never, image: never, onChange: () => () => undefined, close: () => undefined };
    const joined = joinEngines({ readyModels: async () => [{ id: modelId }], load: async () => undefined, run: async (_request: ChatRequest, _options: { signal: AbortSignal; here?: boolean }) => (asked.push('local'), 'local'), perform: never, onStatus: () => () => undefined, close: async () => undefined }, remote);
    const { signal } = new AbortController();
    await joined.run(request(), { signal, here: true });
    elsewhere.value = true;
    await joined.run(request(), { signal, here: true });
    await joined.run(request(), { signal });
    expect(asked).toEqual(['engine', 'local', 'engine']);
  });
});

it('reads events over any cut of their bytes', async () => {
  const text = ': hello\r\ndata: {"a":"ü"}\r\n\r\nevent: x\ndata:two\n\ndata: last';
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size < bytes.length; size += 1) {
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size));
    const found: string[] = [];
    for await (const data of readEvents(new ReadableStream({ start: (controller) => (parts.forEach((part) => controller.enqueue(part)), controller.close()) }))) found.push(data);
    expect(found).toEqual(['{"a":"ü"}', 'two', 'last']);
  }
});

it('reads Retry-After in seconds and as a date', () => {
  expect(['3', 'Thu, 01 Jan 1970 00:00:10 GMT', 'soon', null].map((header) => retryAfterMs(header, 4_000))).toEqual([3_000, 6_000, null, null]);
});
