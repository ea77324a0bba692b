/** Earnings points to bars: every hour or day of the range has a place, tasks are stacked, totals are exact (product.md, Dashboard). */
import type { CallOutput } from '../../../src-shared/bridge/index.ts';

/** One segment as the node hands it over. */
export type EarningsPoint = CallOutput<'earnings.series'>[number];
/** Ranges of the chart. */
export type Range = 'today' | 'days7' | 'days30' | 'all';
/** One bar: its start, its segments in the order of `tasks`, its exact total and its jobs. */
export type Bar = { fromMs: number; amounts: bigint[]; total: bigint; jobs: number };
/** All bars and the tasks they are made of, ascending. */
export type Bars = { tasks: bigint[]; bars: Bar[] };

/** Start of the local hour or day that holds a time. */
export function bucketStart(atMs: number, range: Range): number {
  const date = new Date(atMs);
  if (range === 'today') date.setMinutes(0, 0, 0);
  else date.setHours(0, 0, 0, 0);
  return date.getTime();
}

function startsOf(points: readonly EarningsPoint[], range: Range, nowMs: number): number[] {
  const last = new Date(bucketStart(nowMs, range));
  const first = new Date(last);
  if (range === 'today') first.setHours(0);
  else if (range === 'days7') first.setDate(first.getDate() - 6);
  else if (range === 'days30') first.setDate(first.getDate() - 29);
  else first.setTime(Math.min(last.getTime(), ...points.map((point) => bucketStart(point.bucketMs, range))));
  const starts = new Set<number>();
  for (const at = first; at <= last && starts.size < 2_000;) {
    starts.add(bucketStart(at.getTime(), range));
    if (range === 'today') at.setTime(at.getTime() + 3_600_000);
    else at.setDate(at.getDate() + 1);
  }
  // Points outside the expected range are shown rather than lost.
  for (const point of points) starts.add(bucketStart(point.bucketMs, range));
  return [...starts].sort((a, b) => a - b);
}

/** Bars of a range; with `task`, of that task alone. */
export function barsOf(
  points: readonly EarningsPoint[],
  range: Range,
  nowMs: number,
  task: bigint | null = null,
): Bars {
  const wanted = task === null ? points : points.filter((point) => point.taskSmallId === task);
  const tasks = [...new Set(wanted.map((point) => point.taskSmallId))].sort((a, b) => (a < b ? -1 : 1));
  const bars = startsOf(wanted, range, nowMs).map((fromMs): Bar => ({
    fromMs,
    amounts: tasks.map(() => 0n),
    total: 0n,
    jobs: 0,
  }));
  const byStart = new Map(bars.map((bar) => [bar.fromMs, bar]));
  for (const point of wanted) {
    const bar = byStart.get(bucketStart(point.bucketMs, range));
    const index = tasks.indexOf(point.taskSmallId);
    if (bar === undefined) continue;
    bar.amounts[index] = (bar.amounts[index] ?? 0n) + point.amount;
    bar.total += point.amount;
    bar.jobs += point.jobs;
  }
  return { tasks, bars };
}

/** Columns for a stacked chart, largest first: the sum of segments 0..n for each bar, in whole coins. For pixels only; text uses the exact totals. */
export function stackedColumns({ tasks, bars }: Bars, decimals: number): number[][] {
  return tasks.map((_, upTo) =>
    bars.map((bar) => {
      let sum = 0n;
      for (const amount of bar.amounts.slice(0, upTo + 1)) sum += amount;
      return Number(sum) / 10 ** decimals;
    }),
  );
}
