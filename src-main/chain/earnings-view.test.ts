/** Earned units become the dashboard's ranges and bars (product.md, Dashboard). */
import { describe, expect, it } from 'vitest';
import { G1 } from '../../src-shared/atoma/index.ts';
import { byDay, byHour, earnedByRange, earningsPoints } from './earnings-view.ts';
import type { EarnedDay, EarnedRow } from './chain-store.ts';

const pricing = { contract: G1, settings: { samplingConsensusChargePermille: 1_000n, crossValidationExtraNodesChargePermille: 10n } };
const noon = new Date(2026, 4, 20, 12).getTime();
const dayMs = (back: number): number => new Date(2026, 4, 20 - back).getTime();
const day = (back: number, units: bigint, change: Partial<EarnedDay> = {}): EarnedDay => ({ dayMs: dayMs(back), taskSmallId: 1n, units, jobs: 1, price: 10n, samplingConsensus: false, ...change });
const quarter = (quarterMs: number, change: Partial<EarnedRow> = {}): EarnedRow => ({ quarterMs, stackSmallId: 1n, taskSmallId: 1n, units: 1n, jobs: 1, price: 10n, samplingConsensus: false, ...change });

describe('ranges', () => {
  it('reach from today, 6 and 29 days back, and the beginning', () => {
    const days = [day(29, 4n), day(7, 8n), day(6, 16n), day(0, 32n), day(0, 1n, { price: 7n })];
    const before = [{ units: 2n, price: 10n, samplingConsensus: false }, { units: 1n, price: 11n, samplingConsensus: true }];
    expect(earnedByRange({ days, before }, noon, pricing)).toEqual({ today: 327n, days7: 487n, days30: 607n, all: 638n });
    expect(earnedByRange({ days: [], before: [] }, noon, pricing)).toEqual({ today: 0n, days7: 0n, days30: 0n, all: 0n });
  });
});

describe('bars', () => {
  it('are days, one point per task, prices together', () => {
    const days = [day(1, 3n), day(1, 2n, { price: 100n }), day(1, 4n, { taskSmallId: 2n })];
    expect(earningsPoints(byDay(days), pricing)).toEqual([
      { bucketMs: dayMs(1), taskSmallId: 1n, amount: 230n, jobs: 2 },
      { bucketMs: dayMs(1), taskSmallId: 2n, amount: 40n, jobs: 1 },
    ]);
  });
  it('are hours for today', () => {
    const hourMs = 3_600_000;
    const quarters = [quarter(hourMs), quarter(hourMs + 2_700_000, { stackSmallId: 2n, price: 3n }), quarter(2 * hourMs)];
    expect(earningsPoints(byHour(quarters), pricing).map(({ bucketMs, amount, jobs }) => [bucketMs, amount, jobs])).toEqual([[hourMs, 13n, 2], [2 * hourMs, 10n, 1]]);
  });
});
