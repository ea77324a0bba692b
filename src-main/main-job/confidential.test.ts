/** Confidential compute on Sandbox G2, rehearsed from end to end: refused without hardware, a key rotated and announced, a sealed request of a direct buyer served, the stack claimed at once at 95 % (protocol.md 7.7, 6.5). */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { parseSerializedSignature, toSerializedSignature } from '@mysten/sui/cryptography';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { publicKeyFromRawBytes } from '@mysten/sui/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventType, G2 } from '../../src-shared/atoma/index.ts';
import { defaultIngress } from '../../src-shared/bridge/ingress-calls.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import { sealRequest, type SealedRequest } from '../confidential/testing/buyer.ts';
import { simulatedNotice } from '../confidential/evidence.ts';
import type { ConsoleNode } from '../console-node.ts';
import type { Wallet } from '../sandbox/buyers/wallet.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { chainClient, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, sign, until } from '../testing/whole-node.ts';

/** 50 USDC per million units. */
const price = 50_000_000n;
const clearTask = 1n;
const sealedTask = 2n;
const subscribe = { kind: 'subscribe', taskSmallId: sealedTask, price, maxComputeUnits: 1_000_000n } as const;

let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode;
let address = '';
let wallet: Wallet;
let client: SuiGrpcClient;
const key = new Secp256k1Keypair();

/** Stands for the network's proxy: keeps what it is given and says when it came. */
const given: { method: string; path: string; signature: string | null; body: string }[] = [];
const arrivals = new Set<() => void>();
let proxy: Server;
const openProxy = (): Promise<string> => {
  proxy = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const part of request) body += String(part);
      given.push({ method: request.method ?? '', path: request.url ?? '', signature: String(request.headers['x-signature'] ?? '') || null, body });
      response.end();
      arrivals.forEach((look) => look());
    })();
  });
  return new Promise((done) => proxy.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)));
};
const arrival = (wake: () => void): (() => void) => {
  arrivals.add(wake);
  return () => void arrivals.delete(wake);
};
/** Whether a Sui signature of these bytes' hash, without an intent, is this wallet's. */
const isSigned = async (bytes: Uint8Array, signature: string, wallet: string): Promise<boolean> => {
  const parsed = parseSerializedSignature(signature);
  if (parsed.signatureScheme !== 'Secp256k1') throw new Error(`signed by ${parsed.signatureScheme}`);
  const publicKey = publicKeyFromRawBytes('Secp256k1', parsed.publicKey);
  return publicKey.toSuiAddress() === wallet && publicKey.verify(blake2b256(bytes), parsed.signature);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'confidential-'));
  sandbox = await openSandbox(join(folder, 'network'), 'G2', [{ modelName: 'sandbox/tiny-chat' }, { modelName: 'sandbox/tiny-chat', security: 'confidential' }]);
  const dataDir = join(folder, 'node');
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id);
  node = await openNode({ dataDir, profile: sandbox.profile });
  await node.secure.unlock(passphrase);
  await node.handlers['setup.faucet']({});
  await sign(node, { kind: 'register' });
  await sign(node, { ...subscribe, taskSmallId: clearTask });
  await node.handlers['ingress.set']({ settings: { ...defaultIngress, enabled: true, port: 0, publicUrl: 'https://node.example', country: 'DE', announceTo: await openProxy() } });
  address = (await node.handlers['ingress.get']({})).address ?? '';
  client = chainClient(sandbox);
  wallet = openBuyer(sandbox, key);
}, 120_000);
afterAll(async () => {
  await node?.stop('now');
  await sandbox?.stop();
  proxy?.close();
  rmSync(folder, { recursive: true, force: true });
});

const view = () => node.handlers['confidential.get']({});
const taskView = async () => (await node.handlers['tasks.list']({})).find(({ taskSmallId }) => taskSmallId === sealedTask);
/** Waits until the key stands on chain under this counter. */
const announced = (counter: bigint) =>
  until([node.onTopic], async () => {
    const { key: current } = await view();
    return current?.announced?.counter === counter ? { publicKey: current.publicKey, digest: current.announced.digest } : null;
  });
/** What a buyer reads: the commitment as the chain tells it. */
const commitment = async (digest: string) => {
  const { Transaction: found } = await client.getTransaction({ digest, include: { events: true } });
  const event = found?.events.find(({ eventType: type }) => type === eventType(sandbox.info.packageId, 'NodePublicKeyCommittmentEvent'));
  return G2.events.NodePublicKeyCommittmentEvent.parse(event!.bcs);
};
const hex = (bytes: Uint8Array | readonly number[]): string => Buffer.from(Uint8Array.from(bytes)).toString('hex');
const body = (user: string, more: object = {}): string => JSON.stringify({ model: 'sandbox/tiny-chat', user, temperature: 0, max_tokens: 16, messages: [{ role: 'user', content: 'What is the capital of France?' }], ...more });

