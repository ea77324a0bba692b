/** The direct ingress over real sockets with parts that a test can turn: who is let in, what is locked, what is answered, and every hostile input (protocol.md 7.5 to 7.9). */
import { connect } from 'node:net';
import { createServer } from 'node:http';
import { parseSerializedSignature, toSerializedSignature, type Keypair } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultIngress, type IngressSettings } from '../../src-shared/bridge/ingress-calls.ts';
import { chatChunkText, chatResultText } from '../../src-shared/link/chat.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { silentLogger } from '../log/logger.ts';
import { createIngress } from './create-ingress.ts';
import { mostUnits, unitsToLock } from './plan-units.ts';
import type { Ingress, IngressAnswer, IngressDeps, IngressLimits, IngressStack } from './types.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const operator = new Secp256k1Keypair();
const buyer = new Secp256k1Keypair();
const model = 'tiny-chat@1';
const taskId = '01M7XPG0PVERF7HENE4K5HTVH9';
const stackOf = (change: Partial<IngressStack> = {}): IngressStack => ({ taskSmallId: 1n, owner: buyer.toSuiAddress(), numComputeUnits: 1_000n, settling: false, mine: true, samplingConsensus: false, ...change });
const answerText = chatResultText({ taskId, model, content: 'Paris it is', finishReason: 'stop', promptTokens: 4, completionTokens: 3 });

const signBytes = async (key: Keypair, bytes: Uint8Array): Promise<string> => toSerializedSignature({ signature: await key.sign(bytes), signatureScheme: key.getKeyScheme(), publicKey: key.getPublicKey() });
const sign = (key: Keypair, body: string): Promise<string> => signBytes(key, blake2b256(new TextEncoder().encode(body)));

type Bench = { ingress: Ingress; url: string; stacks: Map<bigint, IngressStack>; onChain: Map<bigint, IngressStack>; orders: Parameters<IngressDeps['jobs']['serve']>[0]['order'][]; cancelled: string[]; units: { left: bigint; busy: boolean }; reads: bigint[]; settings: IngressSettings; scheduled: number[]; answer: { next: IngressAnswer; pieces: string[]; gate: Promise<void> } };

const bench = async (change: Partial<IngressSettings> = {}, limits: Partial<IngressLimits> = {}, deps: Partial<IngressDeps> = {}): Promise<Bench> => {
  const taken = new Set<string>();
  const made: Omit<Bench, 'ingress' | 'url'> = {
    stacks: new Map([[7n, stackOf()]]), onChain: new Map(), orders: [], cancelled: [], units: { left: 1_000n, busy: false }, reads: [], scheduled: [],
    settings: { ...defaultIngress, enabled: true, port: 0, ...change },
    answer: { next: { kind: 'accepted', ended: Promise.resolve({ kind: 'result', bytes: new TextEncoder().encode(answerText) }) }, pieces: [], gate: Promise.resolve() },
  };
  const ingress = createIngress(
    {
      jobs: {
        serve: async ({ order, onChunk }) => {
          made.orders.push(order);
          const { next, pieces, gate } = made.answer;
          if (next.kind === 'declined') return next;
          // Pieces come when the work runs, after it was taken.
          const ended = Promise.resolve().then(async () => {
            for (const content of pieces) onChunk({ data: new TextEncoder().encode(chatChunkText({ taskId, model, content })) });
            await gate;
            return next.ended;
          });
          return { kind: 'accepted', ended };
        },
        cancel: (id) => made.cancelled.push(id),
      },
      chain: {
        stack: (id) => made.stacks.get(id) ?? null,
        refreshStack: async (id) => {
          made.reads.push(id);
          return made.onChain.get(id) ?? null;
        },
        task: (id) => (id === 1n ? { role: 0, modelName: 'tiny-chat' } : null),
        nodeSmallId: () => 3n,
      },
      requests: { take: (hash) => !taken.has(hash) && taken.add(hash).size > 0 },
      keys: {
        identity: { nodeId: vectors.identities.node_id, publicKeyPem: vectors.manifest.signed.pubkey_rsa },
        signJson: async (json) => {
          const hash = blake2b256(new TextEncoder().encode(json));
          return { hash: Buffer.from(hash).toString('base64'), signature: await signBytes(operator, hash) };
        },
      },
      settings: () => made.settings,
      models: () => [{ id: model, name: 'tiny-chat', role: 0 }],
      units: () => made.units,
      fetch,
      newTaskId: () => taskId,
      now: () => 1_000,
      random: () => 0,
      schedule: (delayMs) => (made.scheduled.push(delayMs), () => undefined),
      changed: () => undefined,
      log: silentLogger,
      ...deps,
    },
    { bodyTimeoutMs: 10_000, bodyBytes: 20_000, runMs: 60_000, ...limits },
  );
  closing.push(() => ingress.stop());
  await ingress.apply();
  return { ...made, ingress, url: ingress.status().address ?? '' };
};

