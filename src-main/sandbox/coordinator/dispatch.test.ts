/** Dispatches through the real socket: envelope, answers, every rejection, duplicates, requeue, restart, history (coordinator.md 3 to 7). */
import { createHash, randomBytes } from 'node:crypto';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import vectors from '../../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { replyToSchema } from '../../../src-shared/link/envelope.ts';
import { body, firstStack, startBench, vectorKeys } from './coordinator-bench.ts';
import type { RequestOutcome } from './dispatcher.ts';
import type { ResultBend, StrictNode } from './strict-node.ts';

let bench: Awaited<ReturnType<typeof startBench>>;
let node: StrictNode;
let outcomes: RequestOutcome[];
const listen = () => void bench.coordinator.onOutcome((outcome) => outcomes.push(outcome));
beforeEach(async () => {
  bench = await startBench();
  outcomes = [];
  listen();
  node = await bench.connect();
  await node.enter();
});
afterEach(() => bench.stop());

const stranger = Secp256k1Keypair.fromSecretKey(randomBytes(32));
const reconnect = async (): Promise<string[]> => {
  node.leave();
  await node.closed;
  await expect.poll(() => bench.coordinator.nodes().length).toBe(0);
  node = await bench.connect();
  return (await node.enter()).awaiting;
};
const accept = async (bend: ResultBend = {}) => {
  const dispatch = await bench.dispatch(node);
  node.send({ type: 'accepted', task_id: dispatch.task_id });
  node.send(await node.result(dispatch, bend));
  return { dispatch, ack: await node.ack() };
};

describe('the good path', () => {
  it('seals the body for the node and acknowledges the result with the next entry_index', async () => {
    const dispatch = await bench.dispatch(node);
    expect(dispatch).toMatchObject({ task_small_id: 1, stack_small_id: 12, workload_class: 'ai.inference', model: 'sandbox/tiny-chat@0123456789ab', max_compute_units: 100, deadline_ts: bench.clock.now() + 60_000, stream: false });
    expect(await node.open(dispatch)).toEqual({ v: 1, body });
    node.send({ type: 'accepted', task_id: dispatch.task_id });
    node.send(await node.result(dispatch));
    expect(await node.ack()).toMatchObject({ task_id: dispatch.task_id, status: 'accepted', entry_index: 0 });
    expect((await accept()).ack).toMatchObject({ entry_index: 1 });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect(bench.coordinator.stackUse(firstStack)).toMatchObject({ acceptedUnits: 80n, lockedUnits: 0n });
    expect(bench.coordinator.totals()).toEqual({ requestsSent: 2, accepted: 2, rejected: 0, declined: 0, failed: 0 });
  });
  it('takes a result whose accepted was lost', async () => {
    const dispatch = await bench.dispatch(node);
    node.send(await node.result(dispatch));
    expect(await node.ack()).toMatchObject({ status: 'accepted' });
  });
  it('takes chunks in order, and only where they were asked for', async () => {
    const dispatch = await bench.dispatch(node, { stream: true });
    node.send({ type: 'accepted', task_id: dispatch.task_id });
    const chunk = (seq: number) => node.send({ type: 'chunk', task_id: dispatch.task_id, seq, data: Buffer.from('{}').toString('base64') });
    [0, 1, 2].forEach(chunk);
    expect(await reconnect()).toEqual([dispatch.task_id]);
    // Chunks lost with the link are not sent again, their seq goes on.
    chunk(7);
    node.send(await node.result(dispatch));
    expect(await node.ack()).toMatchObject({ status: 'accepted' });
    chunk(8);
    await node.heartbeat();
    await node.next('heartbeat_ack');
  });
  it.each([['a gap', true, 1], ['not streamed', false, 0]])('closes 1008 for a chunk: %s', async (_, stream, seq) => {
    const dispatch = await bench.dispatch(node, { stream });
    node.send({ type: 'chunk', task_id: dispatch.task_id, seq, data: '' });
    expect((await node.closed).code).toBe(1008);
  });
  it('sends no more than the node has slots, and the rest when one is free', async () => {
    const first = await bench.dispatch(node);
    await bench.dispatch(node);
    expect(bench.coordinator.room(7n)).toBe(0);
    const third = bench.dispatch(node);
    node.send(await node.result(first));
    await node.ack();
    expect((await third).task_id).not.toBe(first.task_id);
  });
});

