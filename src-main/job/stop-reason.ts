/** Why a run is stopped from outside: cancel, deadline or quit; not an error of anybody (architecture.md, "Errors": cancellation is none of these). */
import type { FailureCode } from '../../src-shared/link/codes.ts';

/** The reason that an AbortSignal carries; `code` is what the coordinator is told. */
export class StopReason extends Error {
  readonly code: FailureCode;

  constructor(code: 'cancelled' | 'deadline_passed' | 'internal') {
    super(`stopped: ${code}`);
    this.name = 'StopReason';
    this.code = code;
  }
}

/** The promise, or the signal's reason as soon as it is given: a neighbour that is slow to stop cannot hold the answer back (200 ms, coordinator.md 3). */
export function untilStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