const chat = (change: object = {}): string => JSON.stringify({ model: 'tiny-chat', messages: [{ role: 'user', content: 'What is the capital of France?' }], max_tokens: 20, ...change });
type Send = { body?: string; key?: Keypair; signature?: string | null; stack?: string | null; headers?: Record<string, string>; path?: string };
const send = async (url: string, { body = chat(), key = buyer, signature, stack = '7', headers = {}, path = '/v1/chat/completions' }: Send = {}): Promise<Response> =>
  fetch(url + path, {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', ...(signature === null ? {} : { 'x-signature': signature ?? (await sign(key, body)) }), ...(stack === null ? {} : { 'x-stack-small-id': stack }), ...headers },
  });
const refusedAs = async (response: Response): Promise<unknown[]> => {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return [response.status, error.code, error.message.length > 0];
};
/** Whether the hash and the signature stand for the answer without them. */
const isSigned = async (text: string): Promise<boolean> => {
  const { signature, response_hash, ...rest } = JSON.parse(text) as { signature: string; response_hash: string };
  const hash = blake2b256(new TextEncoder().encode(JSON.stringify(rest)));
  const parsed = parseSerializedSignature(signature);
  return Buffer.from(hash).toString('base64') === response_hash && parsed.signature !== undefined && operator.getPublicKey().verify(hash, parsed.signature);
};

