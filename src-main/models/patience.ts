/** How long a failing host is left in peace: by what it asks for itself, else ever longer, until something new has come (architecture.md, "Retry"). */
import type { AppError } from '../../src-shared/errors.ts';
import { backoff, type BackoffLimits } from '../core/backoff.ts';
import type { StoreDeps } from './types.ts';

export type Waiting = { error: AppError; untilMs: number };
export type Patience = {
  /** Counts as a transfer under way until it settles. */
  during<T>(transfer: Promise<T>): Promise<T>;
  /** Rejects with the signal's reason. */
  wait(error: AppError, signal: AbortSignal): Promise<void>;
  progressed(): void;
};

/** Creates the patience of one transfer. */
export function createPatience(limits: BackoffLimits, { random, now, schedule, onWaiting }: Pick<StoreDeps, 'random' | 'now' | 'schedule'> & { onWaiting(waiting: Waiting | null): void }): Patience {
  let failures = 0;
  let underWay = 0;
  let told: Waiting | null = null;
  const waits = new Set<Waiting>();
  /** It waits when no connection does anything else; the first to go on says until when. */
  const tell = (): void => {
    const next = underWay > 0 ? null : ([...waits].sort((a, b) => a.untilMs - b.untilMs)[0] ?? null);
    if (next !== told) onWaiting(next);
    told = next;
  };
  return {
    async during(transfer) {
      underWay += 1;
      tell();
      return transfer.finally(() => {
        underWay -= 1;
        if (underWay === 0 && waits.size > 0) tell();
      });
    },
    async wait(error, signal) {
      signal.throwIfAborted();
      failures += 1;
      const asked = error.fields['retryAfterMs'];
      const waitMs = Math.max(typeof asked === 'number' ? asked : 0, backoff(failures, random, limits));
      const waiting = { error, untilMs: now() + waitMs };
      waits.add(waiting);
      tell();
      await sleep(waitMs, signal, schedule).finally(() => waits.delete(waiting));
    },
    progressed() {
      failures = 0;
    },
  };
}

function sleep(delayMs: number, signal: AbortSignal, schedule: StoreDeps['schedule']): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      callOff();
      reject(signal.reason as Error);
    };
    const callOff = schedule(delayMs, () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
