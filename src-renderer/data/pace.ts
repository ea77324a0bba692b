/** When reads may be repeated next: at once after a quiet time, at a steady pace under a stream of topics (product.md: nothing is read faster than it can change). */

/** Steady distance of two rounds. */
export const roundMs = 400;
/** Rounds that may follow each other at once after a quiet time: a node that has just opened tells of itself, its chain and its work one after the other. */
export const burst = 6;
/** Topics that come together are one round. */
export const togetherMs = 25;

/** Spends rounds. */
export type Pace = {
  /** Milliseconds until the next round may begin. */
  waitMs(): number;
  /** A round begins. */
  spend(): void;
};

/** A pace that begins after a quiet time. `now` is in milliseconds and never goes back. */
export function createPace(now: () => number): Pace {
  /** When everything spent is earned back; rounds may run ahead of it by the burst. */
  let evenAt = now();
  return {
    waitMs: () => Math.max(togetherMs, evenAt - (burst - 1) * roundMs - now()),
    spend: () => (evenAt = Math.max(evenAt, now()) + roundMs),
  };
}