describe('an answer', () => {
  it('is given to the owner of the stack, signed, and its order locks all that it may use', async () => {
    const { url, orders, ingress } = await bench();
    const response = await send(url);
    const text = await response.text();
    expect([response.status, await isSigned(text), text.startsWith(answerText.slice(0, -1))]).toEqual([200, true, true]);
    expect(orders).toMatchObject([{ taskId, taskSmallId: 1n, stackSmallId: 7n, workloadClass: 'ai.inference', model, deadlineMs: 61_000, stream: false, maxComputeUnits: mostUnits('chat', chat()) }]);
    expect(ingress.status()).toMatchObject({ state: 'listening', served: 1, running: 0, refused: {} });
  });

  it.each([['ed25519', new Ed25519Keypair()], ['secp256r1', new Secp256r1Keypair()]] as const)('is given to a wallet of %s too, and for a body signed as compact JSON', async (_, key) => {
    const { url, stacks } = await bench();
    stacks.set(7n, stackOf({ owner: key.toSuiAddress() }));
    const spaced = JSON.stringify(JSON.parse(chat()), null, 2);
    expect((await send(url, { body: spaced, signature: await sign(key, chat()) })).status).toBe(200);
    // The same signature once more, over other white space, is the same request.
    expect(await refusedAs(await send(url, { body: chat(), key }))).toEqual([401, 'AUTH_ERROR', true]);
  });

  it('comes as a stream of signed pieces, with its end, its usage and [DONE]', async () => {
    const { url, answer, ingress } = await bench();
    answer.pieces = ['Paris', ' it', ' is'];
    const response = await send(url, { body: chat({ stream: true }), headers: { 'x-request-id': 'r1' } });
    const events = (await response.text()).split('\n\n').filter(Boolean).map((event) => event.replace(/^data: /, ''));
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1);
    expect(await Promise.all(chunks.map(isSigned))).toEqual(chunks.map(() => true));
    const parsed = chunks.map((chunk) => JSON.parse(chunk));
    expect(parsed.flatMap(({ choices }) => choices.map(({ delta }: { delta: { content?: string } }) => delta.content ?? '')).join('')).toBe('Paris it is');
    expect([parsed.at(-2).choices[0].finish_reason, parsed.at(-1).usage]).toEqual(['stop', { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 }]);
    expect(ingress.status()).toMatchObject({ served: 1, running: 0 });
  });

  it('of a stream that was stopped ends at once, and the work goes on', async () => {
    const { url, answer, cancelled, ingress } = await bench();
    let go: () => void = () => undefined;
    answer.gate = new Promise((done) => (go = done));
    answer.pieces = ['Paris'];
    const response = await send(url, { body: chat({ stream: true }), headers: { 'x-request-id': 'r2' } });
    const reader = response.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toContain('Paris');
    expect((await fetch(`${url}/v1/stop-streamer`, { method: 'POST', headers: { 'x-request-id': 'r2' } })).status).toBe(200);
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += Buffer.from(part.value).toString();
    expect(rest).toContain('[DONE]');
    go();
    await ingress.stop();
    expect([cancelled, ingress.status().served]).toEqual([[], 1]);
  });

  it('that nobody waits for any more is not worked for', async () => {
    const { url, answer, cancelled, ingress } = await bench();
    let go: () => void = () => undefined;
    answer.gate = new Promise((done) => (go = done));
    const control = new AbortController();
    const body = chat();
    const asked = fetch(`${url}/v1/chat/completions`, { method: 'POST', body, signal: control.signal, headers: { 'content-type': 'application/json', 'x-signature': await sign(buyer, body), 'x-stack-small-id': '7' } });
    asked.catch(() => undefined);
    while (ingress.status().running === 0) await new Promise((turn) => setImmediate(turn));
    control.abort();
    while (cancelled.length === 0) await new Promise((turn) => setImmediate(turn));
    go();
    expect(cancelled).toEqual([taskId]);
  });

  it('shortens to what the stack has left, and waits where others hold the rest', async () => {
    const { url, units, orders } = await bench();
    units.left = 30n;
    expect((await send(url, { body: chat({ a: 1 }) })).status).toBe(200);
    expect(orders.at(-1)?.maxComputeUnits).toBe(30n);
    units.busy = true;
    expect(await refusedAs(await send(url, { body: chat({ a: 2 }) }))).toEqual([425, 'UNAVAILABLE_STACK_ERROR', true]);
    Object.assign(units, { left: 0n, busy: false });
    expect(await refusedAs(await send(url, { body: chat({ a: 3 }) }))).toEqual([425, 'UNAVAILABLE_STACK_ERROR', true]);
  });

  it('looks a new purchase up on the chain, once for one that is not there', async () => {
    const { url, onChain, reads } = await bench();
    onChain.set(8n, stackOf());
    const digest = { 'x-tx-digest': '4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi' };
    expect(await refusedAs(await send(url, { stack: '8' }))).toEqual([400, 'MISSING_HEADER', true]);
    expect((await send(url, { stack: '8', headers: digest })).status).toBe(200);
    for (const a of [1, 2]) expect(await refusedAs(await send(url, { body: chat({ a }), stack: '9', headers: digest }))).toEqual([401, 'AUTH_ERROR', true]);
    expect(reads).toEqual([8n, 9n]);
  });

  it('goes with a health page and a list of models', async () => {
    const { url } = await bench();
    expect([await (await fetch(`${url}/health`)).json(), await (await fetch(`${url}/v1/models`)).json()]).toMatchObject([{ status: 'ok' }, { data: [{ id: model }] }]);
  });
});

