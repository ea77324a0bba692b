/** One request of every role through the whole product: sandbox chain and coordinator, a sealed request, the node's pipeline, the real engines, an acknowledged proof (issue 4, item 1, "Done when"). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ConsoleNode } from '../console-node.ts';
import { startEngineDouble, type EngineDouble } from '../engines/testing/engine-double.ts';
import { hashOf, planFunction } from '../sandbox/buyers/function-bodies.ts';
import { createWallet, type Wallet } from '../sandbox/buyers/wallet.ts';
import { picture, tones } from '../sandbox/buyers/role-bodies.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { announcedBy, makeVault, markStarted, openNode, openSandbox, passphrase, sign, until } from '../testing/whole-node.ts';

const limitMs = 180_000;
/** Tasks of the test's chain, by their number less one; 6 and 7 are listed and refused. */
const tasks = [
  { role: 0, modelName: 'sandbox/tiny-chat' }, { role: 1, modelName: 'sandbox/tiny-embed' }, { role: 2, modelName: 'sandbox/tiny-vision' }, { role: 3, modelName: 'nobody/draws' },
  { role: 4, modelName: 'sandbox/tiny-voice' }, { role: 5, modelName: 'sandbox/tiny-ear' }, { role: 6, modelName: 'sandbox/tiny-chat' }, { role: 7, modelName: 'sandbox/tiny-chat' },
] as const;
const taskOf = (role: number): bigint => BigInt(tasks.findIndex((task) => task.role === role) + 1);
const units = 2_000n;

let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode;
let buyer: Wallet;
let painter: EngineDouble;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roles-'));
  painter = await startEngineDouble({ kind: 'openai', models: ['painter'] });
  sandbox = await openSandbox(join(folder, 'network'), 'G1', tasks.map((task) => ({ ...task, security: 'none' as const })));
  const dataDir = join(folder, 'node');
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id, { autoSettle: false });
  node = await openNode({ dataDir, profile: sandbox.profile });
  await node.secure.unlock(passphrase);
  await node.handlers['setup.faucet']({});
  await sign(node, { kind: 'register' });
  for (const role of [0, 1, 2, 4, 5]) await sign(node, { kind: 'subscribe', taskSmallId: taskOf(role), price: 80n, maxComputeUnits: 1_000_000n });
  const client = new SuiGrpcClient({ network: 'custom', baseUrl: sandbox.info.grpcUrl });
  buyer = createWallet(new Secp256k1Keypair().getSecretKey(), { client, network: sandbox.chain, faucetSui: sandbox.chain.faucetSui, faucetCoin: sandbox.chain.faucetCoin });
  await until(announcedBy(sandbox), () => (sandbox.coordinator.nodes().some(({ heartbeat }) => heartbeat?.state === 'READY') ? true : null));
}, limitMs);
afterAll(async () => {
  await node?.stop('now');
  await sandbox?.stop();
  await painter?.close();
  rmSync(folder, { recursive: true, force: true });
}, limitMs);

type Outcome = { kind: string; requestId: string; resultBytes?: Uint8Array; code?: string };

/** Sends one body on a fresh stack of the role's task and waits for what becomes of it. */
async function ask(role: number, body: object, maxComputeUnits = 1_000, workloadClass?: 'wasm.run'): Promise<{ outcome: Outcome; taken: bigint }> {
  const { stackSmallId } = await buyer.buyStack({ taskSmallId: taskOf(role), units, price: 100n, samplingConsensus: false });
  await sandbox.coordinator.openStack(stackSmallId);
  const outcomes: Outcome[] = [];
  const stop = sandbox.coordinator.onOutcome((outcome) => outcomes.push(outcome as Outcome));
  try {
    const sent = sandbox.coordinator.submit({ stackSmallId, body: JSON.stringify(body), replyTo: null, maxComputeUnits, windowMs: 60_000, stream: false, ...(workloadClass === undefined ? {} : { workloadClass }) });
    if (!('requestId' in sent)) throw new Error(sent.refused);
    const outcome = await until([sandbox.coordinator.onOutcome, ...announcedBy(sandbox)], () => outcomes.find(({ requestId }) => requestId === sent.requestId) ?? null);
    return { outcome, taken: sandbox.coordinator.stackUse(stackSmallId)?.acceptedUnits ?? -1n };
  } finally {
    stop();
  }
}
const textOf = ({ outcome }: { outcome: Outcome }): string => new TextDecoder().decode(outcome.resultBytes);

