/** The link over a real WebSocket against a strict coordinator: hello, heartbeats, work, receipts, resends, refusals, hostile frames. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLink } from '../link/create-link.ts';
import type { LinkStatus } from '../link/types.ts';
import {
  createEchoEngine,
  createPin,
  sealedDispatch,
  startBenchNode,
  type BenchNode,
  type BenchOptions,
} from './bench-node.ts';
import { startCoordinatorDouble, type CoordinatorDouble } from './coordinator-double.ts';

let dataDir = '';
let coordinator: CoordinatorDouble;
let node: BenchNode;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'link-'));
  coordinator = await startCoordinatorDouble();
});
afterEach(async () => {
  await node.stop();
  await coordinator.close();
  rmSync(dataDir, { recursive: true, force: true });
});
const start = (options: Partial<BenchOptions> = {}): void =>
  void (node = startBenchNode({ dataDir, url: coordinator.url, ...options }));
/** Resolves when the link shows what is asked for. */
const shows = (wanted: (status: LinkStatus) => boolean): Promise<LinkStatus> =>
  new Promise((resolve) => {
    const look = (): void => void (wanted(node.link!.status()) && (stop(), resolve(node.link!.status())));
    const stop = node.link!.onChange(look);
    look();
  });
const waitsToRetry = (): Promise<LinkStatus> => shows((status) => status.nextAttemptMs !== null);

/** Each end of a session that retries does so after the floor of the delay, since chance is 0 here. */
const reconnect = async () => {
  await waitsToRetry();
  node.clock.advance(500);
  return coordinator.peer();
};

describe('a session', () => {
  it('is greeted, beats at once, serves a request and keeps the receipt', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    await shows((status) => status.status === 'connected');
    expect(peer.frames.map((frame) => frame.type)).toEqual(['hello', 'heartbeat']);
    expect(peer.frames[1]).toMatchObject({ seq: 1, state: 'READY', running: 0, free_slots: 2 });
    const dispatch = await sealedDispatch('hello there', { stream: true });
    peer.send(dispatch);
    const result = await peer.next('result');
    expect(peer.frames.map((frame) => frame.type).filter((type) => type !== 'heartbeat')).toEqual([
      'hello',
      'accepted',
      'chunk',
      'chunk',
      'chunk',
      'result',
    ]);
    expect(JSON.parse(Buffer.from(result.result, 'base64').toString()).choices[0].message.content).toBe(
      'echo: hello there',
    );
    expect(result).toMatchObject({
      task_id: dispatch.task_id,
      stack_small_id: 7,
      compute_units: 5,
      usage: { input: 2, output: 3 },
    });
    await peer.ack(result, 0);
    const late = await sealedDispatch('x', { model: 'other@1' });
    peer.send(late);
    expect(await peer.next('declined')).toMatchObject({ task_id: late.task_id, code: 'model_unavailable' });
    expect(node.tables.rows.find(dispatch.task_id)?.stage).toBe('accepted');
    expect(node.tables.outbox.pending()).toEqual([]);
    expect(coordinator.faults).toEqual([]);
  });

  it('beats at the interval also while executing, early on a change, and ends after silence', async () => {
    start({ engine: createEchoEngine(() => new Promise(() => undefined)) });
    const peer = await coordinator.peer();
    await peer.welcome({ heartbeat_interval_ms: 30_000, missed_heartbeats_allowed: 1 });
    peer.send(await sealedDispatch('x'));
    await peer.next('accepted');
    node.clock.advance(1_000);
    expect(await peer.next('heartbeat')).toMatchObject({ seq: 2, state: 'EXECUTING', running: 1, free_slots: 1 });
    node.facts.paused = true;
    node.link!.stateChanged();
    node.clock.advance(1_000);
    expect(await peer.next('heartbeat')).toMatchObject({ seq: 3, free_slots: 0 });
    node.clock.advance(30_000);
    expect(await peer.next('heartbeat')).toMatchObject({ seq: 4 });
    node.clock.advance(13_000);
    expect((await waitsToRetry()).lastError).toMatchObject({ code: 'link.down' });
    expect(coordinator.faults).toEqual([]);
  });

  it('offers no slot while the node is not ready', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    node.facts.models = [];
    node.link!.stateChanged();
    node.clock.advance(1_000);
    expect(await peer.next('heartbeat')).toMatchObject({ seq: 2, state: 'IDLE', free_slots: 0 });
  });

  it('acknowledged in time stays', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome({ missed_heartbeats_allowed: 0 });
    node.clock.advance(14_000);
    peer.send({ type: 'heartbeat_ack', seq: 1, ts: node.clock.now() });
    peer.send(await sealedDispatch('x', { model: 'other@1' })); // its answer tells that the acknowledgement was handled
    await peer.next('declined');
    node.clock.advance(14_000);
    expect(node.link!.status().status).toBe('connected');
  });

  it('stops work on cancel', async () => {
    start({ engine: createEchoEngine(() => new Promise(() => undefined)) });
    const peer = await coordinator.peer();
    await peer.welcome();
    const dispatch = await sealedDispatch('x');
    peer.send(dispatch);
    await peer.next('accepted');
    peer.send({ type: 'cancel', task_id: '01M7XPG0PVERF7HENE4K5HTVH9' });
    peer.send({ type: 'cancel', task_id: dispatch.task_id, reason: 'gone' });
    expect(await peer.next('failure')).toMatchObject({ task_id: dispatch.task_id, code: 'cancelled' });
    peer.send({ type: 'failure_ack', task_id: dispatch.task_id });
    peer.send({ type: 'failure_ack', task_id: '01M7XPG0PVERF7HENE4K5HTVH9' });
    peer.send({ ...dispatch });
    expect(await peer.next('failure')).toMatchObject({ code: 'cancelled' }); // the same answer, opened again
    expect(coordinator.faults).toEqual([]);
  });

  it('drains until it ends', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    node.link!.drain('closing');
    expect(await peer.next('drain')).toEqual({ type: 'drain', reason: 'closing' });
    peer.send(await sealedDispatch('x'));
    expect(await peer.next('declined')).toMatchObject({ code: 'paused' });
    expect(node.link!.status().draining).toBe(true);
    node.clock.advance(1_000);
    expect(await peer.next('heartbeat')).toMatchObject({ free_slots: 0 });
    peer.send({ type: 'bye', code: 'maintenance' });
    const again = await reconnect();
    await again.welcome();
    expect(await again.next('drain')).toEqual({ type: 'drain', reason: 'closing' }); // a new session is told as well
    expect(node.link!.status().draining).toBe(true);
    await node.link!.stop();
    expect(node.link!.status().draining).toBe(false);
  });

  it('says bye on stop and on a changed manifest, and greets anew', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    node.link!.renew();
    expect(await peer.next('bye')).toMatchObject({ code: 'manifest_changed' });
    expect((await peer.closed).code).toBe(1000);
    const second = await coordinator.peer();
    await second.welcome();
    const stopped = node.link!.stop();
    expect(await second.next('bye')).toMatchObject({ code: 'shutdown' });
    await stopped;
    expect(node.link!.status().status).toBe('stopped');
    expect(coordinator.connections()).toBe(2);
  });
});

