/** Sends what waits for an acknowledgement, in order of recording, once per session; signs only what has a record (coordinator.md 3; architecture.md, "Signing record"). */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { NodeMessage } from '../../src-shared/link/messages.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import { backoff } from '../core/backoff.ts';
import { noCrash } from '../core/crash-points.ts';
import type { LinkDeps, LinkOptions, LinkOutboxItem } from './types.ts';

type Session = { sessionId: string; send(frame: NodeMessage): void; isOver(): boolean };

export type OutboxSender = {
  /** Sends what is new; resolves when nothing is left to send now. */
  pump(): Promise<void>;
  /** The answer of this task goes out once more in this session. */
  again(taskId: string): void;
  stop(): void;
};

/** Creates the sender of one session. */
export function createOutboxSender({ nodeId }: LinkOptions, deps: LinkDeps, session: Session): OutboxSender {
  const { outbox, now, random, schedule, log, crashPoint = noCrash } = deps;
  const sent = new Set<number>();
  let running: Promise<void> | null = null;
  let callOffRetry: () => void = () => undefined;

  const next = (): LinkOutboxItem | undefined =>
    outbox.pending().find((item) => !sent.has(item.id) && item.notBeforeMs <= now());

  const sendAll = async (): Promise<void> => {
    for (let item = next(); item !== undefined; item = next()) {
      let frame: NodeMessage;
      try {
        frame =
          item.kind === 'result'
            ? await resultFrame(nodeId, item, deps)
            : await failureFrame(nodeId, item, session.sessionId, deps);
      } catch (caught) {
        delay(item, caught);
        continue;
      }
      if (session.isOver()) return;
      sent.add(item.id);
      session.send(frame);
      outbox.sent(item.id);
      crashPoint(item.kind === 'result' ? 'result_sent' : 'failure_sent');
      // Signing is not waited for by anything: answers that end together would keep the process to themselves.
      await nextTurn();
    }
  };

  const delay = (item: LinkOutboxItem, caught: unknown): void => {
    const error = toAppError(caught);
    const waitMs = backoff(item.attempts + 1, random);
    log[error.kind === 'bug' ? 'error' : 'warn']('link.answer_delayed', {
      taskId: item.taskId,
      error: error.code,
      waitMs,
    });
    outbox.delayed(item.id, now() + waitMs, error.code);
    callOffRetry();
    callOffRetry = schedule(waitMs, () => void pump());
  };

  const pump = async (): Promise<void> => {
    // One at a time keeps the order; what was added meanwhile is seen by the loop or by the round after it.
    while (running !== null) await running;
    if (session.isOver()) return;
    running = sendAll()
      .catch((caught: unknown) => log.error('link.outbox_failed', { error: toAppError(caught).code }))
      .finally(() => void (running = null));
    await running;
  };

  return {
    pump,
    again: (taskId) => {
      const item = outbox.find(taskId);
      if (item !== null) sent.delete(item.id);
      void pump();
    },
    stop: () => callOffRetry(),
  };
}

/** The text has neither clock nor session in it, so a resend is identical. */
async function resultFrame(
  nodeId: string,
  { taskId }: LinkOutboxItem,
  { keys, results }: LinkDeps,
): Promise<NodeMessage> {
  const record = results.record(taskId);
  const stored = results.bytes(taskId);
  if (record === null || stored === null) throw new AppError('bug.unexpected', { taskId, stage: 'outbox' });
  const bytes = stored.sealedLocally ? await keys.openLocal(stored.bytes) : stored.bytes;
  const stackSmallId = Number(record.stackSmallId);
  const computeUnits = Number(record.computeUnits);
  const { poe, entry, fingerprint, timing } = record;
  return {
    type: 'result',
    task_id: taskIdOf(taskId),
    stack_small_id: stackSmallId,
    result: Buffer.from(bytes).toString('base64'),
    poe,
    entry,
    compute_units: computeUnits,
    usage: { input: Number(record.inputUnits), output: Number(record.outputUnits) },
    fingerprint,
    timing: {
      queued_ms: timing.queuedMs,
      decrypt_ms: timing.decryptMs,
      execute_ms: timing.executeMs,
      total_ms: timing.totalMs,
    },
    sig: await keys.signLiveness(signedTexts.result({ nodeId, taskId, stackSmallId, computeUnits, poe, entry })),
  };
}

/** "re-signed with the session_id and a fresh ts each time" */
async function failureFrame(
  nodeId: string,
  { taskId, code }: LinkOutboxItem,
  sessionId: string,
  { keys, now }: LinkDeps,
): Promise<NodeMessage> {
  if (code === null) throw new AppError('bug.unexpected', { taskId, stage: 'outbox' });
  const ts = now();
  return {
    type: 'failure',
    task_id: taskIdOf(taskId),
    code,
    ts,
    sig: await keys.signLiveness(signedTexts.failure({ sessionId, nodeId, taskId, code, ts })),
  };
}

/** Rows hold ids that came in through the schema. */
const taskIdOf = (taskId: string) => taskId as Extract<NodeMessage, { type: 'result' }>['task_id'];
