/** The wait grows, stays within its bounds and never reaches zero. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from './backoff.ts';

describe('backoff', () => {
  it.each([[1, 1_000], [2, 2_000], [5, 16_000], [9, 256_000], [10, 300_000], [1_000, 300_000]])('waits at most %i → %i ms', (attempt, ceilingMs) => {
    expect(backoff(attempt, () => 0)).toBe(ceilingMs);
  });
  it('takes at most half off', () => {
    fc.assert(fc.property(fc.integer({ min: -3, max: 1e9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, chance) => {
      const waitMs = backoff(attempt, () => chance);
      const ceilingMs = backoff(attempt, () => 0);
      expect(waitMs).toBeLessThanOrEqual(ceilingMs);
      expect(waitMs).toBeGreaterThanOrEqual(Math.floor(ceilingMs / 2));
    }));
  });
});