describe('rejections', () => {
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const bends: [string, ResultBend, string][] = [
    ['another stack', { stackSmallId: 13 }, 'unknown_task'],
    ['another task', { taskId: '01M7XPG0PVERF7HENE4K5HTVH9' }, 'unknown_task'],
    ['another key', { signer: stranger }, 'bad_signature'],
    ['another proof', { poe: sha('x') }, 'bad_poe'],
    ['another entry', { entry: sha('x') }, 'bad_entry'],
    ['too many units', { usage: { input: 60, output: 41 } }, 'over_budget'],
    ['units that usage does not say', { computeUnits: 41 }, 'over_budget'],
  ];
  it.each(bends)('%s: %s', async (_, bend, reason) => {
    const { ack } = await accept(bend);
    expect(ack).toMatchObject({ status: 'rejected', reason });
    expect(ack.entry_index).toBeUndefined();
    expect(bench.coordinator.stackUse(firstStack)).toMatchObject({ acceptedUnits: 0n });
    expect(bench.coordinator.totals().rejected).toBe(reason === 'unknown_task' ? 0 : 1);
  });
  it('rejects what comes over 5 s after the deadline, not before', async () => {
    const [early, late] = [await bench.dispatch(node), await bench.dispatch(node)];
    for (const { task_id } of [early, late]) node.send({ type: 'accepted', task_id });
    await node.heartbeat();
    await node.next('heartbeat_ack');
    bench.clock.advance(65_000);
    node.send(await node.result(early));
    expect(await node.ack()).toMatchObject({ status: 'accepted', entry_index: 0 });
    bench.clock.advance(1);
    node.send(await node.result(late));
    expect(await node.ack()).toMatchObject({ status: 'rejected', reason: 'late' });
    node.send(await node.result(late));
    expect(await node.ack()).toMatchObject({ status: 'rejected', reason: 'late' });
  });
  it('answers a repeat with the first entry_index, even when it differs', async () => {
    await accept();
    const { dispatch } = await accept();
    node.send(await node.result(dispatch, { content: 'Another answer.', signer: stranger }));
    expect(await node.ack()).toMatchObject({ status: 'duplicate', entry_index: 1 });
    expect(bench.coordinator.stackUse(firstStack)).toMatchObject({ acceptedUnits: 80n });
  });
  it('cannot check the entry of an answer sealed for the buyer', async () => {
    const replyTo = replyToSchema.parse(vectors.sealed_answers.p256.reply_to);
    bench.coordinator.submit({ stackSmallId: firstStack, body, replyTo, maxComputeUnits: 100, windowMs: 60_000, stream: false });
    const dispatch = await node.next('dispatch');
    expect((await node.open(dispatch)).reply_to).toEqual(replyTo);
    node.send(await node.result(dispatch, { entry: sha('x') }));
    expect(await node.ack()).toMatchObject({ status: 'accepted', entry_index: 0 });
  });
});

