/** Rows of the node, grouped by day or by task; sums are exact, and one unknown part makes a sum unknown. */
import type { EconomicsRow } from '../../../src-shared/bridge/economics.ts';
import { totalOf } from '../../format/amount.ts';
import { fiatSum } from '../../format/fiat.ts';

/** A sum over some rows. `key` is the day's first moment, or the task; null is no task. */
export type Group<Key> = {
  readonly key: Key;
  readonly gross: bigint;
  readonly gasMist: bigint;
  readonly wattHours: number | null;
  readonly source: EnergySource | null;
  readonly grossFiat: string | null;
  readonly gasFiat: string | null;
  readonly electricity: string | null;
  readonly net: string | null;
};

/** Where a figure of energy comes from. */
export type EnergySource = 'measured' | 'partly' | 'estimated';

/** Less than a hundredth is no part. */
export function energySource(wattHours: number, measured: number): EnergySource {
  if (wattHours === 0 || measured < wattHours * 0.01) return 'estimated';
  return measured >= wattHours * 0.99 ? 'measured' : 'partly';
}

/** The sum; null where a part is not known. */
const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);

/** Sums rows that have something in common. */
export function sumRows<Key>(key: Key, rows: readonly EconomicsRow[]): Group<Key> {
  const wattHours = sumOf(rows.map((row) => row.wattHours));
  const measured = sumOf(rows.map((row) => row.wattHoursMeasured));
  return {
    key,
    gross: totalOf(rows.map((row) => row.gross)),
    gasMist: totalOf(rows.map((row) => row.gasMist)),
    wattHours,
    source: wattHours === null || measured === null ? null : energySource(wattHours, measured),
    grossFiat: fiatSum(rows.map((row) => row.grossFiat)),
    gasFiat: fiatSum(rows.map((row) => row.gasFiat)),
    electricity: fiatSum(rows.map((row) => row.electricity)),
    net: fiatSum(rows.map((row) => row.net)),
  };
}

const grouped = <Key>(rows: readonly EconomicsRow[], keyOf: (row: EconomicsRow) => Key): Group<Key>[] =>
  [...new Set(rows.map(keyOf))].map((key) =>
    sumRows(
      key,
      rows.filter((row) => keyOf(row) === key),
    ),
  );

/** By local day, newest first. */
export const byDay = (rows: readonly EconomicsRow[]): Group<number>[] =>
  grouped(rows, (row) => row.dayMs).sort((a, b) => b.key - a.key);

/** By task, ascending, what belongs to none last. */
export const byTask = (rows: readonly EconomicsRow[]): Group<bigint | null>[] =>
  grouped(rows, (row) => row.taskSmallId).sort((a, b) =>
    a.key === null ? 1 : b.key === null ? -1 : a.key < b.key ? -1 : 1,
  );
