/** The job pipeline on a real database with real sealing: every answer and failure, cancel, deadline, repeats, streaming, sealed replies. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatResultText } from '../../src-shared/link/chat.ts';
import type { ReplyTo } from '../../src-shared/link/envelope.ts';
import type { Dispatch } from '../../src-shared/link/messages.ts';
import { proofOfExecution, stackEntry } from '../../src-shared/link/proof.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import type { Chunk, DispatchAnswer, JobListener } from '../job/types.ts';
import {
  createEchoEngine,
  model,
  sealedDispatch,
  stackSmallId,
  startBenchNode,
  type BenchNode,
  type BenchOptions,
} from './bench-node.ts';

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
let dataDir = '';
let node: BenchNode;
let heard: { chunks: Chunk[]; resent: string[]; changes: number };

const start = (options: Partial<BenchOptions> = {}): void => {
  node = startBenchNode({ dataDir, ...options });
  heard = { chunks: [], resent: [], changes: 0 };
  const listener: JobListener = {
    chunk: (chunk) => heard.chunks.push(chunk),
    outbox: () => undefined,
    resend: (taskId) => heard.resent.push(taskId),
    changed: () => void (heard.changes += 1),
  };
  node.jobs.attach(listener);
};
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'main-job-'))));
afterEach(async () => {
  await node.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const offer = async (dispatch: Dispatch, draining = false): Promise<DispatchAnswer[]> => {
  const answers: DispatchAnswer[] = [];
  await node.jobs.dispatch(dispatch, { draining }, (answer) => answers.push(answer));
  return answers;
};
const outcome = (taskId: string) => ({
  stage: node.tables.rows.find(taskId)?.stage,
  code: node.tables.rows.find(taskId)?.code,
});

describe('a request', () => {
  it('becomes a proved result: bytes, proof, entry, units, one outbox row, every stage kept', async () => {
    start();
    const dispatch = await sealedDispatch('where is the river');
    expect(await offer(dispatch)).toEqual([{ kind: 'accepted', taskId: dispatch.task_id }]);
    expect(node.jobs.running()).toMatchObject([{ taskId: dispatch.task_id, stackSmallId: 7n, model }]);
    await node.jobs.idle();
    const expected = new TextEncoder().encode(
      chatResultText({
        taskId: dispatch.task_id,
        model,
        content: 'echo: where is the river',
        finishReason: 'stop',
        promptTokens: 4,
        completionTokens: 3,
      }),
    );
    const record = node.tables.results.record(dispatch.task_id);
    expect(record).toMatchObject({
      computeUnits: 7n,
      inputUnits: 4n,
      outputUnits: 3n,
      stackSmallId: 7n,
      poe: proofOfExecution(dispatch.task_id, expected, vectors.identities.node_id),
    });
    expect(record?.entry).toBe(
      Buffer.from(stackEntry('{"messages":[{"role":"user","content":"where is the river"}]}', expected)).toString(
        'hex',
      ),
    );
    const stored = node.tables.results.bytes(dispatch.task_id)!;
    expect(stored.sealedLocally).toBe(true);
    expect(stored.bytes).not.toEqual(expected);
    expect(node.tables.outbox.pending()).toMatchObject([{ taskId: dispatch.task_id, kind: 'result' }]);
    expect(node.tables.rows.transitions(dispatch.task_id).map(({ to }) => to)).toEqual([
      'received',
      'decrypting',
      'executing',
      'proving',
      'proved',
    ]);
    expect(heard.chunks).toEqual([]);
    expect(node.clock.waiting()).toBe(0);
  });

  it('leaves no clear text in the database', async () => {
    start();
    const dispatch = await sealedDispatch('a very secret sentence');
    await offer(dispatch);
    await node.jobs.idle();
    const everything = ['jobs', 'job_transitions', 'signing_records', 'results', 'outbox']
      .flatMap((table) => node.store.db.all(`SELECT * FROM ${table}`))
      .flatMap((row) => Object.values(row));
    const texts = everything.map((value) => (value instanceof Uint8Array ? utf8(value) : String(value)));
    expect(texts.filter((text) => text.includes('secret'))).toEqual([]);
  });

  it('streams pieces whose contents joined are the answer', async () => {
    start();
    const dispatch = await sealedDispatch('stream me', { stream: true });
    await offer(dispatch);
    await node.jobs.idle();
    expect(heard.chunks.map((chunk) => chunk.seq)).toEqual([0, 1, 2]);
    const pieces = heard.chunks.map((chunk) => JSON.parse(utf8(chunk.data)));
    expect(pieces.map((piece) => piece.choices[0].delta.content).join('')).toBe('echo: stream me');
    expect(pieces[0]).toMatchObject({ id: `chatcmpl-${dispatch.task_id}`, object: 'chat.completion.chunk', model });
  });

  it.each(['rsa', 'p256'] as const)(
    'is answered sealed to a %s reply_to, chunks too; the proof is over the sealed bytes, the entry over the clear ones',
    async (kind) => {
      start();
      const { reply_to, private_jwk } = vectors.sealed_answers[kind];
      const dispatch = await sealedDispatch('for my eyes', { replyTo: reply_to as ReplyTo, stream: true });
      await offer(dispatch);
      await node.jobs.idle();
      const stored = node.tables.results.bytes(dispatch.task_id)!;
      expect(stored.sealedLocally).toBe(false);
      const key = await importJWK(private_jwk as JWK, kind === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW');
      const clear = await compactDecrypt(utf8(stored.bytes), key);
      expect(decodeProtectedHeader(utf8(stored.bytes))).toMatchObject({
        tid: dispatch.task_id,
        kid: reply_to.kid,
        enc: 'A256GCM',
      });
      expect(JSON.parse(utf8(clear.plaintext)).choices[0].message.content).toBe('echo: for my eyes');
      const record = node.tables.results.record(dispatch.task_id)!;
      expect(record.poe).toBe(proofOfExecution(dispatch.task_id, stored.bytes, vectors.identities.node_id));
      expect(record.entry).toBe(
        Buffer.from(stackEntry('{"messages":[{"role":"user","content":"for my eyes"}]}', clear.plaintext)).toString(
          'hex',
        ),
      );
      const pieces = await Promise.all(
        heard.chunks.map(async (chunk) => JSON.parse(utf8((await compactDecrypt(utf8(chunk.data), key)).plaintext))),
      );
      expect(pieces.map((piece) => piece.choices[0].delta.content).join('')).toBe('echo: for my eyes');
    },
  );
});

describe('a failure', () => {
  const rsaReply = vectors.sealed_answers.rsa.reply_to as ReplyTo;
  it.each([
    ['model_failed', async () => sealedDispatch('fail')],
    ['out_of_memory', async () => sealedDispatch('memory')],
    ['internal', async () => sealedDispatch('bug')],
    ['bad_payload', async () => sealedDispatch('one two three', { max_compute_units: 3 })],
    ['bad_payload', async () => sealedDispatch('', { body: '{"messages":[]}' })],
    ['bad_payload', async () => sealedDispatch('', { body: 'no json' })],
    [
      'bad_payload',
      async () => sealedDispatch('x', { replyTo: { ...vectors.sealed_answers.p256.reply_to, x: 'AAAA' } as ReplyTo }),
    ],
    ['result_too_large', async () => sealedDispatch(`large ${2 * 1024 * 1024}`)],
  ])('%s', async (code, make) => {
    start();
    const dispatch = await make();
    expect(await offer(dispatch)).toEqual([{ kind: 'accepted', taskId: dispatch.task_id }]);
    await node.jobs.idle();
    expect(outcome(dispatch.task_id)).toEqual({ stage: 'failed', code });
    expect(node.tables.outbox.pending()).toMatchObject([{ taskId: dispatch.task_id, kind: 'failure', code }]);
    expect(node.tables.results.record(dispatch.task_id)).toBeNull();
  });

  it.each([true, false])('tells the engine whether it may leave this machine: confidential %s', async (confidential) => {
    const echo = createEchoEngine();
    const told: (boolean | undefined)[] = [];
    start({ engine: { ...echo, run: (request, options) => (told.push(options.here), echo.run(request, options)) }, staysHere: (taskSmallId) => confidential && taskSmallId === 1n });
    await offer(await sealedDispatch('hello'));
    await node.jobs.idle();
    expect(told).toEqual([confidential]);
  });
  it.each([true, false])('asks the engine for exact bytes just where others re-execute: sampling consensus %s', async (samplingConsensus) => {
    start();
    node.stacks.set(7n, { ...node.stacks.get(7n)!, samplingConsensus });
    await offer(await sealedDispatch('x'));
    await node.jobs.idle();
    expect(node.engine.exact).toEqual([samplingConsensus]);
  });

  it('is bad_payload for a reply_to under sampling consensus', async () => {
    start();
    node.stacks.set(7n, { ...node.stacks.get(7n)!, samplingConsensus: true });
    const dispatch = await sealedDispatch('x', { replyTo: rsaReply });
    await offer(dispatch);
    await node.jobs.idle();
    expect(outcome(dispatch.task_id)).toEqual({ stage: 'failed', code: 'bad_payload' });
    expect(node.engine.runs).toEqual([]);
  });

  it.each(Object.entries(vectors.envelope.must_be_refused))(
    'envelope of the vectors: %s',
    async (_name, { code, compact_jwe }) => {
      start();
      const dispatch = {
        ...(await sealedDispatch('x')),
        task_id: vectors.envelope.task_id as Dispatch['task_id'],
        envelope: compact_jwe,
      };
      const [answer] = await offer(dispatch);
      await node.jobs.idle();
      if (code === 'bad_envelope') expect(answer).toEqual({ kind: 'declined', taskId: dispatch.task_id, code });
      else expect(outcome(dispatch.task_id)).toEqual({ stage: 'failed', code });
      expect(node.engine.runs).toEqual([]);
    },
  );

  it('still has room for the largest result, sealed, in one frame', async () => {
    start();
    const dispatch = await sealedDispatch(`large ${2 * 1024 * 1024 - 400}`, { replyTo: rsaReply });
    await offer(dispatch);
    await node.jobs.idle();
    expect(outcome(dispatch.task_id)).toEqual({ stage: 'proved', code: null });
    expect(Math.ceil(node.tables.results.bytes(dispatch.task_id)!.bytes.length / 3) * 4).toBeLessThan(
      4 * 1024 * 1024 - 4_096,
    );
  });
});

describe('stopping', () => {
  const held = (): { engine: ReturnType<typeof createEchoEngine>; reached: Promise<void>; release: () => void } => {
    let release = (): void => undefined;
    let arrived = (): void => undefined;
    const gate = new Promise<void>((resolve) => void (release = resolve));
    const reached = new Promise<void>((resolve) => void (arrived = resolve));
    const engine = createEchoEngine(() => {
      arrived();
      return gate;
    });
    return { engine, reached, release };
  };

  it('by cancel fails at once, even when the engine is slow to notice, and sends no more pieces', async () => {
    const { engine, reached, release } = held();
    start({ engine });
    const dispatch = await sealedDispatch('long work', { stream: true });
    await offer(dispatch);
    await reached;
    node.jobs.cancel(dispatch.task_id);
    await node.jobs.idle();
    expect(outcome(dispatch.task_id)).toEqual({ stage: 'failed', code: 'cancelled' });
    const pieces = heard.chunks.length;
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard.chunks.length).toBe(pieces);
  });

  it('at the deadline of the node’s own clock', async () => {
    const { engine, reached, release } = held();
    start({ engine });
    const dispatch = await sealedDispatch('long work', { deadline_ts: node.clock.now() + 5_000 });
    await offer(dispatch);
    await reached;
    node.clock.advance(4_999);
    expect(node.jobs.running()).toHaveLength(1);
    node.clock.advance(1);
    await node.jobs.idle();
    expect(outcome(dispatch.task_id)).toEqual({ stage: 'failed', code: 'deadline_passed' });
    release();
  });

  it('arms a far deadline without firing at once', async () => {
    const { engine, reached, release } = held();
    start({ engine });
    const dispatch = await sealedDispatch('long work', { deadline_ts: Number.MAX_SAFE_INTEGER });
    await offer(dispatch);
    await reached;
    node.clock.advance(2 ** 31);
    expect(node.jobs.running()).toHaveLength(1);
    release();
    await node.jobs.idle();
    expect(outcome(dispatch.task_id).stage).toBe('proved');
  });

  it('by quitting fails as internal, which is requeued', async () => {
    const { engine, reached, release } = held();
    start({ engine });
    const dispatch = await sealedDispatch('long work');
    await offer(dispatch);
    await reached;
    await node.jobs.stop();
    expect(outcome(dispatch.task_id)).toEqual({ stage: 'failed', code: 'internal' });
    release();
  });

  it('is ignored for unknown and for finished work', async () => {
    start();
    const dispatch = await sealedDispatch('done');
    await offer(dispatch);
    await node.jobs.idle();
    node.jobs.cancel(dispatch.task_id);
    node.jobs.cancel('01M7XPG0PVERF7HENE4K5HTVH9');
    expect(outcome(dispatch.task_id).stage).toBe('proved');
  });

  it('cancels what is not awaited any more, and nothing else', async () => {
    const { engine, reached, release } = held();
    start({ engine });
    const [kept, gone] = [await sealedDispatch('kept'), await sealedDispatch('gone')];
    await offer(kept);
    await offer(gone);
    await reached;
    node.jobs.cancelUnawaited([kept.task_id]);
    release();
    await node.jobs.idle();
    expect(outcome(kept.task_id).stage).toBe('proved');
    expect(outcome(gone.task_id)).toEqual({ stage: 'failed', code: 'cancelled' });
  });
});

describe('a dispatch', () => {
  const never = new Promise<void>(() => undefined);
  it('is declined busy when all slots run, paused while drained; the answers are kept and repeated', async () => {
    start({ engine: createEchoEngine(() => never) });
    for (let n = 0; n < 2; n += 1) expect(await offer(await sealedDispatch('x'))).toMatchObject([{ kind: 'accepted' }]);
    const third = await sealedDispatch('x');
    expect(await offer(third)).toEqual([{ kind: 'declined', taskId: third.task_id, code: 'busy' }]);
    node.facts.maxParallel = 9;
    expect(await offer(third)).toEqual([{ kind: 'declined', taskId: third.task_id, code: 'busy' }]);
    const fourth = await sealedDispatch('x');
    expect(await offer(fourth, true)).toEqual([{ kind: 'declined', taskId: fourth.task_id, code: 'paused' }]);
    expect(node.tables.rows.envelope(third.task_id)).toBeNull();
  });

  it('locks what it may use: running locks and finished units count against the stack', async () => {
    start({ engine: createEchoEngine(() => never) });
    node.stacks.set(7n, { ...node.stacks.get(7n)!, numComputeUnits: 99n });
    await offer(await sealedDispatch('x', { max_compute_units: 50 }));
    const [more, fits] = [
      await sealedDispatch('x', { max_compute_units: 50 }),
      await sealedDispatch('x', { max_compute_units: 49 }),
    ];
    expect(await offer(more)).toMatchObject([{ code: 'stack_exhausted' }]);
    expect(await offer(fits)).toMatchObject([{ kind: 'accepted' }]);
  });

  it('reads the chain once more before unknown_stack', async () => {
    const reads: bigint[] = [];
    const fresh = { taskSmallId: 1n, numComputeUnits: 1_000n, settling: false, mine: true, samplingConsensus: false };
    start({ refreshStack: async (id) => (reads.push(id), id === 8n ? fresh : null) });
    expect(await offer(await sealedDispatch('x', { stack_small_id: 8 }))).toMatchObject([{ kind: 'accepted' }]);
    expect(await offer(await sealedDispatch('x', { stack_small_id: 9 }))).toMatchObject([{ code: 'unknown_stack' }]);
    expect(reads).toEqual([8n, 9n]);
    await node.jobs.idle();
  });

  it('is declined in time when the chain does not answer or fails', async () => {
    start({ refreshStack: () => new Promise(() => undefined) });
    const slow = offer(await sealedDispatch('x', { stack_small_id: 8 }));
    node.clock.advance(1_500);
    expect(await slow).toMatchObject([{ code: 'unknown_stack' }]);
    await node.stop();
    start({ refreshStack: () => Promise.reject(new Error('down')) });
    expect(await offer(await sealedDispatch('x', { stack_small_id: 8 }))).toMatchObject([{ code: 'unknown_stack' }]);
  });

  it('that comes twice while the chain is read runs once', async () => {
    let answer: (stack: null) => void = () => undefined;
    start({ refreshStack: () => new Promise((resolve) => void (answer = resolve as typeof answer)) });
    const dispatch = await sealedDispatch('x', { stack_small_id: 8 });
    const first = offer(dispatch);
    const firstAnswer = answer;
    const second = offer(dispatch);
    firstAnswer(null);
    answer(null);
    expect(await first).toEqual(await second);
    expect(node.store.db.get('SELECT count(*) AS n FROM jobs')).toEqual({ n: 1n });
  });

  it('that is repeated gets the same answer and never runs again', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => void (release = resolve));
    start({ engine: createEchoEngine(() => gate) });
    const [good, bad] = [await sealedDispatch('x'), await sealedDispatch('fail')];
    const accepted = [{ kind: 'accepted', taskId: good.task_id }];
    expect(await offer(good)).toEqual(accepted);
    expect(await offer(good)).toEqual(accepted);
    await offer(bad);
    release();
    await node.jobs.idle();
    expect(await offer(good)).toEqual(accepted);
    expect(await offer(bad)).toEqual([]);
    expect(heard.resent).toEqual([good.task_id, bad.task_id]);
    // Two requests run side by side: which one reaches the engine first is not promised.
    expect([...node.engine.runs].sort()).toEqual(['fail', 'x']);
    expect(node.tables.outbox.pending()).toHaveLength(2);
  });
});

describe('receipts', () => {
  const proved = async (): Promise<string> => {
    const dispatch = await sealedDispatch('x');
    await offer(dispatch);
    await node.jobs.idle();
    return dispatch.task_id;
  };
  const ack = (taskId: string, fields: object) =>
    ({ type: 'result_ack', task_id: taskId as Dispatch['task_id'], sig: 's', status: 'accepted', ...fields }) as const;

  it('close the outbox, drop the bytes, keep the proof, and count for the stack', async () => {
    start();
    const [a, b, c] = [await proved(), await proved(), await proved()];
    node.jobs.acknowledge(ack(a, { entry_index: 0 }), '0xc');
    node.jobs.acknowledge(ack(b, { status: 'rejected', reason: 'late' }), '0xc');
    node.jobs.acknowledge(ack(c, { status: 'duplicate', entry_index: 1 }), '0xc');
    node.jobs.acknowledge(ack(c, { entry_index: 9 }), '0xc'); // a repeat is ignored
    expect([a, b, c].map(outcome)).toEqual([
      { stage: 'accepted', code: null },
      { stage: 'rejected', code: 'late' },
      { stage: 'duplicate', code: null },
    ]);
    expect(node.tables.outbox.pending()).toEqual([]);
    expect([a, b, c].map((id) => node.tables.results.bytes(id))).toEqual([null, null, null]);
    expect(node.tables.results.ack(a)).toEqual({
      coordinatorId: '0xc',
      status: 'accepted',
      entryIndex: 0,
      reason: null,
      sig: 's',
    });
    expect(node.tables.work.stackWork(BigInt(stackSmallId))).toMatchObject({
      acceptedUnits: 8n,
      awaitingAck: 0,
      running: 0,
    });
  });

  it.each([
    ['a gap', { entry_index: 1 }],
    ['no result', null],
  ])('are refused for %s', async (_why, fields) => {
    start();
    const taskId = await proved();
    const wrong = fields === null ? ack('01M7XPG0PVERF7HENE4K5HTVH9', { entry_index: 0 }) : ack(taskId, fields);
    expect(() => node.jobs.acknowledge(wrong, '0xc')).toThrowError(expect.objectContaining({ code: 'link.protocol' }));
    expect(outcome(taskId).stage).toBe('proved');
    expect(node.tables.outbox.pending()).toHaveLength(1);
  });
});

describe('awaited work after a welcome', () => {
  it('gets its stored answer, or failure/internal when nothing is known of it, once', async () => {
    start();
    const [done, failed, declined] = [
      await sealedDispatch('x'),
      await sealedDispatch('fail'),
      await sealedDispatch('x', { model: 'other@1' }),
    ];
    for (const dispatch of [done, failed, declined]) {
      await offer(dispatch);
      await node.jobs.idle();
    }
    node.jobs.failureAcknowledged(failed.task_id);
    const unknown = '01M7XPG0PVERF7HENE4K5HTVH9';
    const awaiting = [done, failed, declined].map((dispatch) => dispatch.task_id as string).concat(unknown);
    expect(node.jobs.answerAwaited(awaiting)).toEqual([
      { kind: 'declined', taskId: declined.task_id, code: 'model_unavailable' },
    ]);
    expect(node.jobs.answerAwaited(awaiting)).toHaveLength(1);
    const open = () => node.tables.outbox.pending().map(({ taskId, kind, code }) => [taskId, kind, code]);
    expect(open()).toEqual([
      [done.task_id, 'result', null],
      [failed.task_id, 'failure', 'model_failed'],
      [unknown, 'failure', 'internal'],
    ]);
    node.jobs.failureAcknowledged(unknown);
    node.jobs.failureAcknowledged(unknown);
    expect(open()).toHaveLength(2);
    expect(await offer({ ...done, task_id: unknown as Dispatch['task_id'] })).toEqual([]);
    expect(heard.resent).toEqual([unknown]);
    expect(node.engine.runs).toEqual(['x', 'fail']);
  });

  it('that was acknowledged before is told as lost by the coordinator, sends nothing, and is forgotten when it is awaited no more', async () => {
    start();
    const { task_id: taskId, ...rest } = await sealedDispatch('x');
    await offer({ task_id: taskId, ...rest });
    await node.jobs.idle();
    node.jobs.acknowledge({ type: 'result_ack', task_id: taskId, sig: 's', status: 'accepted', entry_index: 0 }, '0xc');
    expect(node.jobs.awaitedAgain()).toEqual([]);
    expect(node.jobs.answerAwaited([taskId])).toEqual([]);
    expect(node.jobs.awaitedAgain()).toEqual([taskId]);
    expect(node.tables.outbox.pending()).toEqual([]);
    node.jobs.answerAwaited([]);
    expect(node.jobs.awaitedAgain()).toEqual([]);
  });
});