describe('work that ends without a result', () => {
  it('requeues what is not final under a new task_id', async () => {
    const first = await bench.dispatch(node);
    node.send({ type: 'accepted', task_id: first.task_id });
    await node.failure(first.task_id, 'model_failed');
    expect(await node.next('failure_ack')).toEqual({ type: 'failure_ack', task_id: first.task_id });
    bench.clock.advance(500);
    const second = await node.next('dispatch');
    expect(second.task_id).not.toBe(first.task_id);
    expect(await node.open(second)).toEqual({ v: 1, body });
    // The first is over: a later result gets unknown_task, a later failure its ack.
    node.send(await node.result(first));
    expect(await node.ack()).toMatchObject({ status: 'rejected', reason: 'unknown_task' });
    await node.failure(first.task_id, 'internal');
    await node.next('failure_ack');
  });
  it.each(['cancelled', 'bad_payload', 'result_too_large', 'deadline_passed'])('ends with the final failure %s', async (code) => {
    const dispatch = await bench.dispatch(node);
    await node.failure(dispatch.task_id, code);
    await node.next('failure_ack');
    expect(outcomes).toMatchObject([{ kind: 'dropped', code }]);
    expect(bench.coordinator.stackUse(firstStack)).toMatchObject({ lockedUnits: 0n });
  });
  it('cancels and gives up what is not answered within 2 s, and tries again', async () => {
    const first = await bench.dispatch(node);
    bench.clock.advance(2_000);
    expect(await node.next('cancel')).toMatchObject({ task_id: first.task_id });
    bench.clock.advance(500);
    expect((await node.next('dispatch')).task_id).not.toBe(first.task_id);
    expect(bench.coordinator.totals()).toMatchObject({ requestsSent: 2, failed: 1 });
  });
  it('retries a busy node later, waits for a paused one to be free', async () => {
    const first = await bench.dispatch(node);
    node.send({ type: 'declined', task_id: first.task_id, code: 'busy' });
    await expect.poll(() => bench.coordinator.totals().declined).toBe(1);
    bench.clock.advance(1_000);
    const second = await node.next('dispatch');
    node.send({ type: 'declined', task_id: second.task_id, code: 'paused' });
    await expect.poll(() => bench.coordinator.totals().declined).toBe(2);
    bench.clock.advance(60_000);
    expect(bench.coordinator.totals().requestsSent).toBe(2);
    await node.heartbeat({ free: 2 });
    expect((await node.next('dispatch')).task_id).not.toBe(second.task_id);
  });
  it('drops the stack that is settling', async () => {
    const dispatch = await bench.dispatch(node);
    node.send({ type: 'declined', task_id: dispatch.task_id, code: 'stack_settling' });
    await expect.poll(() => outcomes).toMatchObject([{ kind: 'dropped', code: 'stack_settling' }]);
    expect(bench.coordinator.submit({ stackSmallId: firstStack, body, replyTo: null, maxComputeUnits: 1, windowMs: 1, stream: false })).toEqual({ refused: 'stack_closed' });
  });
  it('sends cancel, and nothing new to a node that drains', async () => {
    const dispatch = await bench.dispatch(node);
    bench.coordinator.cancel(dispatch.task_id, 'buyer left');
    expect(await node.next('cancel')).toMatchObject({ task_id: dispatch.task_id, reason: 'buyer left' });
    node.send({ type: 'drain', reason: 'closing' });
    await expect.poll(() => bench.coordinator.room(7n)).toBe(0);
    await node.heartbeat({ free: 2 }); // free slots do not end it, the session does
    await node.next('heartbeat_ack');
    expect(bench.coordinator.room(7n)).toBe(0);
    await reconnect();
    expect(bench.coordinator.room(7n)).toBeGreaterThan(0);
  });
  it('gives an accepted task up long after its deadline', async () => {
    const dispatch = await bench.dispatch(node);
    node.send({ type: 'accepted', task_id: dispatch.task_id });
    expect(await reconnect()).toEqual([dispatch.task_id]);
    bench.clock.advance(66_000);
    expect(outcomes).toMatchObject([{ kind: 'dropped', code: 'deadline_passed' }]);
    await node.heartbeat();
    await node.next('heartbeat_ack');
    node.leave();
    await node.closed;
    bench.clock.advance(600_000);
    node = await bench.connect();
    expect((await node.enter()).awaiting).toEqual([]);
  });
  it('refuses more than the stack has left', () => {
    const ask = (maxComputeUnits: number) => bench.coordinator.submit({ stackSmallId: firstStack, body, replyTo: null, maxComputeUnits, windowMs: 60_000, stream: false });
    expect(ask(600)).toHaveProperty('requestId');
    expect(ask(401)).toEqual({ refused: 'over_stack' });
    expect(ask(400)).toHaveProperty('requestId');
    expect(bench.coordinator.submit({ stackSmallId: 99n, body, replyTo: null, maxComputeUnits: 1, windowMs: 1, stream: false })).toEqual({ refused: 'unknown_stack' });
  });
});