describe('refused', () => {
  const stranger = new Secp256k1Keypair();
  const cases: readonly (readonly [string, Send, (made: Bench) => void, number, string])[] = [
    ['no signature', { signature: null }, () => undefined, 400, 'MISSING_HEADER'],
    ['a signature that is none', { signature: 'AAAA' }, () => undefined, 400, 'INVALID_HEADER'],
    ['a signature of nonsense', { signature: Buffer.alloc(98, 7).toString('base64') }, () => undefined, 401, 'AUTH_ERROR'],
    ['a multi-signature', { signature: Buffer.concat([Buffer.of(3), Buffer.alloc(120, 1)]).toString('base64') }, () => undefined, 401, 'AUTH_ERROR'],
    ['a signature over another body', { signature: '' }, () => undefined, 401, 'AUTH_ERROR'],
    ['a wallet that does not own the stack', { key: stranger }, () => undefined, 401, 'AUTH_ERROR'],
    ['no stack', { stack: null }, () => undefined, 400, 'MISSING_HEADER'],
    ['a stack that is no number', { stack: '7n' }, () => undefined, 400, 'INVALID_HEADER'],
    ['a stack beyond any number', { stack: '9999999999999999999' }, () => undefined, 400, 'INVALID_HEADER'],
    ['a digest that is none', { headers: { 'x-tx-digest': '../etc' } }, () => undefined, 400, 'INVALID_HEADER'],
    ['a stream without an id', { body: chat({ stream: true }) }, () => undefined, 400, 'MISSING_HEADER'],
    ['another node\'s stack', {}, ({ stacks }) => stacks.set(7n, stackOf({ mine: false })), 401, 'AUTH_ERROR'],
    ['a stack that settles', {}, ({ stacks }) => stacks.set(7n, stackOf({ settling: true })), 423, 'LOCKED_STACK_ERROR'],
    ['sampling consensus', {}, ({ stacks }) => stacks.set(7n, stackOf({ samplingConsensus: true })), 400, 'INVALID_HEADER'],
    ['another model', { body: chat({ model: 'gpt-4' }) }, () => undefined, 400, 'MODEL_ERROR'],
    ['another kind of task', { path: '/v1/embeddings', body: JSON.stringify({ input: 'a' }) }, () => undefined, 400, 'MODEL_ERROR'],
    ['a confidential request', { path: '/v1/confidential/chat/completions' }, () => undefined, 400, 'MODEL_ERROR'],
    ['an address that is none', { path: '/v1/other' }, () => undefined, 404, 'NOT_FOUND'],
    ['no JSON', { body: '{"a":' }, () => undefined, 400, 'INVALID_BODY'],
    ['JSON that is no object', { body: '[1]' }, () => undefined, 400, 'INVALID_BODY'],
    ['no messages', { body: JSON.stringify({ model: 'tiny-chat', messages: [] }) }, () => undefined, 400, 'INVALID_BODY'],
    ['a body over the limit', { body: chat({ pad: 'x'.repeat(30_000) }) }, () => undefined, 400, 'INVALID_BODY'],
    ['a form', { headers: { 'content-type': 'text/plain' } }, () => undefined, 400, 'INVALID_BODY'],
    ['a busy node', {}, ({ answer }) => void (answer.next = { kind: 'declined', code: 'busy' }), 429, 'CHAT_COMPLETIONS_SERVICE_UNAVAILABLE'],
    ['what the pipeline cannot read', {}, ({ answer }) => void (answer.next = { kind: 'accepted', ended: Promise.resolve({ kind: 'failed', code: 'bad_payload', detail: null }) }), 400, 'INVALID_BODY'],
    ['what fails', {}, ({ answer }) => void (answer.next = { kind: 'accepted', ended: Promise.resolve({ kind: 'failed', code: 'model_failed', detail: null }) }), 500, 'INTERNAL_ERROR'],
  ];
  it.each(cases)('%s', async (_, what, prepare, status, code) => {
    const made = await bench();
    prepare(made);
    const signature = what.signature === '' ? await sign(buyer, chat({ other: 1 })) : what.signature;
    expect(await refusedAs(await send(made.url, { ...what, ...(signature === undefined ? {} : { signature }) }))).toEqual([status, code, true]);
    expect(made.ingress.status()).toMatchObject({ served: 0, running: 0, refused: { [code]: 1 } });
  });

  it('the same signed body a second time', async () => {
    const { url, orders } = await bench();
    expect((await send(url)).status).toBe(200);
    expect([await refusedAs(await send(url)), orders.length]).toEqual([[401, 'AUTH_ERROR', true], 1]);
  });

  it('a body that does not come, and connections beyond the limit', async () => {
    const { url } = await bench({ maxConnections: 2 }, { bodyTimeoutMs: 300 });
    const { port, hostname } = new URL(url);
    const lines = ['POST /v1/chat/completions HTTP/1.1', 'host: node', 'content-type: application/json', 'content-length: 500', `x-signature: ${await sign(buyer, chat())}`, 'x-stack-small-id: 7', '', '{"slow'];
    const open = (text: string): Promise<string> =>
      new Promise((done, failed) => {
        let heard = '';
        const socket = connect(Number(port), hostname, () => void socket.write(text));
        closing.push(() => socket.destroy());
        socket.on('data', (data) => (heard += String(data)));
        socket.on('close', () => done(heard));
        socket.on('error', (error) => ((error as { code?: string }).code === 'ECONNRESET' ? done(heard) : failed(error)));
      });
    const slow = [open(lines.join('\r\n')), open('GET /hea')];
    // Both places are taken: a third is closed without a word.
    expect(await open('GET /health HTTP/1.1\r\nhost: node\r\n\r\n')).toBe('');
    for (const heard of await Promise.all(slow)) expect(heard).toMatch(/^(HTTP\/1\.1 408|$)/);
  });
});

