/** One connection to the coordinator, from the challenge to its end (coordinator.md 3). */
import { WebSocket } from 'ws';
import { toAppError } from '../../src-shared/errors.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';
import type { CoordinatorMessage, NodeMessage, ResultAck, Welcome } from '../../src-shared/link/messages.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import type { SessionEnd } from './after-end.ts';
import { startHeartbeat, type Heartbeat } from './heartbeat.ts';
import { createOutboxSender, type OutboxSender } from './outbox-sender.ts';
import { readFrame, type SessionPhase } from './session-machine.ts';
import type { LinkAnswer, LinkDeps, LinkOptions } from './types.ts';
import { isSignedBy } from './verify.ts';

/** A session in progress. */
export type Session = {
  /** How it ended; never rejects. */
  ended: Promise<SessionEnd>;
  /** Resolves when the socket is gone. */
  closed: Promise<void>;
  /** Says bye and closes. */
  bye(code: string): void;
  /** The node changed: a heartbeat goes out early. */
  changed(): void;
  isDraining(): boolean;
};

type Callbacks = { onWelcome(coordinatorId: string): void; onDrain(): void };

/** How long a peer may take to close, and to welcome (a duplicate session is pinged for 5 s). */
const closeGraceMs = 2_000;
const welcomeTimeoutMs = linkLimits.helloTimeoutMs + linkLimits.pingTimeoutMs;

