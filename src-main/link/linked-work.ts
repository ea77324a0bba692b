/** A session after its welcome: heartbeats, dispatches, receipts, resends, in the order of coordinator.md 3. */
import { toAppError } from '../../src-shared/errors.ts';
import type { CoordinatorMessage, NodeMessage, ResultAck, Welcome } from '../../src-shared/link/messages.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import { isSkewed } from './greet.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createHistoryClient } from './history-client.ts';
import { createOutboxSender } from './outbox-sender.ts';
import type { HistoryPage, LinkAnswer, LinkDeps, LinkOptions } from './types.ts';
import { isSignedBy } from './verify.ts';

/** What the session around it offers. */
type Around = {
  coordinatorId: string;
  write(frame: NodeMessage): void;
  isOver(): boolean;
  /** Closes with 1008. */
  violation(detail: string): void;
  lost(errorCode: string, detail: string): void;
  onDrain(): void;
};

type LinkedFrame = Extract<
  CoordinatorMessage,
  { type: 'heartbeat_ack' | 'dispatch' | 'result_ack' | 'failure_ack' | 'cancel' | 'history' | 'history_refused' }
>;

export type LinkedWork = {
  handle(frame: LinkedFrame): Promise<void> | void;
  /** The node changed: a heartbeat goes out early. */
  changed(): void;
  /** Tells the coordinator that nothing new is taken until the session ends. */
  drain(reason: string): void;
  /** Asks for one page of a stack's history. @throws AppError link.down */
  history(stackSmallId: bigint, after: number): Promise<HistoryPage>;
  stop(): void;
};

/** Starts with the first heartbeat; everything else waits for it. */
export function startLinkedWork(welcome: Welcome, options: LinkOptions, deps: LinkDeps, around: Around): LinkedWork {
  const { jobs, now, schedule, log } = deps;
  const { coordinatorId, isOver, violation } = around;
  const { nodeId } = options;
  const sessionId = welcome.session_id;
  let draining = false;
  /** Frames wait here until the first heartbeat is out; null afterwards. */
  let backlog: NodeMessage[] | null = [];

  const send = (frame: NodeMessage): void => {
    if (isOver()) return;
    if (backlog === null) around.write(frame);
    else backlog.push(frame);
  };
  const answer = (given: LinkAnswer): void => send(answerFrame(given));
  const failed = (caught: unknown): void => around.lost(toAppError(caught).code, toAppError(caught).message);
  const sender = createOutboxSender(options, deps, { sessionId, send, isOver });

  const histories = createHistoryClient({ sessionId, nodeId }, { keys: deps.keys, schedule, send, isOver });

  const beat = async (seq: number): Promise<void> => {
    const ts = now();
    const { state, acceptsWork, maxParallel, gpu } = deps.facts();
    const running = jobs.running().length;
    // A state that names something missing has no free slot either (coordinator.md 8).
    const isOpen = acceptsWork && !draining && (state === 'READY' || state === 'EXECUTING');
    const freeSlots = isOpen ? Math.max(0, maxParallel - running) : 0;
    const sig = await deps.keys.signLiveness(signedTexts.heartbeat({ sessionId, nodeId, seq, ts, state }));
    if (!isOver()) around.write({ type: 'heartbeat', seq, ts, state, running, free_slots: freeSlots, gpu, sig });
  };
  // "After welcome and the first heartbeat the node resends its outbox in order of recording; then, for each awaited task_id …"
  const afterFirstBeat = async (): Promise<void> => {
    if (isOver()) return;
    const waiting = backlog ?? [];
    backlog = null;
    waiting.forEach(around.write);
    await sender.pump();
    if (isOver()) return;
    jobs.answerAwaited(welcome.awaiting).forEach(answer);
    await sender.pump();
  };

  // Before any new dispatch is taken: what runs now is what ran when the coordinator wrote its list.
  jobs.cancelUnawaited(welcome.awaiting);
  // Heartbeats are signed one after the other, so that their numbers arrive in order.
  let beats: Promise<void> = Promise.resolve();
  const heartbeat = startHeartbeat(
    { intervalMs: welcome.heartbeat_interval_ms, missedAllowed: welcome.missed_heartbeats_allowed },
    {
      now,
      schedule,
      beat: (seq) => void (beats = beats.then(() => beat(seq)).catch(failed)),
      silent: () => around.lost('link.down', 'no heartbeat acknowledged'),
    },
  );
  const detach = jobs.attach({
    chunk: ({ taskId, seq, data }) => send(chunkFrame(taskId, seq, data)),
    // Before the first heartbeat nothing is sent; the round that follows it takes everything.
    outbox: () => void (backlog === null && sender.pump()),
    resend: (taskId) => sender.again(taskId),
    changed: () => heartbeat.soon(),
  });
  void beats.then(afterFirstBeat).catch(failed);

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

  const handle = (frame: LinkedFrame): Promise<void> | void => {
    switch (frame.type) {
      case 'heartbeat_ack':
        if (isSkewed(frame.ts, now())) violation('heartbeat_ack ts');
        else if (!heartbeat.acknowledged(frame.seq)) violation('heartbeat_ack seq');
        return;
      case 'dispatch':
        // Not waited for: a read of the chain must not hold a cancel back.
        void jobs
          .dispatch(frame, { draining }, answer)
          .catch((caught: unknown) =>
            log.error('link.dispatch_failed', { taskId: frame.task_id, error: toAppError(caught).code }),
          );
        return;
      case 'result_ack':
        return takeAck(frame);
      case 'failure_ack':
        return jobs.failureAcknowledged(frame.task_id);
      case 'cancel':
        return jobs.cancel(frame.task_id);
      case 'history':
      case 'history_refused': {
        if (!histories.answered(frame)) violation(`${frame.type} was not asked for`);
        return;
      }
    }
  };

  return {
    handle,
    changed: () => heartbeat.soon(),
    drain: (reason) => {
      if (draining) return;
      draining = true;
      send({ type: 'drain', reason });
      heartbeat.soon();
      around.onDrain();
    },
    history: histories.ask,
    stop: () => {
      histories.stop();
      heartbeat.stop();
      sender.stop();
      detach();
    },
  };
}

type TaskId = Extract<NodeMessage, { type: 'accepted' }>['task_id'];

/** Ids of the pipeline came in through the schema. */
const answerFrame = (given: LinkAnswer): NodeMessage =>
  given.kind === 'accepted'
    ? { type: 'accepted', task_id: given.taskId as TaskId }
    : { type: 'declined', task_id: given.taskId as TaskId, code: given.code };
const chunkFrame = (taskId: string, seq: number, data: Uint8Array): NodeMessage => ({
  type: 'chunk',
  task_id: taskId as TaskId,
  seq,
  data: Buffer.from(data).toString('base64'),
});
