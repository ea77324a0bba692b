/** A request of every role under sampling consensus: run again before settling and run again to attest, by the real engines, to the byte (coordinator.md 4 and 7; decision 0014). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { ConsoleNode } from '../console-node.ts';
import { planFunction } from '../sandbox/buyers/function-bodies.ts';
import { picture } from '../sandbox/buyers/role-bodies.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { announcedBy, until } from '../testing/whole-node.ts';
import { openRoleNetwork, type RoleNetwork } from './role-network.ts';

const limitMs = 180_000;
const tasks = [
  { role: 0, modelName: 'sandbox/tiny-chat' }, { role: 1, modelName: 'sandbox/tiny-embed' }, { role: 2, modelName: 'sandbox/tiny-vision' }, { role: 4, modelName: 'sandbox/tiny-voice' },
  { role: 5, modelName: 'sandbox/tiny-ear' },
] as const;
/** One percent of it is less than any request takes. */
const units = 1_000n;

let network: RoleNetwork;
let sandbox: Sandbox;
let node: ConsoleNode;

beforeAll(async () => {
  network = await openRoleNetwork({ tasks: tasks.map((task) => ({ ...task, security: 'sampling-consensus' as const })), served: tasks.map(({ role }) => role) });
  ({ sandbox, node } = network);
  await until(announcedBy(sandbox), () => (sandbox.coordinator.serves(1n, 'wasm.run') ? true : null));
}, limitMs);
afterAll(() => network?.close(), limitMs);

/** One request on a stack, acknowledged; the result's text. */
async function served(stackSmallId: bigint, body: string, workloadClass?: 'wasm.run'): Promise<string> {
  const results: string[] = [];
  const stop = sandbox.coordinator.onOutcome((outcome) => results.push(outcome.kind === 'accepted' ? new TextDecoder().decode(outcome.resultBytes) : outcome.kind));
  try {
    expect(sandbox.coordinator.submit({ stackSmallId, body, replyTo: null, maxComputeUnits: 900, windowMs: 60_000, stream: false, ...(workloadClass === undefined ? {} : { workloadClass }) })).toHaveProperty('requestId');
    return await until([sandbox.coordinator.onOutcome, ...announcedBy(sandbox)], () => results[0] ?? null);
  } finally {
    stop();
  }
}

it('every role agrees with itself twice, functions too, and the ticket closes without a dispute', async () => {
  const stacks = new Map<number, bigint>();
  for (const { role } of tasks) stacks.set(role, await network.buyStack(role, units));
  const on = (role: number): bigint => stacks.get(role) ?? 0n;
  const url = `data:image/png;base64,${picture(0).toString('base64')}`;
  await served(on(0), JSON.stringify({ messages: [{ role: 'user', content: 'Say hello to Ada and Max.' }], max_completion_tokens: 60 }));
  const planned = planFunction({ number: 0, unitsLeft: Number(units), unitsLocked: 0 });
  await served(on(0), planned.kind === 'send' ? planned.body : '', 'wasm.run');
  await served(on(1), JSON.stringify({ input: ['Say hello to Ada.', 'Please greet Ada.'] }));
  await served(on(2), JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }, { type: 'text', text: 'What colour is the ground?' }] }] }));
  const { audio } = z.object({ audio: z.string() }).parse(JSON.parse(await served(on(4), JSON.stringify({ input: 'give me tea', voice: 'default', response_format: 'wav' }))));
  expect(await served(on(5), JSON.stringify({ file: audio }))).toBe('{"text":"give me tea"}');

  // The only subscriber is drawn to attest itself (protocol.md 5.5): from the envelopes that it kept.
  await sandbox.control.setAttestations({ probabilityPermille: 1_000, extraNodes: 1 });
  const { policies } = await node.handlers['settings.get']({});
  await node.handlers['settings.policies']({ policies: { ...policies, autoSettle: true, settleAtPercent: 1, selfAuditSample: 10 } });
  const view = await until([node.onTopic], async () => {
    const list = await node.handlers['attestations.list']({});
    return list.asked.filter(({ phase }) => phase === 'attested').length === tasks.length ? list : null;
  });
  const entriesOf = (stack: bigint): number => (stack === on(0) ? 2 : 1);
  for (const { role } of tasks) {
    const [stack, entries] = [on(role), entriesOf(on(role))];
    expect(view.audits.find((audit) => audit.stackSmallId === stack), `audit of role ${role}`).toMatchObject({ status: 'passed', checked: entries, differing: 0, missing: 0 });
    expect(view.asked.find((one) => one.stackSmallId === stack), `attestation of role ${role}`).toMatchObject({ ownStack: true, total: entries, differing: 0, strangers: 0 });
  }
  expect(view.own.filter(({ isInDispute }) => isInDispute)).toEqual([]);
}, limitMs);
