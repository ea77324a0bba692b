/** No point is lost, totals are exact, and every hour or day of the range has its bar. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsOf, bucketStart, stackedColumns } from './series.ts';
import type { EarningsPoint, Range } from './series.ts';

const now = new Date(2026, 10, 21, 14, 30).getTime();
const day = 86_400_000;
const ranges: readonly Range[] = ['today', 'days7', 'days30', 'all'];
const point = fc.record<EarningsPoint>({
  bucketMs: fc.integer({ min: now - 20 * day, max: now }),
  taskSmallId: fc.bigInt({ min: 1n, max: 4n }),
  amount: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  jobs: fc.integer({ min: 0, max: 1000 }),
});

describe('barsOf', () => {
  it.each([
    ['today', 15],
    ['days7', 7],
    ['days30', 30],
    ['all', 1],
  ] as const)('%s has %d bars without points', (range, count) =>
    expect(barsOf([], range, now).bars).toHaveLength(count),
  );
  it('keeps the sum of amounts and jobs, bar by bar and as a whole', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), fc.constantFrom(...ranges), (points, range) => {
        const { bars, tasks } = barsOf(points, range, now);
        expect(bars.reduce((sum, bar) => sum + bar.total, 0n)).toBe(
          points.reduce((sum, entry) => sum + entry.amount, 0n),
        );
        expect(bars.reduce((sum, bar) => sum + bar.jobs, 0)).toBe(points.reduce((sum, entry) => sum + entry.jobs, 0));
        for (const bar of bars) {
          expect(bar.amounts).toHaveLength(tasks.length);
          expect(bar.amounts.reduce((a, b) => a + b, 0n)).toBe(bar.total);
        }
        expect(bars.map((bar) => bar.fromMs)).toEqual(
          [...new Set(bars.map((bar) => bar.fromMs))].sort((a, b) => a - b),
        );
      }),
    );
  });
  it('shows one task alone', () => {
    const points = [1n, 2n].map((taskSmallId) => ({ bucketMs: now, taskSmallId, amount: 10n * taskSmallId, jobs: 1 }));
    const { tasks, bars } = barsOf(points, 'today', now, 2n);
    expect(tasks).toEqual([2n]);
    expect(bars.at(-1)?.total).toBe(20n);
  });
});

describe('bucketStart', () => {
  it('cuts to the hour today and to the day else', () => {
    expect(new Date(bucketStart(now, 'today')).getHours()).toBe(14);
    expect(new Date(bucketStart(now, 'days7')).getHours()).toBe(0);
  });
});

describe('stackedColumns', () => {
  it('adds up, so that the last column is the whole bar', () => {
    const points = [1n, 2n].map((taskSmallId) => ({ bucketMs: now, taskSmallId, amount: 1_500_000_000n, jobs: 1 }));
    const columns = stackedColumns(barsOf(points, 'all', now), 9);
    expect(columns).toEqual([[1.5], [3]]);
  });
});
