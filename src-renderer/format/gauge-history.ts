/** A GPU's history as evenly spaced values, so that a gap in it is seen as one; and that of all GPUs together, for the dashboard. */
import type { GaugePoint, GpuView, HistorySpan } from '../../src-shared/bridge/hardware-calls.ts';

/** Buckets of the two spans, as the node makes them. */
export const bucketsOf: Record<HistorySpan, { bucketMs: number; count: number }> = {
  hour: { bucketMs: 30_000, count: 120 },
  day: { bucketMs: 600_000, count: 144 },
};

/** One gauge of the points. */
export type GaugeName = Exclude<keyof GaugePoint, 'atMs'>;

/** Values up to now, null where no reading was made. */
export function evenly(
  points: readonly GaugePoint[],
  gauge: GaugeName,
  span: HistorySpan,
  nowMs: number,
): (number | null)[] {
  const { bucketMs, count } = bucketsOf[span];
  const last = Math.floor(nowMs / bucketMs);
  const values = new Map(points.map((point) => [Math.floor(point.atMs / bucketMs), point[gauge]]));
  return Array.from({ length: count }, (_, index) => values.get(last - count + 1 + index) ?? null);
}

/** Least and most of the values that are known; null without any. */
export function rangeOf(values: readonly (number | null)[]): { least: number; most: number } | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : { least: Math.min(...known), most: Math.max(...known) };
}

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const most = (values: readonly (number | null)[]): number | null =>
  known(values).length === 0 ? null : Math.max(...known(values));
const sum = (values: readonly (number | null)[]): number | null =>
  known(values).length === 0 ? null : known(values).reduce((total, one) => total + one, 0);
const mean = (values: readonly (number | null)[]): number | null => {
  const total = sum(values);
  return total === null ? null : total / known(values).length;
};

/** One line of the dashboard: mean load, memory and power of all, temperature of the hottest. */
export type MachineGauge = {
  key: 'util' | 'vram' | 'temp' | 'power';
  now: number | null;
  values: (number | null)[];
  top: number;
};

/** The last hour of several GPUs as one machine; `points` in the order of `gpus`. */
export function machineGauges(
  gpus: readonly GpuView[],
  points: readonly (readonly GaugePoint[])[],
  nowMs: number,
): MachineGauge[] {
  const joined = (gauge: GaugeName, join: (values: readonly (number | null)[]) => number | null): (number | null)[] => {
    const lines = points.map((one) => evenly(one, gauge, 'hour', nowMs));
    return Array.from({ length: bucketsOf.hour.count }, (_, at) => join(lines.map((line) => line[at] ?? null)));
  };
  return [
    { key: 'util', now: mean(gpus.map(({ utilPct }) => utilPct)), values: joined('utilPct', mean), top: 100 },
    {
      key: 'vram',
      now: sum(gpus.map(({ vramUsedMib }) => vramUsedMib)),
      values: joined('vramUsedMib', sum),
      top: sum(gpus.map(({ vramTotalMib }) => vramTotalMib)) ?? 0,
    },
    { key: 'temp', now: most(gpus.map(({ tempC }) => tempC)), values: joined('tempC', most), top: 100 },
    {
      key: 'power',
      now: sum(gpus.map(({ powerW }) => powerW)),
      values: joined('powerW', sum),
      top: sum(gpus.map(({ powerLimitW }) => powerLimitW)) ?? 0,
    },
  ];
}