describe('after a lost link', () => {
  it('resends in order of recording, the identical result, then answers what is awaited', async () => {
    start();
    const first = await coordinator.peer();
    await first.welcome();
    const [a, b, c] = [
      await sealedDispatch('one'),
      await sealedDispatch('fail'),
      await sealedDispatch('x', { model: 'other@1' }),
    ];
    const sent = [];
    for (const dispatch of [a, b]) {
      first.send(dispatch);
      sent.push(dispatch === a ? await first.next('result') : await first.next('failure'));
    }
    first.send(c);
    await first.next('declined');
    first.drop();
    const second = await reconnect();
    const unknown = '01M7XPG0PVERF7HENE4K5HTVH9';
    await second.welcome({ awaiting: [c.task_id, a.task_id, unknown] });
    const result = await second.next('result');
    expect(await second.next('declined')).toMatchObject({ task_id: c.task_id, code: 'model_unavailable' });
    const failures = [await second.next('failure'), await second.next('failure')];
    expect(failures).toMatchObject([
      { task_id: b.task_id, code: 'model_failed' },
      { task_id: unknown, code: 'internal' },
    ]);
    expect(second.frames.map((frame) => frame.type)).toEqual([
      'hello',
      'heartbeat',
      'result',
      'failure',
      'declined',
      'failure',
    ]);
    expect(result).toEqual(sent[0]);
    await second.ack(result, 0, 'duplicate');
    second.send({ type: 'failure_ack', task_id: b.task_id });
    second.send({ type: 'failure_ack', task_id: unknown });
    second.send(await sealedDispatch('x', { model: 'other@1' }));
    await second.next('declined');
    expect(node.tables.outbox.pending()).toEqual([]);
    expect(node.tables.rows.find(a.task_id)?.stage).toBe('duplicate');
    expect(coordinator.faults).toEqual([]);
  });

  it('goes on with what runs and is awaited, and cancels what is not', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => void (release = resolve));
    start({ engine: createEchoEngine(() => gate) });
    const first = await coordinator.peer();
    await first.welcome();
    const [kept, gone] = [await sealedDispatch('kept', { stream: true }), await sealedDispatch('gone')];
    first.send(kept);
    first.send(gone);
    await first.next('chunk');
    await first.next('chunk');
    first.drop();
    const second = await reconnect();
    await second.welcome({ awaiting: [kept.task_id] });
    expect(await second.next('failure')).toMatchObject({ task_id: gone.task_id, code: 'cancelled' });
    release();
    expect(await second.next('chunk')).toMatchObject({ task_id: kept.task_id, seq: 2 });
    expect(await second.next('result')).toMatchObject({ task_id: kept.task_id });
    expect(coordinator.faults).toEqual([]);
  });

  it('waits longer with each attempt and starts over after a welcome', async () => {
    start();
    (await coordinator.peer()).drop();
    (await reconnect()).drop();
    const third = await reconnect();
    await third.welcome();
    expect(node.link!.status()).toMatchObject({ status: 'connected', lastError: null });
    third.drop();
    await (await reconnect()).welcome();
    expect(coordinator.connections()).toBe(4);
  });
});