describe('restart', () => {
  it('still awaits what was accepted, goes on with entry_index, and gives up what was never answered', async () => {
    await accept();
    const running = await bench.dispatch(node);
    node.send({ type: 'accepted', task_id: running.task_id });
    await node.heartbeat({ running: 1, free: 1 });
    await node.next('heartbeat_ack');
    const unanswered = await bench.dispatch(node);
    const ready = node.result(running);
    await bench.restart();
    listen();
    expect((await node.closed).code).toBe(1000);
    node = await bench.connect();
    expect((await node.enter()).awaiting).toEqual([running.task_id, unanswered.task_id]);
    node.send(await ready);
    expect(await node.ack()).toMatchObject({ task_id: running.task_id, status: 'accepted', entry_index: 1 });
    bench.clock.advance(2_500);
    const again = await node.next('dispatch');
    expect(again.task_id).not.toBe(unanswered.task_id);
    node.send(await ready);
    expect(await node.ack()).toMatchObject({ status: 'duplicate', entry_index: 1 });
    expect(bench.coordinator.totals()).toMatchObject({ requestsSent: 4, accepted: 2 });
  });
  it('sends what was queued while no node was there', async () => {
    node.leave();
    await node.closed;
    bench.coordinator.submit({ stackSmallId: firstStack, body, replyTo: null, maxComputeUnits: 100, windowMs: 60_000, stream: false });
    await bench.restart();
    node = await bench.connect();
    await node.enter();
    expect(await node.open(await node.next('dispatch'))).toEqual({ v: 1, body });
  });
  it('closes stacks that were settled or claimed meanwhile', async () => {
    bench.chain.tickets.set(firstStack, { requested: [], disputeSettledAtEpoch: 2n });
    await bench.restart();
    expect(bench.coordinator.stackUse(firstStack)).toMatchObject({ closed: 'stack_settling' });
  });
});

