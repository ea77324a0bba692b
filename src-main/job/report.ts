/** Records why a request ended without a result and puts the failure into the outbox (coordinator.md 3, "Failure codes"). */
import { toAppError } from '../../src-shared/errors.ts';
import { failureCodeOf } from '../core/failure-codes.ts';
import { applyEvents } from './apply.ts';
import type { JobEvent } from '../core/job-machine.ts';
import { StopReason } from './stop-reason.ts';
import type { JobDeps } from './types.ts';

/** Ends a running request; `caught` is whatever its stage threw. Returns the code that was recorded. */
export function reportFailure({ store, now, log }: Pick<JobDeps, 'store' | 'now' | 'log'>, taskId: string, caught: unknown): string {
  const error = caught instanceof StopReason ? null : toAppError(caught);
  const code = caught instanceof StopReason ? caught.code : failureCodeOf(toAppError(caught).code);
  const events: [JobEvent, ...JobEvent[]] = [{ kind: 'failed', code, detail: error?.code ?? null, atMs: now() }];
  // Nobody at the other end of the link knows of a direct request.
  if (store.rows.find(taskId)?.direct === true) events.push({ kind: 'failure_acknowledged' });
  applyEvents(store, taskId, events, now());
  // Of an unknown cause the name alone: its message may quote the request.
  if (error?.kind === 'bug') log.error('job.bug', { taskId, code: error.code, ...error.fields, cause: error.cause instanceof Error ? error.cause.name : null });
  else log.info('job.failed', { taskId, code, error: error?.code ?? null });
  return code;
}