describe('a refusal', () => {
  const refuse = async (code: string): Promise<void> => {
    const peer = await coordinator.peer();
    await peer.challenge();
    await peer.next('hello');
    peer.send({ type: 'refused', code, message: 'because' });
    await peer.closed;
  };
  it.each(['bad_manifest', 'version_unsupported', 'sybil'])(
    '%s stops until the operator starts again',
    async (code) => {
      start();
      await refuse(code);
      const status = await shows(({ status: word }) => word === 'refused');
      expect(status.lastError).toMatchObject({ code: 'link.refused', message: expect.stringContaining(code) });
      node.link!.chainChanged();
      node.clock.advance(3_600_000);
      expect(coordinator.connections()).toBe(1);
      node.link!.start();
      await (await coordinator.peer()).welcome();
    },
  );
  it.each(['not_registered', 'disabled', 'in_cooldown'])('%s waits until the chain changes', async (code) => {
    start();
    await refuse(code);
    await shows(({ status }) => status === 'refused');
    node.clock.advance(3_600_000);
    expect(coordinator.connections()).toBe(1);
    node.link!.chainChanged();
    await (await coordinator.peer()).welcome();
  });
  it('disabled also as a bye during a session', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    peer.send({ type: 'bye', code: 'disabled' });
    expect((await shows(({ status }) => status === 'refused')).lastError?.code).toBe('link.refused');
  });
  it('bad_signature is tried five times in a row', async () => {
    start();
    for (let n = 1; n <= 5; n += 1) {
      await refuse('bad_signature');
      if (n < 5) {
        await waitsToRetry();
        node.clock.advance(500);
      }
    }
    await shows(({ status }) => status === 'refused');
    expect(coordinator.connections()).toBe(5);
  });
  it.each(['clock_skew', 'duplicate_session'])('%s is retried', async (code) => {
    start();
    await refuse(code);
    await (await reconnect()).welcome();
  });
});

describe('the coordinator’s identity', () => {
  const other = new Secp256k1Keypair().getSecretKey();
  it('is pinned on first use; another one stops the link until the operator agrees', async () => {
    const pin = createPin();
    start({ pin });
    await (await coordinator.peer()).welcome();
    expect(pin.get()).toBe(coordinator.coordinatorId);
    await node.stop();
    await coordinator.close();
    coordinator = await startCoordinatorDouble(other);
    start({ pin });
    const peer = await coordinator.peer();
    await peer.challenge();
    const status = await shows(({ status: word }) => word === 'refused');
    expect(status.lastError?.code).toBe('link.coordinator_changed');
    expect(peer.frames).toEqual([]);
    node.link!.trust(coordinator.coordinatorId);
    await (await coordinator.peer()).welcome();
    expect(node.link!.status()).toMatchObject({ status: 'connected', coordinatorId: coordinator.coordinatorId });
    expect(pin.get()).toBe(coordinator.coordinatorId);
  });
  it('pinned by the profile is not negotiable', async () => {
    start({ coordinatorId: `0x${'1'.repeat(64)}` });
    const peer = await coordinator.peer();
    await peer.challenge();
    const status = await shows(({ status: word }) => word === 'refused');
    expect(status.lastError?.code).toBe('link.coordinator_changed');
    expect(peer.frames).toEqual([]);
    expect(() => node.link!.trust(coordinator.coordinatorId)).toThrowError(
      expect.objectContaining({ code: 'link.coordinator_changed' }),
    );
  });
  it('must stand behind its challenge', async () => {
    start();
    const peer = await coordinator.peer();
    const stranger = await new Secp256k1Keypair().signPersonalMessage(new TextEncoder().encode('something else'));
    await peer.challenge({ sig: stranger.signature });
    expect(await peer.closed).toMatchObject({ code: 1008, reason: 'challenge signature' });
    expect(peer.frames).toEqual([]);
    await (await reconnect()).welcome();
  });
  it('may have a wrong clock: the node warns and goes on', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.challenge({ ts: Date.now() - 3_600_000 });
    expect(await peer.next('hello')).toBeDefined();
  });
});

