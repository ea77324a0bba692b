/** Decides what follows an attempt that gave no result: another one under a new task_id, or the end (coordinator.md 3, "Dispatch rules"). */
import { finalFailureCodes, type DeclineCode, type FailureCode } from '../../../src-shared/link/codes.ts';

/** How an attempt ended without a result. */
export type AttemptEnd =
  | { readonly kind: 'declined'; readonly code: DeclineCode }
  | { readonly kind: 'failed'; readonly code: FailureCode }
  | { readonly kind: 'given_up'; readonly code: 'no_answer' | 'abandoned' };

/** `retry`: again, not before the delay. `drop`: this request is over; `closeStack`: so is the stack for its buyer. */
export type NextStep =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'drop'; readonly closeStack: boolean };

/** A request that failed this often is given back to its buyer. Waiting for a free or unpaused node does not count. */
export const maxAttempts = 4;

const waits: Partial<Record<DeclineCode, number>> = { busy: 1_000, paused: 5_000 };
const oncemore: readonly DeclineCode[] = ['unknown_stack', 'bad_envelope', 'deadline_passed'];
const stackIsOver: readonly DeclineCode[] = ['unstaking', 'unsupported_workload', 'unknown_stack', 'not_my_stack', 'stack_settling', 'not_subscribed', 'model_unavailable', 'stack_exhausted'];

/** `attempts` counts the one that just ended. */
export function afterAttempt(end: AttemptEnd, attempts: number): NextStep {
  if (end.kind === 'declined') {
    const waitMs = waits[end.code];
    if (waitMs !== undefined) return { kind: 'retry', delayMs: waitMs };
    if (oncemore.includes(end.code) && attempts < maxAttempts) return { kind: 'retry', delayMs: 1_000 * attempts };
    return { kind: 'drop', closeStack: stackIsOver.includes(end.code) };
  }
  const final = end.kind === 'failed' ? finalFailureCodes.includes(end.code) : end.code === 'abandoned';
  if (final || attempts >= maxAttempts) return { kind: 'drop', closeStack: false };
  return { kind: 'retry', delayMs: 500 * attempts };
}