describe('settings', () => {
  it('listen only where they say, and say when the port is taken', async () => {
    const { ingress, settings, url } = await bench();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    settings.enabled = false;
    await ingress.apply();
    expect([ingress.status().state, await fetch(url).then(() => 'answers', () => 'silent')]).toEqual(['off', 'silent']);
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    closing.push(() => taken.close());
    Object.assign(settings, { enabled: true, port: (taken.address() as { port: number }).port });
    await ingress.apply();
    expect(ingress.status()).toMatchObject({ state: 'failed', address: null, problem: { code: 'ingress.port_unusable' } });
  });

  it('announce the public address, signed, and again by and by', async () => {
    const heard: { path: string; body: { data: object; signature: string } }[] = [];
    let status = 200;
    const list = createServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += String(part)));
      request.on('end', () => {
        heard.push({ path: request.url ?? '', body: JSON.parse(text) });
        response.writeHead(status).end('{}');
      });
    });
    await new Promise<void>((done) => list.listen(0, '127.0.0.1', done));
    closing.push(() => list.close());
    const announceTo = `http://127.0.0.1:${(list.address() as { port: number }).port}`;
    const { ingress, scheduled } = await bench({ publicUrl: 'https://node.example', country: 'DE', announceTo });
    while (scheduled.length === 0) await new Promise((turn) => setImmediate(turn));
    expect(heard[0]).toMatchObject({ path: '/v1/nodes', body: { data: { node_small_id: 3, public_address: 'https://node.example', country: 'DE' } } });
    const { signature } = parseSerializedSignature(heard[0]!.body.signature);
    const hash = blake2b256(new TextEncoder().encode(JSON.stringify(heard[0]!.body.data)));
    expect([await operator.getPublicKey().verify(hash, signature!), scheduled, ingress.status().announced]).toEqual([true, [600_000], { atMs: 1_000, problem: null }]);
    status = 500;
    await expect(ingress.announce()).rejects.toThrow('500');
    expect(ingress.status().announced?.problem?.code).toBe('ingress.not_announced');
  });
});

it('locks no less than a request can use', () => {
  expect(mostUnits('images', JSON.stringify({ n: 2, size: '64x32' }))).toBe(4_096n);
  expect(mostUnits('embeddings', JSON.stringify({ input: ['ab', [1, 2, 3]] }))).toBe(BigInt(2 + 3 + 2 * 64));
  expect(mostUnits('chat', chat({ max_tokens: undefined }))).toBe(mostUnits('chat', chat()) - 20n + 8_192n);
  expect(mostUnits('chat', chat({ max_completion_tokens: 5 }))).toBe(mostUnits('chat', chat()) - 15n);
  expect(unitsToLock(5n, { left: 5n, busy: true })).toBe(5n);
});