/** Opens a session. */
export function openSession(options: LinkOptions, deps: LinkDeps, { onWelcome, onDrain }: Callbacks): Session {
  const { keys, jobs, now, schedule, log } = deps;
  const { nodeId } = options;
  let phase: SessionPhase = 'awaiting_challenge';
  let coordinatorId = '';
  let sessionId = '';
  let draining = false;
  /** Frames wait here until the first heartbeat is out; null afterwards. */
  let backlog: NodeMessage[] | null = [];
  let heartbeat: Heartbeat | null = null;
  let sender: OutboxSender | null = null;
  let detach: () => void = () => undefined;
  let callOffTimeout: () => void = () => undefined;
  const ended = settleable<SessionEnd>();
  const closed = settleable<void>();

  const socket = new WebSocket(options.url, linkLimits.subprotocol, {
    maxPayload: linkLimits.maxFrameBytes,
    perMessageDeflate: false,
    handshakeTimeout: linkLimits.helloTimeoutMs,
  });

  const isOver = (): boolean => phase === 'over';
  const end = (how: SessionEnd, closeCode = 1000, reason = ''): void => {
    if (isOver()) return;
    phase = 'over';
    callOffTimeout();
    heartbeat?.stop();
    sender?.stop();
    detach();
    // A close reason has at most 123 bytes.
    socket.close(closeCode, Buffer.from(reason).subarray(0, 120).toString('utf8').replace(/\uFFFD+$/, ''));
    // A peer that does not answer the close is cut off.
    const callOff = schedule(closeGraceMs, () => socket.terminate());
    void closed.promise.then(callOff);
    ended.resolve(how);
  };
  const violation = (detail: string): void => {
    log.warn('link.protocol', { detail });
    end({ kind: 'protocol', detail }, linkLimits.closeProtocol, detail);
  };
  const lost = (errorCode: string, detail: string): void => end({ kind: 'lost', errorCode, detail });
  const expectWithin = (timeoutMs: number, what: string): void => {
    callOffTimeout();
    callOffTimeout = schedule(timeoutMs, () => lost('link.down', `no ${what} in time`));
  };

  const write = (frame: NodeMessage): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame), () => undefined); // a failed write shows as a close
  };
  const send = (frame: NodeMessage): void => {
    if (isOver()) return;
    if (backlog === null) write(frame);
    else backlog.push(frame);
  };
  const answer = (given: LinkAnswer): void => send(answerFrame(given));

  const sayHello = async (challenge: Extract<CoordinatorMessage, { type: 'challenge' }>): Promise<void> => {
    phase = 'saying_hello';
    const { coordinator_id: found, nonce, ts } = challenge;
    if (!(await isSignedBy(found, signedTexts.challenge({ coordinatorId: found, nonce, ts }), challenge.sig))) return violation('challenge signature');
    const expected = options.coordinatorId ?? deps.pin.get();
    if (expected !== null && expected !== found) return end({ kind: 'coordinator_changed', found, expected });
    if (expected === null) deps.pin.set(found);
    coordinatorId = found;
    // "It warns, and goes on, when challenge.ts is over 90 s off."
    if (isSkewed(ts, now())) log.warn('link.clock_skew', { aheadMs: now() - ts });
    const helloTs = now();
    const manifest = await deps.manifest();
    const sig = await keys.signLiveness(signedTexts.hello({ coordinatorId, nodeId, nonce, ts: helloTs }));
    if (isOver()) return;
    phase = 'awaiting_welcome';
    expectWithin(welcomeTimeoutMs, 'welcome');
    write({ type: 'hello', manifest, nonce, ts: helloTs, sig });
  };

  const beat = async (seq: number): Promise<void> => {
    const ts = now();
    const { state, acceptsWork, maxParallel, gpu } = deps.facts();
    const running = jobs.running().length;
    const freeSlots = acceptsWork && !draining ? Math.max(0, maxParallel - running) : 0;
    const sig = await keys.signLiveness(signedTexts.heartbeat({ sessionId, nodeId, seq, ts, state }));
    if (!isOver()) write({ type: 'heartbeat', seq, ts, state, running, free_slots: freeSlots, gpu, sig });
  };

  const startWork = (welcome: Welcome): void => {
    callOffTimeout();
    phase = 'linked';
    sessionId = welcome.session_id;
    const outboxSender = createOutboxSender(options, deps, { sessionId, send, isOver });
    sender = outboxSender;
    detach = jobs.attach({
      chunk: ({ taskId, seq, data }) => send(chunkFrame(taskId, seq, data)),
      // Before the first heartbeat nothing is sent; the round that follows it takes everything.
      outbox: () => void (backlog === null && outboxSender.pump()),
      resend: (taskId) => outboxSender.again(taskId),
      changed: () => heartbeat?.soon(),
    });
    onWelcome(coordinatorId);
    // Before any new dispatch is taken: what runs now is what ran when the coordinator wrote its list.
    jobs.cancelUnawaited(welcome.awaiting);
    // Heartbeats are signed one after the other, so that their numbers arrive in order.
    let beats: Promise<void> = Promise.resolve();
    heartbeat = startHeartbeat(
      { intervalMs: welcome.heartbeat_interval_ms, missedAllowed: welcome.missed_heartbeats_allowed },
      { now, schedule, beat: (seq) => void (beats = beats.then(() => beat(seq)).catch(unsent)), silent: () => lost('link.down', 'no heartbeat acknowledged') },
    );
    void beats.then(() => afterFirstBeat(welcome, outboxSender)).catch(unsent);
  };
  const unsent = (caught: unknown): void => lost(toAppError(caught).code, toAppError(caught).message);

  const afterFirstBeat = async (welcome: Welcome, outboxSender: OutboxSender): Promise<void> => {
    if (isOver()) return;
    const waiting = backlog ?? [];
    backlog = null;
    waiting.forEach(write);
    await outboxSender.pump();
    if (isOver()) return;
    jobs.answerAwaited(welcome.awaiting).forEach(answer);
    await outboxSender.pump();
  };

  const takeAck = async (ack: ResultAck): Promise<void> => {
    const entryIndex = ack.status === 'rejected' ? null : (ack.entry_index ?? null);
    const text = signedTexts.ack({ coordinatorId, nodeId, taskId: ack.task_id, status: ack.status, entryIndex });
    if (!(await isSignedBy(coordinatorId, text, ack.sig))) return violation('receipt signature');
    try {
      jobs.acknowledge(ack, coordinatorId);
    } catch (caught) {
      const error = toAppError(caught);
      if (error.code !== 'link.protocol') throw caught;
      violation(String(error.fields['detail']));
    }
  };

  const handle = (message: CoordinatorMessage): Promise<void> | void => {
    switch (message.type) {
      case 'challenge':
        return sayHello(message);
      case 'welcome':
        return startWork(message);
      case 'refused':
        return end({ kind: 'refused', code: message.code, message: message.message ?? null });
      case 'heartbeat_ack':
        if (isSkewed(message.ts, now())) return violation('heartbeat_ack ts');
        if (heartbeat?.acknowledged(message.seq) !== true) violation('heartbeat_ack seq');
        return;
      case 'dispatch':
        // Not waited for: a read of the chain must not hold a cancel back.
        void jobs.dispatch(message, { draining }, answer).catch((caught: unknown) => log.error('link.dispatch_failed', { taskId: message.task_id, error: toAppError(caught).code }));
        return;
      case 'result_ack':
        return takeAck(message);
      case 'failure_ack':
        return jobs.failureAcknowledged(message.task_id);
      case 'cancel':
        return jobs.cancel(message.task_id);
      case 'drain':
        draining = true;
        heartbeat?.soon();
        return onDrain();
      case 'bye':
        return end({ kind: 'bye', code: message.code, message: message.message ?? null });
      default:
        return violation(`${message.type} was not asked for`);
    }
  };

  // Frames are handled in their order; a signature check holds back what follows it.
  let inbox: Promise<void> = Promise.resolve();
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : asText(data);
    inbox = inbox
      .then(() => {
        if (isOver()) return;
        const frame = readFrame(phase, text, isBinary);
        return frame.ok ? handle(frame.message) : violation(frame.detail);
      })
      .catch((caught: unknown) => {
        const error = toAppError(caught);
        log.error('link.frame_failed', { phase, error: error.code });
        lost(error.code, error.message);
      });
  });
  socket.on('open', () => {
    if (socket.protocol !== linkLimits.subprotocol) violation('subprotocol');
  });
  socket.on('error', (error) => lost('link.down', error.message));
  socket.on('close', (code, reason) => {
    // What arrived before the close is handled before it.
    void inbox.then(() => {
      lost('link.down', `closed ${code} ${reason.toString('utf8').slice(0, 120)}`.trim());
      closed.resolve();
    });
  });
  expectWithin(linkLimits.helloTimeoutMs + linkLimits.helloTimeoutMs, 'challenge');

  return {
    ended: ended.promise,
    closed: closed.promise,
    bye: (code) => {
      write({ type: 'bye', code });
      end({ kind: 'closed' });
    },
    changed: () => heartbeat?.soon(),
    isDraining: () => draining,
  };
}

/** A promise with its resolver; Electron's Node has no Promise.withResolvers. */
function settleable<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((given) => void (resolve = given));
  return { promise, resolve };
}

const isSkewed = (ts: number, nowMs: number): boolean => Math.abs(ts - nowMs) > linkLimits.maxClockSkewMs;

/** A text frame as its text, however the socket cut it. */
function asText(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8');
}

type TaskId = Extract<NodeMessage, { type: 'accepted' }>['task_id'];

/** Ids of the pipeline came in through the schema. */
const answerFrame = (given: LinkAnswer): NodeMessage =>
  given.kind === 'accepted' ? { type: 'accepted', task_id: given.taskId as TaskId } : { type: 'declined', task_id: given.taskId as TaskId, code: given.code };
const chunkFrame = (taskId: string, seq: number, data: Uint8Array): NodeMessage => ({ type: 'chunk', task_id: taskId as TaskId, seq, data: Buffer.from(data).toString('base64') });