let requests = 0;
const post = async (text: string, hash: Uint8Array, stack: { stackSmallId: bigint; digest: string }, path = '/v1/confidential/chat/completions'): Promise<Response> =>
  fetch(`${address}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'X-Signature': toSerializedSignature({ signature: await key.sign(hash), signatureScheme: 'Secp256k1', publicKey: key.getPublicKey() }),
      'X-Stack-Small-Id': String(stack.stackSmallId),
      'X-Tx-Digest': stack.digest,
      'X-Request-Id': `request-${(requests += 1)}`,
    },
    body: text,
  });
const send = (request: SealedRequest, stack: { stackSmallId: bigint; digest: string }): Promise<Response> => post(request.text, request.bodyHash, stack);
const buy = (units: bigint, taskSmallId = sealedTask) => wallet.buyStack({ taskSmallId, units, price, samplingConsensus: false });

describe('without the hardware', () => {
  it('the task is listed with the reason, its subscription refused, and the doctor says so', async () => {
    expect(await view()).toMatchObject({ serves: 'no', whyNot: { code: 'no_guest' }, key: null, rehearsal: { possible: true, on: false } });
    expect(await taskView()).toMatchObject({ canServe: false, whyNot: 'confidential_hardware' });
    expect((await node.handlers['wallet.propose']({ intent: subscribe })).preview).toMatchObject({ possible: false, problem: { code: 'confidential.refused' } });
    const { checks } = await node.handlers['diagnostics.doctor']({});
    expect(checks.find(({ check }) => check === 'confidential')).toMatchObject({ state: 'ok', proof: expect.stringContaining('not served') });
  });
});

describe('a rehearsal on the sandbox', () => {
  let current = '';

  it('announces a key with evidence that says what it is', async () => {
    expect(await node.handlers['confidential.rehearse']({ on: true })).toMatchObject({ serves: 'simulated', whyNot: null });
    expect(await taskView()).toMatchObject({ canServe: true, whyNot: null });
    await sign(node, subscribe);
    const { publicKey, digest } = await announced(0n);
    const event = await commitment(digest);
    expect([hex(event.newPublicKey), event.deviceType]).toEqual([publicKey, 15_999]);
    expect(JSON.parse(inflateSync(Uint8Array.from(event.evidenceBytes)).toString())).toEqual([expect.objectContaining({ evidence_type: 'simulated', notice: simulatedNotice })]);
    current = publicKey;
    const foreign = { kind: 'rotate_key', publicKey: 'ab'.repeat(32), evidence: 'AA==', counter: 0n, deviceType: 300 } as const;
    expect((await node.handlers['wallet.propose']({ intent: foreign })).preview).toMatchObject({ possible: false, problem: { code: 'chain.rejected' } });
  });

  it('tells the proxy where the node is reached and gives it the evidence, both signed by the wallet that registered it', async () => {
    const walletAddress = (await node.handlers['keys.get']({})).walletAddress!;
    const found = (path: string) => until([arrival], () => given.find((one) => one.path === path) ?? null);
    const { data, signature } = JSON.parse((await found('/v1/nodes')).body) as { data: object; signature: string };
    const nodeSmallId = Number((await node.handlers['node.get']({})).nodeSmallId);
    expect([data, await isSigned(new TextEncoder().encode(JSON.stringify(data)), signature, walletAddress)]).toEqual([{ node_small_id: nodeSmallId, public_address: 'https://node.example', country: 'DE' }, true]);

    const sent = await found('/v1/update_node_attestation');
    const { node_small_id: id, compressed_evidence: compressed } = JSON.parse(sent.body) as { node_small_id: number; compressed_evidence: number[] };
    const bytes = Buffer.alloc(8 + compressed.length);
    bytes.writeBigInt64LE(BigInt(id));
    bytes.set(compressed, 8);
    expect([sent.method, id, await isSigned(bytes, sent.signature!, walletAddress)]).toEqual(['PUT', nodeSmallId, true]);
    const event = await commitment((await announced(0n)).digest);
    expect(compressed).toEqual([...event.evidenceBytes]);
  });

  it('serves a sealed request, whole and as a stream whose pieces have a nonce each', async () => {
    const stack = await buy(3_000n);
    const request = await sealRequest({ body: body('1'), nodePublicKey: current, stackSmallId: stack.stackSmallId });
    const response = await send(request, stack);
    const text = await response.text();
    expect([response.status, text.includes('choices')]).toEqual([200, false]);
    const plain = await request.open(text);
    const { response_hash: hash, signature, usage } = JSON.parse(text);
    const signed = blake2b256(new TextEncoder().encode(plain));
    const parsed = parseSerializedSignature(signature);
    if (parsed.signatureScheme !== 'Secp256k1') throw new Error(`signed by ${parsed.signatureScheme}`);
    expect([hash, await publicKeyFromRawBytes('Secp256k1', parsed.publicKey).verify(signed, parsed.signature), usage]).toEqual([Buffer.from(signed).toString('base64'), true, JSON.parse(plain).usage]);

    const streamed = await sealRequest({ body: body('2', { stream: true }), nodePublicKey: current, stackSmallId: stack.stackSmallId });
    const lines = (await (await send(streamed, stack)).text()).split('\n\n').filter(Boolean).map((line) => line.replace(/^data: /, ''));
    expect(lines.pop()).toBe('[DONE]');
    expect(new Set(lines.map((line) => JSON.parse(line).nonce)).size).toBe(lines.length);
    const pieces = await Promise.all(lines.map((line) => streamed.open(line)));
    expect(pieces.map((piece) => JSON.parse(piece).choices[0]?.delta.content ?? '').join('')).toBe(JSON.parse(plain).choices[0].message.content);
  });

  it('refuses a request in clear on a confidential stack, a sealed one on another, and one signed by a stranger', async () => {
    const [sealed, clear] = [await buy(500n), await buy(500n, clearTask)];
    const text = body('3');
    const hash = blake2b256(new TextEncoder().encode(text));
    expect([(await post(text, hash, sealed, '/v1/chat/completions')).status, (await send(await sealRequest({ body: text, nodePublicKey: current, stackSmallId: clear.stackSmallId }), clear)).status]).toEqual([400, 400]);
    const request = await sealRequest({ body: text, nodePublicKey: current, stackSmallId: sealed.stackSmallId });
    expect((await post(request.text, blake2b256(new Uint8Array(3)), sealed)).status).toBe(401);
  });

  it('takes a new key when the network asks for one, and opens nothing that was sealed to the old one', async () => {
    const stack = await buy(500n);
    const stale = await sealRequest({ body: body('4'), nodePublicKey: current, stackSmallId: stack.stackSmallId });
    await sandbox.chain.administer({ kind: 'rotate-network-key' });
    const { publicKey, digest } = await announced(1n);
    expect([publicKey === current, hex((await commitment(digest)).newPublicKey)]).toEqual([false, publicKey]);
    const refused = await send(stale, stack);
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: 'INVALID_BODY' } }]);
    current = publicKey;
    expect((await send(await sealRequest({ body: body('5'), nodePublicKey: current, stackSmallId: stack.stackSmallId }), stack)).status).toBe(200);
  });

  it('claims the stack directly once 95 % of it are used, and is paid without a window', async () => {
    const measured = await buy(3_000n);
    const first = await sealRequest({ body: body('6'), nodePublicKey: current, stackSmallId: measured.stackSmallId });
    const { usage } = JSON.parse(await (await send(first, measured)).text()) as { usage: { total_tokens: number } };
    const used = BigInt(usage.total_tokens);
    // The largest stack of which the same answer is 95 % or more.
    const full = await buy((used * 100n) / 95n);
    const before = (await client.getBalance({ owner: (await node.handlers['keys.get']({})).walletAddress!, coinType: sandbox.info.coin.type })).balance.balance;
    expect((await send(await sealRequest({ body: body('7'), nodePublicKey: current, stackSmallId: full.stackSmallId }), full)).status).toBe(200);
    const stack = await until([node.onTopic], async () => (await node.handlers['stacks.list']({})).find(({ stackSmallId, phase }) => stackSmallId === full.stackSmallId && phase === 'claimed') ?? null);
    // One transaction for both.
    expect([stack.usedUnits, stack.settleDigest === stack.claimDigest, stack.claimDigest === null]).toEqual([used, true, false]);
    const after = (await client.getBalance({ owner: (await node.handlers['keys.get']({})).walletAddress!, coinType: sandbox.info.coin.type })).balance.balance;
    expect(BigInt(after) - BigInt(before)).toBe((used * price) / 1_000_000n);
    expect((await node.handlers['stacks.list']({})).find(({ stackSmallId }) => stackSmallId === measured.stackSmallId)).toMatchObject({ phase: 'working' });
  });

  it('ends with the switch: nothing opens any more, and the doctor names the subscription', async () => {
    const stack = await buy(500n);
    await node.handlers['confidential.rehearse']({ on: false });
    await until([node.onTopic], async () => ((await view()).key === null ? true : null));
    const refused = await send(await sealRequest({ body: body('8'), nodePublicKey: current, stackSmallId: stack.stackSmallId }), stack);
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: 'MODEL_ERROR' } }]);
    const { checks } = await node.handlers['diagnostics.doctor']({});
    expect(checks.find(({ check }) => check === 'confidential')).toMatchObject({ state: 'failed' });
  });
});
