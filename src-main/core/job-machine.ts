/** One job's machine: a table from stage and event to the next stage and the effects; a pair outside the table is a bug (architecture.md, "State machines"). */
import type { JobStage } from '../../src-shared/domain/job-stage.ts';
import type { DeclineCode, FailureCode } from '../../src-shared/link/codes.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Job, JobAck, JobOrder, SigningRecord } from './job.ts';

/** What happens to a job. Times are milliseconds. */
export type JobEvent =
  | { kind: 'admitted'; order: JobOrder; atMs: number }
  | { kind: 'refused'; order: JobOrder; code: DeclineCode; atMs: number }
  | { kind: 'started' }
  | { kind: 'opened' }
  | { kind: 'answered' }
  | { kind: 'recorded'; record: SigningRecord; atMs: number }
  | { kind: 'failed'; code: FailureCode; detail: string | null; atMs: number }
  | { kind: 'acknowledged'; ack: JobAck; atMs: number }
  | { kind: 'failure_acknowledged' }
  | { kind: 'repeated' };

/** What the shell has to do after the row is written; performing one twice is harmless. */
export type EffectName =
  | 'answer_accepted'
  | 'answer_declined'
  | 'run'
  | 'keep_record'
  | 'send_result'
  | 'send_failure'
  | 'keep_ack'
  | 'close_outbox'
  | 'drop_result';

/** `id` = task id + effect name, so that a second performance can be recognised. */
export type Effect = { id: string; name: EffectName };
export type Step = { job: Job; effects: readonly Effect[] };

type Target = { to: JobStage; effects: readonly EffectName[] };
type From = JobStage | 'none';
type Key = `${From} ${JobEvent['kind']}`;

const to = (stage: JobStage, ...effects: EffectName[]): Target => ({ to: stage, effects });
const fail = to('failed', 'send_failure');
const runningAgain = (stage: JobStage): Target => to(stage, 'answer_accepted');

/** The whole machine. `acknowledged` names the stage `accepted`; the acknowledgement's status decides among accepted, duplicate and rejected. */
export const jobTable: Readonly<Partial<Record<Key, Target>>> = {
  'none admitted': to('received', 'answer_accepted', 'run'),
  'none refused': to('declined', 'answer_declined'),
  'received started': to('decrypting'),
  'decrypting opened': to('executing'),
  'executing answered': to('proving'),
  'proving recorded': to('proved', 'keep_record', 'send_result'),
  'received failed': fail,
  'decrypting failed': fail,
  'executing failed': fail,
  'proving failed': fail,
  'proved acknowledged': to('accepted', 'keep_ack', 'close_outbox', 'drop_result'),
  // "a repeat is ignored"
  'accepted acknowledged': to('accepted'),
  'duplicate acknowledged': to('duplicate'),
  'rejected acknowledged': to('rejected'),
  'failed failure_acknowledged': to('failed', 'close_outbox'),
  // "running → accepted; done → accepted and the stored result; declined or failed → the same answer"
  'received repeated': runningAgain('received'),
  'decrypting repeated': runningAgain('decrypting'),
  'executing repeated': runningAgain('executing'),
  'proving repeated': runningAgain('proving'),
  'proved repeated': to('proved', 'answer_accepted', 'send_result'),
  // The receipt is held and the bytes are gone: nothing is left to send.
  'accepted repeated': to('accepted', 'answer_accepted'),
  'duplicate repeated': to('duplicate', 'answer_accepted'),
  'rejected repeated': to('rejected', 'answer_accepted'),
  'failed repeated': to('failed', 'send_failure'),
  'declined repeated': to('declined', 'answer_declined'),
};

/**
 * Applies one event to a job (null: there is none yet).
 * @throws AppError bug.unexpected for a pair that the table does not know.
 */
export function step(job: Job | null, event: JobEvent): Step {
  const target = jobTable[`${job?.stage ?? 'none'} ${event.kind}`];
  if (target === undefined) throw new AppError('bug.unexpected', { stage: job?.stage ?? 'none', event: event.kind });
  const next = moved(job, event, target);
  return { job: next, effects: target.effects.map((name) => ({ id: `${next.taskId}:${name}`, name })) };
}

function moved(job: Job | null, event: JobEvent, { to: stage }: Target): Job {
  switch (event.kind) {
    case 'admitted':
      return { ...event.order, stage, receivedMs: event.atMs, finishedMs: null, code: null, detail: null };
    case 'refused':
      return { ...event.order, stage, receivedMs: event.atMs, finishedMs: event.atMs, code: event.code, detail: null };
    case 'failed':
      return { ...existing(job), stage, finishedMs: event.atMs, code: event.code, detail: event.detail };
    case 'recorded':
      return { ...existing(job), stage, finishedMs: event.atMs };
    case 'acknowledged':
      return job?.stage === 'proved' ? { ...job, stage: event.ack.status, code: event.ack.reason } : existing(job);
    default:
      return { ...existing(job), stage };
  }
}

function existing(job: Job | null): Job {
  if (job === null) throw new AppError('bug.unexpected', { event: 'without a job' });
  return job;
}