describe('hostile frames', () => {
  const task = '01M7XPG0PVERF7HENE4K5HTVH9';
  it.each([
    ['no JSON', 'hello?'],
    ['an unknown type', '{"type":"sing"}'],
    ['the wrong side', '{"type":"accepted","task_id":"01M7XPG0PVERF7HENE4K5HTVH9"}'],
    ['a bad shape', '{"type":"cancel","task_id":7}'],
    [
      'a second challenge',
      JSON.stringify({
        type: 'challenge',
        nonce: 'a'.repeat(64),
        ts: 1,
        coordinator_id: `0x${'a'.repeat(64)}`,
        sig: 's',
      }),
    ],
    [
      'a second welcome',
      JSON.stringify({
        type: 'welcome',
        session_id: 's',
        heartbeat_interval_ms: 30_000,
        missed_heartbeats_allowed: 3,
        awaiting: [],
      }),
    ],
    ['an acknowledgement of a heartbeat never sent', JSON.stringify({ type: 'heartbeat_ack', seq: 2, ts: Date.now() })],
    ['an acknowledgement from another time', JSON.stringify({ type: 'heartbeat_ack', seq: 1, ts: 1 })],
    [
      'a receipt without signature',
      JSON.stringify({ type: 'result_ack', task_id: task, status: 'accepted', entry_index: 0, sig: 'AAAA' }),
    ],
    ['a history nobody asked for', JSON.stringify({ type: 'history', stack_small_id: 1, items: [], next: null })],
    ['bytes', Buffer.from('{"type":"cancel"}')],
    ['a drain, which is the node’s to say', JSON.stringify({ type: 'drain', reason: 'maintenance' })],
  ])('%s closes with 1008, loses nothing, and the link comes back', async (_what, data) => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    peer.send(await sealedDispatch('kept'));
    const result = await peer.next('result');
    peer.sendRaw(data);
    expect((await peer.closed).code).toBe(1008);
    expect((await waitsToRetry()).lastError?.code).toBe('link.protocol');
    const again = await reconnect();
    await again.welcome({ awaiting: [result.task_id] });
    expect(await again.next('result')).toEqual(result);
    expect(coordinator.faults).toEqual([]);
  });

  it('over 4 MiB close with 1009', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    peer.sendRaw(JSON.stringify({ type: 'cancel', task_id: task, reason: 'x'.repeat(4 * 1024 * 1024) }));
    expect((await peer.closed).code).toBe(1009);
    await (await reconnect()).welcome();
  });

  it('before the challenge close too', async () => {
    start();
    const peer = await coordinator.peer();
    peer.send({ type: 'failure_ack', task_id: task });
    expect(await peer.closed).toMatchObject({ code: 1008, reason: 'failure_ack while awaiting_challenge' });
  });

  it('a gap in the entries, or an index used twice, is refused and shown', async () => {
    start();
    const peer = await coordinator.peer();
    await peer.welcome();
    peer.send(await sealedDispatch('one'));
    const one = await peer.next('result');
    peer.send(await sealedDispatch('two'));
    const two = await peer.next('result');
    await peer.ack(one, 0);
    await peer.ack(two, 0);
    expect(await peer.closed).toMatchObject({ code: 1008, reason: expect.stringContaining('second task') });
    expect((await waitsToRetry()).lastError?.message).toContain('second task');
    const again = await reconnect();
    await again.welcome();
    await again.ack(await again.next('result'), 2);
    expect(await again.closed).toMatchObject({ code: 1008, reason: expect.stringContaining('gap') });
    expect(node.tables.rows.find(two.task_id)?.stage).toBe('proved');
    expect(node.tables.work.stackWork(7n)).toMatchObject({ awaitingAck: 1, acceptedUnits: 4n });
  });
});

describe('a URL', () => {
  it.each(['ws://coordinator.example/v1/link', 'http://127.0.0.1/v1/link', 'nonsense'])(
    '%s is refused',
    async (url) => {
      start();
      await (await coordinator.peer()).challenge();
      expect(() => createLink({ url, nodeId: 'n', coordinatorId: null }, {} as never)).toThrowError(
        expect.objectContaining({ code: 'network.bad_profile' }),
      );
    },
  );
});
