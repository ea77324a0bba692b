/** What each day and task brought: gross, gas, electricity and net, in base units and exactly in fiat; what is not known stays null (product.md, Economics). */
import type { EconomicsRow } from '../../src-shared/bridge/economics.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { Energy } from './energy.ts';
import { fiatOf, picoText, type Pico } from './fiat.ts';

/** Acknowledged work of a local day and task. */
export type EarnedOfDay = { readonly dayMs: number; readonly taskSmallId: bigint; readonly amount: bigint; readonly computeUnits: bigint };
/** Gas of a local day, in MIST; `taskSmallId` null where a transaction belongs to no task. */
export type GasOfDay = { readonly dayMs: number; readonly taskSmallId: bigint | null; readonly gasMist: bigint };
/** Energy of local days; a day is null where some of its power is neither measured nor estimated. */
export type EnergyDays = ReadonlyMap<number, Energy | null>;

/** Everything the rows are made of. */
export type EconomicsFacts = {
  readonly earned: readonly EarnedOfDay[];
  readonly gas: readonly GasOfDay[];
  /** Energy while work ran, and while it was waited for; null where nothing is known of it. */
  readonly busy: EnergyDays | null;
  readonly waiting: EnergyDays | null;
  readonly decimals: number;
  /** Fiat for one whole coin. */
  readonly rates: { readonly coin: Pico | null; readonly sui: Pico | null };
};

type Part = { gross: bigint; computeUnits: bigint; gasMist: bigint; energy: bigint; measured: bigint; cost: Pico };
const emptyPart = (): Part => ({ gross: 0n, computeUnits: 0n, gasMist: 0n, energy: 0n, measured: 0n, cost: 0n });

/** Shares a whole by weights so that the parts add up to it; the last one takes what rounding leaves. */
export function shareOut(whole: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map(() => 0n);
  let left = whole;
  return weights.map((weight, at) => {
    const share = at === weights.length - 1 ? left : (whole * weight) / total;
    left -= share;
    return share;
  });
}

/** One row a day and task, newest day first, tasks ascending, and last of a day what belongs to no task. Energy of work is shared by compute units. */
export function economicsRows(facts: EconomicsFacts): EconomicsRow[] {
  const { earned, gas, busy, waiting } = facts;
  const days = [...new Set([...earned, ...gas].map(({ dayMs }) => dayMs).concat([...(busy?.keys() ?? [])], [...(waiting?.keys() ?? [])]))].sort((a, b) => b - a);
  const hasTariff = [...(busy?.values() ?? []), ...(waiting?.values() ?? [])].every((energy) => energy?.cost !== null);
  return days.flatMap((dayMs) => rowsOfDay(dayMs, facts, hasTariff));
}

function rowsOfDay(dayMs: number, facts: EconomicsFacts, hasTariff: boolean): EconomicsRow[] {
  const parts = new Map<bigint | null, Part>();
  const partOf = (task: bigint | null): Part => {
    const part = parts.get(task) ?? emptyPart();
    parts.set(task, part);
    return part;
  };
  for (const row of facts.earned.filter((one) => one.dayMs === dayMs)) {
    const part = partOf(row.taskSmallId);
    part.gross += row.amount;
    part.computeUnits += row.computeUnits;
  }
  for (const row of facts.gas.filter((one) => one.dayMs === dayMs)) partOf(row.taskSmallId).gasMist += row.gasMist;
  const isKnown = [facts.busy, facts.waiting].every((days) => days !== null && days.get(dayMs) !== null);
  const knows = { energy: isKnown, cost: isKnown && hasTariff };
  addEnergy(parts, partOf, facts.busy?.get(dayMs) ?? null, facts.waiting?.get(dayMs) ?? null);
  const ordered = [...parts].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  return ordered.map(([taskSmallId, part]) => rowOf({ dayMs, taskSmallId }, part, facts, knows));
}

/** Work's energy goes to the tasks of the day; on a day without acknowledged work, and for waiting, to no task. */
function addEnergy(parts: ReadonlyMap<bigint | null, Part>, partOf: (task: bigint | null) => Part, busy: Energy | null, waiting: Energy | null): void {
  const worked = [...parts].filter(([task, part]) => task !== null && part.computeUnits > 0n).map(([, part]) => part);
  const takers = worked.length > 0 ? worked : busy === null || busy.milliwattHours === 0n ? [] : [partOf(null)];
  const weights = worked.length > 0 ? worked.map((part) => part.computeUnits) : takers.map(() => 1n);
  if (busy !== null) {
    const energies = shareOut(busy.milliwattHours, weights);
    const measured = shareOut(busy.measured, weights);
    const costs = shareOut(busy.cost ?? 0n, weights);
    takers.forEach((part, at) => {
      part.energy += energies[at] ?? 0n;
      part.measured += measured[at] ?? 0n;
      part.cost += costs[at] ?? 0n;
    });
  }
  if (waiting !== null && waiting.milliwattHours > 0n) {
    const none = partOf(null);
    none.energy += waiting.milliwattHours;
    none.measured += waiting.measured;
    none.cost += waiting.cost ?? 0n;
  }
}

function rowOf(key: { dayMs: number; taskSmallId: bigint | null }, part: Part, { decimals, rates }: EconomicsFacts, knows: { energy: boolean; cost: boolean }): EconomicsRow {
  const grossFiat = part.gross === 0n ? 0n : rates.coin === null ? null : fiatOf(part.gross, decimals, rates.coin);
  const gasFiat = part.gasMist === 0n ? 0n : rates.sui === null ? null : fiatOf(part.gasMist, suiCoin.decimals, rates.sui);
  const electricity = knows.cost ? part.cost : null;
  const net = grossFiat === null || gasFiat === null || electricity === null ? null : grossFiat - gasFiat - electricity;
  const text = (value: Pico | null): string | null => (value === null ? null : picoText(value));
  return {
    ...key,
    gross: part.gross,
    computeUnits: part.computeUnits,
    gasMist: part.gasMist,
    wattHours: knows.energy ? Number(part.energy) / 1_000 : null,
    wattHoursMeasured: knows.energy ? Number(part.measured) / 1_000 : null,
    grossFiat: text(grossFiat),
    gasFiat: text(gasFiat),
    electricity: text(electricity),
    net: text(net),
  };
}

/** Least price whose income covers the power of the work, rounded up: cost of a second of work over the units of a second, at the coin's rate. */
export function breakEvenPrice(facts: { milliwattHoursPerHour: bigint; perKwh: Pico; unitsPerSecond: number; perCoin: Pico; decimals: number; priceUnit: bigint }): bigint | null {
  const { milliwattHoursPerHour, perKwh, unitsPerSecond, perCoin, decimals, priceUnit } = facts;
  const unitsPerHour = BigInt(Math.round(unitsPerSecond * 3_600));
  if (unitsPerHour <= 0n || perCoin <= 0n) return null;
  // pico per hour = mWh · pico/kWh / 10⁶; base units = pico · 10^decimals / (pico per coin)
  const numerator = milliwattHoursPerHour * perKwh * 10n ** BigInt(decimals) * priceUnit;
  const denominator = 1_000_000n * perCoin * unitsPerHour;
  return (numerator + denominator - 1n) / denominator;
}