describe('every role', () => {
  it('is served, from the sealed request to the acknowledged proof', async () => {
    const chat = await ask(0, { messages: [{ role: 'user', content: 'Say hello to Ada and Max.' }], max_completion_tokens: 60 });
    const usage = z.object({ usage: z.object({ total_tokens: z.number() }), choices: z.array(z.object({ message: z.object({ content: z.string() }) })) });
    const chatted = usage.parse(JSON.parse(textOf(chat)));
    expect([chat.outcome.kind, chatted.choices[0]?.message.content, chat.taken]).toEqual(['accepted', 'Hello Ada and Max!', BigInt(chatted.usage.total_tokens)]);

    const embedded = await ask(1, { input: ['Say hello to Ada.', 'Please greet Ada.'] });
    expect(textOf(embedded)).toMatch(/^\{"object":"list","data":\[\{"object":"embedding","index":0,"embedding":\[-?[\d.e,-]+\]\},\{"object":"embedding","index":1,"embedding":\[[^\]]+\]\}\],"model":"sandbox\/tiny-embed@[0-9a-f]{12}","usage":\{"prompt_tokens":13,"total_tokens":13\}\}$/);
    expect(embedded.taken).toBe(13n);

    const url = `data:image/png;base64,${picture(0).toString('base64')}`;
    const seen = await ask(2, { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }, { type: 'text', text: 'What colour is the ground?' }] }] });
    const saw = usage.parse(JSON.parse(textOf(seen)));
    expect([saw.choices[0]?.message.content, seen.taken]).toEqual(['red', BigInt(saw.usage.total_tokens)]);

    const spoken = await ask(4, { input: 'give me tea', voice: 'default', response_format: 'wav' });
    expect(textOf(spoken)).toMatch(/^\{"audio":"UklGR[A-Za-z0-9+/]+={0,2}","format":"wav"\}$/);
    expect(spoken.taken).toBe(154n);

    const { audio } = z.object({ audio: z.string() }).parse(JSON.parse(textOf(spoken)));
    const heard = await ask(5, { file: audio });
    expect([textOf(heard), heard.taken]).toEqual(['{"text":"give me tea"}', 154n]);
    expect(sandbox.coordinator.totals()).toMatchObject({ accepted: 5 });
  }, limitMs);

  it('is listed with what this machine can do about it', async () => {
    const listed = await node.handlers['tasks.list']({});
    const seen = Object.fromEntries((listed as unknown as { role: number; canServe: boolean; whyNot: string | null }[]).map(({ role, canServe, whyNot }) => [role, canServe ? 'can' : whyNot]));
    expect(seen).toEqual({ 0: 'can', 1: 'can', 2: 'can', 3: 'needs_engine', 4: 'can', 5: 'can', 6: 'role_unsupported', 7: 'role_unsupported' });
  });
});

describe('work that this console does not do by its models', () => {
  it('is drawn by an external engine, from the sealed request to the acknowledged proof', async () => {
    await node.handlers['engines.save']({ settings: { id: 'painter', name: 'Painter', kind: 'openai', url: painter.url, enabled: true, concurrency: 1, queue: 1, models: [{ id: 'nobody/draws@main', engineModel: 'painter', role: 3, contextTokens: null }] } });
    await sign(node, { kind: 'subscribe', taskSmallId: taskOf(3), price: 80n, maxComputeUnits: 1_000_000n });
    // A manifest that changes is sent over a new connection.
    await until([sandbox.coordinator.onChange], () => (sandbox.coordinator.nodes().some(({ models, heartbeat }) => models.includes('nobody/draws@main') && heartbeat?.state === 'READY') ? true : null));
    const drawn = await ask(3, { prompt: 'a kite', n: 2, size: '16x24' });
    const image = Buffer.from('16x24').toString('base64');
    expect(textOf(drawn)).toMatch(new RegExp(`^\\{"created":\\d+,"data":\\[\\{"b64_json":"${image}"\\},\\{"b64_json":"${image}"\\}\\]\\}$`));
    expect([drawn.outcome.kind, drawn.taken]).toEqual(['accepted', BigInt(2 * 16 * 24)]);
    expect(painter.requests.at(-1)?.body).toMatchObject({ model: 'painter', prompt: 'a kite', n: 2, size: '16x24' });
    const listed = await node.handlers['tasks.list']({});
    expect(listed.find(({ role }) => role === 3)).toMatchObject({ canServe: true, whyNot: null });
  }, limitMs);
  it('is a function that brings its own module, run in a process of its own', async () => {
    const plan = planFunction({ number: 0, unitsLeft: 2_000, unitsLocked: 0 });
    if (plan.kind !== 'send') throw new Error(plan.kind);
    const ran = await ask(0, JSON.parse(plan.body) as object, plan.maxComputeUnits, 'wasm.run');
    const { stdout, instructions, trap } = z.object({ stdout: z.string(), instructions: z.number(), trap: z.null() }).parse(JSON.parse(textOf(ran)));
    expect([ran.outcome.kind, stdout, trap]).toEqual(['accepted', hashOf('tea').toString('base64'), null]);
    expect(ran.taken).toBe(BigInt(Math.ceil(instructions / 1_000_000)));
    expect(Number(ran.taken)).toBe(plan.maxComputeUnits);
  }, limitMs);
});

describe('what cannot be used', () => {
  const chat = { messages: [{ role: 'user', content: 'Hi' }] };
  const remote = { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }] };
  it.each<[string, number, object, number]>([
    ['no JSON object', 0, [], 1_000],
    ['a parameter nobody knows', 0, { ...chat, top_k: 5 }, 1_000],
    ['two answers', 0, { ...chat, n: 2 }, 1_000],
    ['a penalty that would change the answer', 0, { ...chat, presence_penalty: 1 }, 1_000],
    ['a prompt over the units', 0, { messages: [{ role: 'user', content: 'x'.repeat(200) }] }, 100],
    ['a chat where embeddings are served', 1, chat, 1_000],
    ['more text than units', 1, { input: 'hello hello hello hello hello' }, 3],
    ['a width the model does not have', 1, { input: 'hello', dimensions: 3 }, 1_000],
    ['a picture from elsewhere', 2, remote, 1_000],
    ['a picture that is none', 2, { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] }] }, 1_000],
    ['another format of sound', 4, { input: 'hi', response_format: 'mp3' }, 1_000],
    ['a voice that is not there', 4, { input: 'hi', voice: 'alloy' }, 1_000],
    ['what is no sound', 5, { file: 'AAAA' }, 1_000],
    ['more sound than units', 5, { file: tones('hello').toString('base64') }, 20],
  ])('is a failure report that costs nothing: %s', async (_, role, body, maxComputeUnits) => {
    const { outcome, taken } = await ask(role, body, maxComputeUnits);
    expect([outcome.kind === 'accepted', taken]).toEqual([false, 0n]);
    expect(Object.values(outcome)).toContain('bad_payload');
  }, limitMs);
});
