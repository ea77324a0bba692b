/** One request of every role through the whole product: sandbox chain and coordinator, a sealed request, the node's pipeline, the real engines, an acknowledged proof (issue 4, item 1, "Done when"). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ConsoleNode } from '../console-node.ts';
import { startEngineDouble, type EngineDouble } from '../engines/testing/engine-double.ts';
import { hashOf, planFunction } from '../sandbox/buyers/function-bodies.ts';
import { picture, tones } from '../sandbox/buyers/role-bodies.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { announcedBy, until } from '../testing/whole-node.ts';
import { openRoleNetwork, type RoleNetwork } from './role-network.ts';

const limitMs = 180_000;
/** Tasks of the test's chain, by their number less one; 6 and 7 are listed and refused. */
const tasks = [
  { role: 0, modelName: 'sandbox/tiny-chat' }, { role: 1, modelName: 'sandbox/tiny-embed' }, { role: 2, modelName: 'sandbox/tiny-vision' }, { role: 3, modelName: 'nobody/draws' },
  { role: 4, modelName: 'sandbox/tiny-voice' }, { role: 5, modelName: 'sandbox/tiny-ear' }, { role: 6, modelName: 'sandbox/tiny-chat' }, { role: 7, modelName: 'sandbox/tiny-chat' },
] as const;
const units = 2_000n;

let network: RoleNetwork;
let sandbox: Sandbox;
let node: ConsoleNode;
let painter: EngineDouble;

beforeAll(async () => {
  painter = await startEngineDouble({ kind: 'openai', models: ['painter'] });
  network = await openRoleNetwork({ tasks: tasks.map((task) => ({ ...task, security: 'none' as const })), served: [0, 1, 2, 4, 5] });
  ({ sandbox, node } = network);
}, limitMs);
afterAll(async () => {
  await network?.close();
  await painter?.close();
}, limitMs);

type Outcome = { kind: string; requestId: string; resultBytes?: Uint8Array; code?: string };

const buyStack = (role: number): Promise<bigint> => network.buyStack(role, units);
/** Sends one body on a stack of the role's task, a fresh one unless it is given, and waits for what becomes of it. */
async function ask(role: number, body: object, maxComputeUnits = 1_000, workloadClass?: 'wasm.run', given?: bigint): Promise<{ outcome: Outcome; taken: bigint }> {
  const stackSmallId = given ?? (await buyStack(role));
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
    await network.subscribe(3);
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
  const asking = (url: string, text = 'Hi'): object => ({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }, { type: 'text', text }] }] });
  const seen = `data:image/png;base64,${picture(0).toString('base64')}`;
  const run = { module: 'AAAA', args: [], stdin: '' };
  /** One stack for each role: what fails takes nothing of it. */
  const stacks = new Map<number, bigint>();
  it.each<[role: number | 'wasm', what: string, body: object, maxComputeUnits: number]>([
    [0, 'no JSON object', [], 1_000],
    [0, 'a parameter nobody knows', { ...chat, top_k: 5 }, 1_000],
    [0, 'a text for a number', { ...chat, max_tokens: 'many' }, 1_000],
    [0, 'two answers', { ...chat, n: 2 }, 1_000],
    [0, 'a penalty that would change the answer', { ...chat, presence_penalty: 1 }, 1_000],
    [0, 'a prompt over the units', { messages: [{ role: 'user', content: 'x'.repeat(200) }] }, 100],
    [1, 'a parameter nobody knows', { input: 'hello', truncate: true }, 1_000],
    [1, 'a number for a text', { input: 5 }, 1_000],
    [1, 'a chat', chat, 1_000],
    [1, 'more text than units', { input: 'hello hello hello hello hello' }, 3],
    [1, 'a width the model does not have', { input: 'hello', dimensions: 3 }, 1_000],
    [2, 'a parameter nobody knows', { ...asking(seen), top_k: 5 }, 1_000],
    [2, 'a picture from elsewhere', asking('https://example.com/a.png'), 1_000],
    [2, 'a picture that is none', asking('data:image/png;base64,AAAA'), 1_000],
    [2, 'a question over the units', asking(seen, 'x'.repeat(200)), 50],
    [3, 'a parameter nobody knows', { prompt: 'a kite', size: '16x16', style: 'vivid' }, 1_000],
    [3, 'a number for a size', { prompt: 'a kite', size: 16 }, 1_000],
    [3, 'a side over 4,096', { prompt: 'a kite', size: '5000x16' }, 1_000],
    [3, 'more picture than units', { prompt: 'a kite', size: '64x64' }, 1_000],
    [4, 'a parameter nobody knows', { input: 'hi', instructions: 'soft' }, 1_000],
    [4, 'a number for a text', { input: 5 }, 1_000],
    [4, 'a text over 4,096 characters', { input: 'x'.repeat(4_097) }, 1_000],
    [4, 'another format of sound', { input: 'hi', response_format: 'mp3' }, 1_000],
    [4, 'a voice that is not there', { input: 'hi', voice: 'alloy' }, 1_000],
    [5, 'a parameter nobody knows', { file: tones('hi').toString('base64'), prompt: 'a' }, 1_000],
    [5, 'a number for a file', { file: 5 }, 1_000],
    [5, 'what is no sound', { file: 'AAAA' }, 1_000],
    [5, 'more sound than units', { file: tones('hello').toString('base64') }, 20],
    ['wasm', 'a parameter nobody knows', { ...run, env: {} }, 1_000],
    ['wasm', 'a text for a list', { ...run, args: 'a' }, 1_000],
    ['wasm', 'an argument over 65,536 characters', { ...run, args: ['x'.repeat(65_537)] }, 1_000],
    ['wasm', 'what is no module', run, 1_000],
  ])('is a failure report that costs nothing: %s, %s', async (kind, _, body, maxComputeUnits) => {
    const role = kind === 'wasm' ? 0 : kind;
    const stackSmallId = stacks.get(role) ?? (await buyStack(role));
    stacks.set(role, stackSmallId);
    const { outcome, taken } = await ask(role, body, maxComputeUnits, kind === 'wasm' ? 'wasm.run' : undefined, stackSmallId);
    expect([outcome.kind === 'accepted', taken]).toEqual([false, 0n]);
    expect(Object.values(outcome)).toContain('bad_payload');
  }, limitMs);
});
