/** Earned, pending, claimable and claimed kept apart, and the chart by day or hour (product.md, Dashboard). */
import type { ChargeSettings, Contract } from '../../src-shared/atoma/index.ts';
import type { z } from 'zod';
import type { earningsPointSchema, EarningsView, StackView } from '../../src-shared/bridge/views.ts';
import { unitsValue } from '../core/stack-value.ts';
import { localDayStart } from '../platform/local-day.ts';
import type { EarnedDay, EarnedRow, EarnedSum } from './chain-store.ts';

/** One bar segment of the chart. */
export type EarningsPoint = z.output<typeof earningsPointSchema>;
/** Ranges of the dashboard. */
export type EarningsRange = keyof EarningsView['earned'];

/** By which formula and charges units become money. */
export type Pricing = { readonly contract: Pick<Contract, 'money'>; readonly settings: ChargeSettings };

const valueOf = (row: EarnedSum, { contract, settings }: Pricing): bigint => unitsValue(row, row.units, contract, settings) ?? 0n;

/** Days back that a range begins with; null = from the beginning. */
const daysBack: Record<EarningsRange, number | null> = { today: 0, days7: 6, days30: 29, all: null };

/** First moment of a range, in milliseconds. */
export const rangeStart = (range: EarningsRange, nowMs: number): number => {
  const days = daysBack[range];
  return days === null ? 0 : localDayStart(nowMs, days);
};

/** Value of acknowledged work by range; `days` reaches 30 days back, `before` sums what came earlier. */
export function earnedByRange({ days, before }: { days: readonly EarnedDay[]; before: readonly EarnedSum[] }, nowMs: number, pricing: Pricing): EarningsView['earned'] {
  const valueSince = (fromMs: number): bigint => days.reduce((sum, row) => (row.dayMs >= fromMs ? sum + valueOf(row, pricing) : sum), 0n);
  const days30 = valueSince(rangeStart('days30', nowMs));
  const all = before.reduce((sum, row) => sum + valueOf(row, pricing), days30);
  return { today: valueSince(rangeStart('today', nowMs)), days7: valueSince(rangeStart('days7', nowMs)), days30, all };
}

/** Acknowledged work with the bar it belongs to. */
type InBar = Omit<EarnedDay, 'dayMs'> & { readonly bucketMs: number };

/** Quarters of an hour in bars of an hour. */
export function byHour(quarters: readonly EarnedRow[]): InBar[] {
  const hourMs = 3_600_000;
  return quarters.map((row) => ({ ...row, bucketMs: row.quarterMs - (row.quarterMs % hourMs) }));
}

/** Days, each a bar. */
export const byDay = (days: readonly EarnedDay[]): InBar[] => days.map((row) => ({ ...row, bucketMs: row.dayMs }));

/** Value and units of each local day and task, oldest first. */
export function earnedDays(days: readonly EarnedDay[], pricing: Pricing): { dayMs: number; taskSmallId: bigint; amount: bigint; computeUnits: bigint }[] {
  return days.map((row) => ({ dayMs: row.dayMs, taskSmallId: row.taskSmallId, amount: valueOf(row, pricing), computeUnits: row.units }));
}

/** One point per bar and task, oldest first. */
export function earningsPoints(bars: readonly InBar[], pricing: Pricing): EarningsPoint[] {
  const points = new Map<string, EarningsPoint>();
  for (const row of bars) {
    const { bucketMs, taskSmallId } = row;
    const key = `${bucketMs}:${taskSmallId}`;
    const point = points.get(key) ?? { bucketMs, taskSmallId, amount: 0n, jobs: 0 };
    points.set(key, { ...point, amount: point.amount + valueOf(row, pricing), jobs: point.jobs + row.jobs });
  }
  return [...points.values()].sort((left, right) => left.bucketMs - right.bucketMs || Number(left.taskSmallId - right.taskSmallId));
}

const sumOf = (views: readonly StackView[], phases: readonly StackView['phase'][]): bigint =>
  views.filter((view) => phases.includes(view.phase)).reduce((sum, view) => sum + view.value, 0n);

/** Work that was acknowledged and is not payable yet. A disputed or stranded stack is neither: it never pays (protocol.md 2.3, 5.8). */
export const pendingValue = (views: readonly StackView[]): bigint => sumOf(views, ['working', 'settling', 'challenge']);
/** Payable now by one claim. */
export const claimableValue = (views: readonly StackView[]): bigint => sumOf(views, ['claimable', 'claiming']);
