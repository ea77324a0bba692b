/** The one retry rule: how long to wait before an attempt is repeated (architecture.md, "Retry": attempts, not_before, last_error). */

/** Bounds of the wait. */
export type BackoffLimits = {
  /** Upper bound of the wait after the first failure, in milliseconds. */
  readonly baseMs: number;
  /** The wait never exceeds this, in milliseconds. */
  readonly capMs: number;
};

const defaults: BackoffLimits = { baseMs: 1_000, capMs: 300_000 };

/**
 * Milliseconds to wait after `attempt` failures (1 = the first one failed): doubled each time up to the cap, of which a random
 * half is taken off so that many nodes do not return at the same moment. `random` gives numbers in [0, 1).
 */
export function backoff(attempt: number, random: () => number, { baseMs, capMs }: BackoffLimits = defaults): number {
  const doublings = Math.min(Math.max(Math.trunc(attempt) - 1, 0), 40);
  const ceilingMs = Math.min(baseMs * 2 ** doublings, capMs);
  return Math.round(ceilingMs * (1 - random() / 2));
}
