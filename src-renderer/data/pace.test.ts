/** A few rounds follow at once after a quiet time; a stream of topics gets the steady pace and no more. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burst, createPace, roundMs, togetherMs } from './pace.ts';

/** Plays a stream that asks for a round again as soon as it had one. Returns when each began. */
function rounds(count: number, quietMs = 0): number[] {
  let nowMs = 5_000;
  const pace = createPace(() => nowMs);
  nowMs += quietMs;
  return Array.from({ length: count }, () => {
    nowMs += pace.waitMs();
    pace.spend();
    return nowMs;
  });
}
const distances = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0));

describe('createPace', () => {
  it('lets a few follow at once, then one a round', () => {
    const atOnce = Array.from({ length: burst - 1 }, () => togetherMs);
    const paidBack = roundMs - (burst - 1) * togetherMs;
    expect(distances(rounds(burst + 3))).toEqual([...atOnce, paidBack, roundMs, roundMs]);
  });
  it('saves up no more than that, however long it was quiet', () => {
    expect(distances(rounds(12, 3_600_000))).toEqual(distances(rounds(12)));
  });
  it('keeps the steady pace over any time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), (count) => {
        const times = rounds(count);
        const lastedMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
        expect(count).toBeLessThanOrEqual(lastedMs / roundMs + burst);
      }),
    );
  });
});
