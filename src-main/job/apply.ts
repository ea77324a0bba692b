/** Applies events to a job: step, row, transition and durable effects in one transaction (architecture.md, "State machines"). */
import { AppError } from '../../src-shared/errors.ts';
import { failureCodeSchema } from '../../src-shared/link/codes.ts';
import type { Job } from '../core/job.ts';
import { step, type Effect, type JobEvent, type Step } from '../core/job-machine.ts';
import type { JobStore } from './types.ts';

/** What an event brings that is not part of the job's value. */
export type EventBaggage = {
  /** With `admitted`: the sealed envelope. */
  envelope?: string;
  /** With `recorded`: the bytes to return, sealed under the local key unless they are a JWE already. */
  bytes?: { bytes: Uint8Array; sealedLocally: boolean };
};

/**
 * Steps that change the stage alone. Nothing is promised to anybody by them, and after a power cut every running stage ends the same way
 * (failure/internal), so they need not wait for the disk; "received", results, failures and receipts do.
 */
const stageOnly: readonly JobEvent['kind'][] = ['started', 'opened', 'answered'];

/** Applies an event to the job of `taskId` and commits. Answers and runs are left to the caller: they follow the commit. */
export const applyEvent = (store: JobStore, taskId: string, event: JobEvent, nowMs: number, baggage: EventBaggage = {}): Step =>
  applyEvents(store, taskId, [event], nowMs, baggage);

/** Applies events that happen together in one commit, as {@link applyEvent} one after the other would; gives the last step. */
export function applyEvents(store: JobStore, taskId: string, events: readonly [JobEvent, ...JobEvent[]], nowMs: number, baggage: EventBaggage = {}): Step {
  return store.transaction(() => {
    const before = store.rows.find(taskId);
    const steps = stepsOf(before, events);
    const { job } = steps.at(-1)!.result;
    if (before === null) store.rows.insert(job, baggage.envelope ?? null);
    else if (events.some(({ kind }) => kind !== 'repeated')) store.rows.update(job);
    for (const { from, event, result } of steps) {
      if (from !== result.job.stage) store.rows.appendTransition(taskId, { from, to: result.job.stage, event: event.kind, atMs: nowMs });
      for (const effect of result.effects) perform(store, result.job, event, effect, baggage);
    }
    return steps.at(-1)!.result;
  }, events.every(({ kind }) => stageOnly.includes(kind)) ? 'ordered' : 'full');
}

/** The machine's way through the events. */
function stepsOf(before: Job | null, events: readonly JobEvent[]): { from: Job['stage'] | null; event: JobEvent; result: Step }[] {
  let job = before;
  return events.map((event) => {
    const from = job?.stage ?? null;
    const result = step(job, event);
    job = result.job;
    return { from, event, result };
  });
}

/** Effects that live in the database; each is harmless when it is performed twice. */
function perform(store: JobStore, job: Job, event: JobEvent, effect: Effect, { bytes }: EventBaggage): void {
  switch (effect.name) {
    case 'keep_record':
      if (event.kind !== 'recorded' || bytes === undefined) throw new AppError('bug.unexpected', { effect: effect.name });
      store.results.keepRecord(event.record);
      store.results.keepBytes(job.taskId, bytes);
      break;
    case 'send_result':
      store.outbox.put({ taskId: job.taskId, kind: 'result', code: null, message: null, effectId: effect.id });
      break;
    case 'send_failure':
      store.outbox.put({ taskId: job.taskId, kind: 'failure', code: failureCodeSchema.parse(job.code), message: null, effectId: effect.id });
      break;
    case 'keep_ack':
      if (event.kind !== 'acknowledged') throw new AppError('bug.unexpected', { effect: effect.name });
      store.results.keepAck(job.taskId, job.stackSmallId, event.ack);
      break;
    case 'close_outbox':
      store.outbox.close(job.taskId);
      break;
    case 'drop_result':
      store.results.dropBytes(job.taskId);
      break;
    case 'answer_accepted':
    case 'answer_declined':
    case 'run':
      break; // the caller's, after the commit
  }
}
