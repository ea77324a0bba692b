/** The official `openai` client against a running node on the embedded network: a buyer signs with its wallet, gets whole and streamed answers, and pays from its stack (issue 4, item 6). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSerializedSignature, toSerializedSignature } from '@mysten/sui/cryptography';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { publicKeyFromRawBytes, verifyTransactionSignature } from '@mysten/sui/verify';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultIngress } from '../../src-shared/bridge/ingress-calls.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import type { ConsoleNode } from '../console-node.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { joinNetwork, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, until } from '../testing/whole-node.ts';

let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode;
let address = '';
const key = new Secp256k1Keypair();
let stack: { stackSmallId: bigint; digest: string };
/** Whole answers as they crossed. */
const crossed: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openai-'));
  sandbox = await openSandbox(join(folder, 'network'));
  const dataDir = join(folder, 'node');
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id);
  node = await openNode({ dataDir, profile: sandbox.profile });
  await node.secure.unlock(passphrase);
  await joinNetwork(node);
  await until([node.onTopic], async () => ((await node.handlers['node.get']({})).state === 'READY' ? true : null));
  await node.handlers['ingress.set']({ settings: { ...defaultIngress, enabled: true, port: 0 } });
  address = (await node.handlers['ingress.get']({})).address ?? '';
  const buyer = openBuyer(sandbox, key);
  stack = await buyer.buyStack({ taskSmallId: 1n, units: 3_000n, price: 100n, samplingConsensus: false });
}, 120_000);
afterAll(async () => {
  await node?.stop('now');
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** All that a buyer adds to the client: a signature over the body it is about to send. */
const signedFetch = (signer: Secp256k1Keypair, stackSmallId: bigint): typeof fetch => async (input, init) => {
  const body = String(init?.body);
  const headers = new Headers(init?.headers);
  const hash = blake2b256(new TextEncoder().encode(body));
  headers.set('X-Signature', toSerializedSignature({ signature: await signer.sign(hash), signatureScheme: 'Secp256k1', publicKey: signer.getPublicKey() }));
  headers.set('X-Stack-Small-Id', String(stackSmallId));
  headers.set('X-Tx-Digest', stack.digest);
  headers.set('X-Request-Id', crypto.randomUUID());
  const response = await fetch(input, { ...init, headers });
  if (response.ok && !body.includes('"stream":true')) crossed.push(await response.clone().text());
  return response;
};
const openai = (signer = key, stackSmallId = stack.stackSmallId): OpenAI => new OpenAI({ baseURL: `${address}/v1`, apiKey: 'unused', maxRetries: 0, fetch: signedFetch(signer, stackSmallId) });
const ask = (user: string) => ({ model: 'sandbox/tiny-chat', user, temperature: 0, max_tokens: 16, messages: [{ role: 'user' as const, content: 'What is the capital of France?' }] });
describe('the openai client', () => {
  let whole = '';

  it('gets an answer whose signature is the node\'s', async () => {
    const answer = await openai().chat.completions.create(ask('1'));
    whole = answer.choices[0]?.message.content ?? '';
    expect([answer.object, whole.length > 0, answer.model.startsWith('sandbox/tiny-chat@'), (answer.usage?.total_tokens ?? 0) > 0]).toEqual(['chat.completion', true, true, true]);
    const { signature, response_hash, ...rest } = JSON.parse(crossed[0]!) as { signature: string; response_hash: string };
    const hash = blake2b256(new TextEncoder().encode(JSON.stringify(rest)));
    const parsed = parseSerializedSignature(signature);
    if (parsed.signatureScheme !== 'Secp256k1') throw new Error(`signed by ${parsed.signatureScheme}`);
    const signer = publicKeyFromRawBytes('Secp256k1', parsed.publicKey);
    expect([Buffer.from(hash).toString('base64'), await signer.verify(hash, parsed.signature), signer.toSuiAddress()]).toEqual([response_hash, true, (await node.handlers['keys.get']({})).walletAddress]);
    // The signature is of an answer and of nothing else the key signs.
    await expect(verifyTransactionSignature(hash, signature)).rejects.toThrow();
  });

  it('gets the same answer as a stream, with its usage', async () => {
    const stream = await openai().chat.completions.create({ ...ask('2'), stream: true });
    let text = '';
    let total = 0;
    let end: string | null = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      end = chunk.choices[0]?.finish_reason ?? end;
      total = chunk.usage?.total_tokens ?? total;
    }
    expect([text, end === 'stop' || end === 'length', total > 0]).toEqual([whole, true, true]);
  });

  it('is refused as what it is: a stranger, a replay, another model', async () => {
    await expect(openai(new Secp256k1Keypair()).chat.completions.create(ask('3'))).rejects.toMatchObject({ status: 401, error: { code: 'AUTH_ERROR' } });
    await expect(openai().chat.completions.create(ask('1'))).rejects.toMatchObject({ status: 401, error: { code: 'AUTH_ERROR' } });
    await expect(openai().chat.completions.create({ ...ask('4'), model: 'other' })).rejects.toMatchObject({ status: 400, error: { code: 'MODEL_ERROR' } });
    await expect(openai(key, 99n).chat.completions.create(ask('5'))).rejects.toMatchObject({ status: 401 });
  });

  it('pays from its stack: each answer is an entry the node numbered, the coordinator was told nothing, and the stack settles', async () => {
    const { items } = await node.handlers['jobs.list']({ limit: 50, stages: ['accepted'], stackSmallId: stack.stackSmallId, before: null });
    expect(items.map(({ entryIndex, acknowledged }) => [entryIndex, acknowledged])).toEqual([[1, 'accepted'], [0, 'accepted']]);
    const used = items.reduce((sum, { computeUnits }) => sum + (computeUnits ?? 0n), 0n);
    const view = async () => (await node.handlers['stacks.list']({})).find(({ stackSmallId }) => stackSmallId === stack.stackSmallId);
    expect([(await view())?.usedUnits, sandbox.coordinator.totals().accepted]).toEqual([used, 0]);
    expect(await node.handlers['stacks.settle']({ stackSmallId: stack.stackSmallId })).toMatchObject({ status: 'success' });
    expect(await view()).toMatchObject({ claimedUnits: used });
    await expect(openai().chat.completions.create(ask('6'))).rejects.toMatchObject({ status: 423, error: { code: 'LOCKED_STACK_ERROR' } });
  });
});
