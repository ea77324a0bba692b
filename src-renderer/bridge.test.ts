/** The client encodes, decodes and rebuilds errors the same over every raw bridge; the loopback bridge maps its failures. */
import { describe, expect, it } from 'vitest';
import type { RawBridge } from '../src-shared/bridge/index.ts';
import { AppError } from '../src-shared/errors.ts';
import { chooseBridge, createClient, createLoopbackBridge } from './bridge.ts';
import type { EventStream, LoopbackDeps } from './bridge.ts';

const outcome = { digest: 'D1', status: 'success', gasMist: '-12', error: null, effects: null };

function fakeBridge(answer: (name: string, input: unknown) => unknown) {
  const seen: { name: string; input: unknown }[] = [];
  let listener: (topic: string) => void = () => undefined;
  const raw: RawBridge = {
    call: async (name, input) => {
      seen.push({ name, input });
      return answer(name, input);
    },
    subscribe: (next) => {
      listener = next;
      return () => {
        listener = () => undefined;
      };
    },
  };
  return { raw, seen, push: (topic: string) => listener(topic) };
}

const caught = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe('client', () => {
  it('sends amounts as text and reads them as bigint', async () => {
    const fake = fakeBridge(() => ({ ok: true, value: outcome }));
    const result = await createClient(fake.raw).call('stacks.settle', { stackSmallId: 2n ** 63n });
    expect(fake.seen).toEqual([{ name: 'stacks.settle', input: { stackSmallId: '9223372036854775808' } }]);
    expect(result.gasMist).toBe(-12n);
  });
  it('encodes nested intents', async () => {
    const fake = fakeBridge(() => ({ ok: false, error: { code: 'chain.overflow', message: '', fields: {} } }));
    await caught(createClient(fake.raw).call('wallet.propose', { intent: { kind: 'claim', stackSmallIds: [7n, 9n] } }));
    expect(fake.seen[0]?.input).toEqual({ intent: { kind: 'claim', stackSmallIds: ['7', '9'] } });
  });
  it('refuses an input outside the contract without sending it', async () => {
    const fake = fakeBridge(() => ({ ok: true, value: {} }));
    const error = await caught(createClient(fake.raw).call('sandbox.skipEpochs', { epochs: 0 }));
    expect(error.code).toBe('bridge.bad_input');
    expect(fake.seen).toEqual([]);
  });
  it('rebuilds a known error with its fields and sentence', async () => {
    const fake = fakeBridge(() => ({
      ok: false,
      error: { code: 'chain.insufficient_coin', message: 'x', fields: { symbol: 'TOMA', needed: '5', available: '1' } },
    }));
    const error = await caught(createClient(fake.raw).call('node.pause', {}));
    expect(error.code).toBe('chain.insufficient_coin');
    expect(error.message).toBe('Not enough TOMA: 5 needed, 1 available.');
  });
  it('turns an unknown code into a bug and keeps it', async () => {
    const fake = fakeBridge(() => ({ ok: false, error: { code: 'from.the.future', message: 'later', fields: {} } }));
    const error = await caught(createClient(fake.raw).call('node.pause', {}));
    expect(error.code).toBe('bug.unexpected');
    expect(error.fields).toEqual({ code: 'from.the.future' });
  });
  it.each([[{ ok: true, value: { digest: 1 } }], [null], ['text'], [{ ok: true }]])(
    'calls %j an answer that cannot be shown',
    async (answer) => {
      const fake = fakeBridge(() => answer);
      const error = await caught(createClient(fake.raw).call('stacks.settle', { stackSmallId: 1n }));
      expect(error.code).toBe('bridge.bad_output');
    },
  );
  it('passes topics, says null after a gap, drops what is no topic, and stops', () => {
    const fake = fakeBridge(() => null);
    const topics: unknown[] = [];
    const stop = createClient(fake.raw).subscribe((topic) => topics.push(topic));
    for (const text of ['jobs', 'nonsense', 'interrupted', 'chain']) fake.push(text);
    stop();
    fake.push('node');
    expect(topics).toEqual(['jobs', null, 'chain']);
  });
});

describe('loopback bridge', () => {
  const stream = (): EventStream => ({ onmessage: null, onopen: null, onerror: null, close: () => undefined });
  const deps = (over: Partial<LoopbackDeps>): LoopbackDeps => ({
    fetch: async () => ({ status: 200, json: async () => ({ ok: true, value: {} }) }),
    openEvents: stream,
    ...over,
  });

  it('posts the call with the session cookie', async () => {
    const seen: unknown[] = [];
    const bridge = createLoopbackBridge(
      deps({
        fetch: async (url, init) => {
          seen.push([url, init.method, init.credentials, init.body]);
          return { status: 200, json: async () => ({ ok: true, value: {} }) };
        },
      }),
    );
    await createClient(bridge).call('node.pause', {});
    expect(seen).toEqual([['./api/call', 'POST', 'same-origin', '{"name":"node.pause","input":{}}']]);
  });
  it('says that the console does not answer', async () => {
    const bridge = createLoopbackBridge(deps({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) }));
    expect((await caught(createClient(bridge).call('node.pause', {}))).code).toBe('bridge.unreachable');
  });
  it('says that the console does not answer when a page stands in for it', async () => {
    const bridge = createLoopbackBridge(
      deps({ fetch: async () => ({ status: 502, json: () => Promise.reject(new SyntaxError('no JSON')) }) }),
    );
    expect((await caught(createClient(bridge).call('node.pause', {}))).code).toBe('bridge.unreachable');
  });
  it('says that the browser is not signed in', async () => {
    let told = 0;
    const onSignedOut = (): number => (told += 1);
    const bridge = createLoopbackBridge(
      deps({ fetch: async () => ({ status: 401, json: async () => null }), onSignedOut }),
    );
    expect((await caught(createClient(bridge).call('node.pause', {}))).code).toBe('bridge.not_signed_in');
    expect(told).toBe(1);
  });
  it('tells of a gap when the stream opens again, not when it opens first', () => {
    const events = stream();
    const topics: unknown[] = [];
    createClient(createLoopbackBridge(deps({ openEvents: () => events }))).subscribe((topic) => topics.push(topic));
    events.onopen?.();
    events.onmessage?.({ data: 'jobs' });
    events.onopen?.();
    expect(topics).toEqual(['jobs', null]);
  });
  it('tells once when the stream breaks, and again when it is back', () => {
    const events = stream();
    const topics: unknown[] = [];
    createClient(createLoopbackBridge(deps({ openEvents: () => events }))).subscribe((topic) => topics.push(topic));
    events.onerror?.();
    events.onopen?.();
    expect(topics).toEqual([]);
    events.onerror?.();
    events.onerror?.();
    expect(topics).toEqual([null]);
    events.onopen?.();
    expect(topics).toEqual([null, null]);
  });
  it('is chosen only where the preload gave no bridge', () => {
    const fake = fakeBridge(() => null);
    expect(chooseBridge({ bridge: fake.raw }, deps({}))).toBe(fake.raw);
    expect(chooseBridge({}, deps({}))).not.toBe(fake.raw);
  });
});