describe('history', () => {
  const sampled = 20n;
  beforeEach(async () => {
    bench.chain.stacks.set(sampled, { ...bench.stack, taskSmallId: 2n });
    await bench.coordinator.openStack(sampled);
  });
  /** Serves this many requests of the sampled stack; their entries. */
  const serve = async (count: number): Promise<string[]> => {
    const entries: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const dispatch = await bench.dispatch(node, { stackSmallId: sampled });
      const result = await node.result(dispatch);
      entries.push(String(result['entry']));
      node.send(result);
      await node.ack();
    }
    return entries;
  };
  const settle = (requested: bigint[]) => void bench.chain.tickets.set(sampled, { requested, disputeSettledAtEpoch: 2n });
  const refusal = async (): Promise<string> => {
    await node.requestHistory(Number(sampled), -1);
    return (await node.next('history_refused')).code;
  };
  it('gives the accepted requests in order, sealed anew for the attestor', async () => {
    const entries = await serve(2);
    settle([3n, 7n]);
    await node.requestHistory(Number(sampled), -1);
    const history = await node.next('history');
    expect(history.items.map(({ index, entry }) => [index, entry])).toEqual([[0, entries[0]], [1, entries[1]]]);
    expect(history.next).toBeNull();
    const [item] = history.items;
    expect(item).toMatchObject({ workload_class: 'ai.inference', model: 'sandbox/tiny-chat@0123456789ab', max_compute_units: 100, fingerprint: 'test/1 cpu x64 0123456789ab' });
    expect(await node.open({ ...item, envelope: item?.envelope } as never)).toEqual({ v: 1, body });
    await node.requestHistory(Number(sampled), 0);
    expect((await node.next('history')).items).toMatchObject([{ index: 1 }]);
  });
  it('leaves out what was rejected, failed or declined', async () => {
    await serve(1);
    const rejected = await bench.dispatch(node, { stackSmallId: sampled });
    node.send(await node.result(rejected, { poe: createHash('sha256').update('x').digest('hex') }));
    expect(await node.ack()).toMatchObject({ status: 'rejected' });
    const failed = await bench.dispatch(node, { stackSmallId: sampled });
    await node.failure(failed.task_id, 'cancelled');
    await node.next('failure_ack');
    await serve(1);
    settle([7n]);
    await node.requestHistory(Number(sampled), -1);
    expect((await node.next('history')).items.map(({ index }) => index)).toEqual([0, 1]);
  });
  it('fills a frame and goes on behind it, also for a node that came back in between', async () => {
    // Three bodies of 1.3 MB sealed in base64: two fit into a frame of 4 MiB.
    const long = JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(1_300_000) }] });
    for (let i = 0; i < 3; i += 1) {
      bench.coordinator.submit({ stackSmallId: sampled, body: long, replyTo: null, maxComputeUnits: 100, windowMs: 60_000, stream: false });
      node.send(await node.result(await node.next('dispatch')));
      await node.ack();
    }
    settle([7n]);
    await node.requestHistory(Number(sampled), -1);
    const first = await node.next('history');
    expect([first.items.map(({ index }) => index), first.next]).toEqual([[0, 1], 1]);
    await reconnect();
    await node.requestHistory(Number(sampled), first.next ?? -1);
    const rest = await node.next('history');
    expect([rest.items.map(({ index }) => index), rest.next]).toEqual([[2], null]);
    expect(await node.open(rest.items[0] as never)).toEqual({ v: 1, body: long });
  });
  it('keeps the bodies sealed at rest', async () => {
    await serve(1);
    expect(bench.bytesAtRest().includes('Spell map')).toBe(false);
  });
  it('forgets them when the stack is claimed', async () => {
    await serve(1);
    settle([7n]);
    bench.coordinator.stackClaimed(sampled);
    expect(await refusal()).toBe('no_history');
  });
  it('forgets them when the windows are over, not before, and only where no more is sent', async () => {
    await serve(1);
    settle([7n]);
    bench.coordinator.closeStack(sampled, 'stack_settling');
    bench.chain.clock.epoch = 2n;
    await bench.coordinator.epochChanged();
    await node.requestHistory(Number(sampled), -1);
    expect((await node.next('history')).items).toHaveLength(1);
    bench.chain.clock.epoch = 3n;
    await bench.coordinator.epochChanged();
    expect(await refusal()).toBe('no_history');
  });
  it('forgets on its start what was claimed while it did not run', async () => {
    await serve(1);
    bench.coordinator.closeStack(sampled, 'stack_settling');
    bench.chain.stacks.delete(sampled);
    await bench.restart();
    bench.chain.stacks.set(sampled, { ...bench.stack, taskSmallId: 2n });
    settle([7n]);
    await node.closed;
    node = await bench.connect();
    await node.enter();
    expect(await refusal()).toBe('no_history');
  });
  it('takes only what the node of the session signed', async () => {
    settle([7n]);
    await node.requestHistory(Number(sampled), -1, stranger);
    expect((await node.closed).code).toBe(1008);
  });
  it.each<[string, number, bigint[] | null, string]>([
    ['without a ticket', 20, null, 'not_requested'],
    ['naming others', 20, [8n], 'not_requested'],
    ['of a stack it never saw', 99, [7n], 'unknown_stack'],
    ['of a task without sampling', 12, [7n], 'no_history'],
  ])('refuses one %s', async (_, stack, named, code) => {
    if (named !== null) bench.chain.tickets.set(BigInt(stack), { requested: named, disputeSettledAtEpoch: 2n });
    await node.requestHistory(stack, -1);
    expect(await node.next('history_refused')).toMatchObject({ stack_small_id: stack, code });
  });
  it('refuses reply_to where an attestor must be able to see', () => {
    const replyTo = replyToSchema.parse(vectors.sealed_answers.p256.reply_to);
    expect(bench.coordinator.submit({ stackSmallId: sampled, body, replyTo, maxComputeUnits: 1, windowMs: 1, stream: false })).toEqual({ refused: 'reply_to_not_allowed' });
  });
});

it('offers the subscriptions of connected, ready nodes that have the model', async () => {
  bench.chain.subscriptions.set(1n, [{ nodeSmallId: 7n, price: 100n, maxUnits: 10_000n }, { nodeSmallId: 8n, price: 1n, maxUnits: 1n }]);
  expect(await bench.coordinator.market()).toEqual([{ taskSmallId: 1n, modelName: 'sandbox/tiny-chat', role: 0, samplingConsensus: false, nodeSmallId: 7n, price: 100n, maxUnits: 10_000n }]);
  await node.heartbeat({ state: 'IDLE', free: 0 });
  await node.next('heartbeat_ack');
  expect(await bench.coordinator.market()).toEqual([]);
  expect(vectorKeys.operator.toSuiAddress()).toBe(bench.wallet);
});
