/** Energy and its cost from stretches of time, watts and a tariff with time bands (product.md, Economics: "tariff with time bands, measured or estimated watts, PSU loss"). */
import { energyCost, picoOf, type Pico } from './fiat.ts';

/** A stretch of local time; `untilMs` is later than `fromMs`. */
export type Stretch = { readonly fromMs: number; readonly untilMs: number };
/** A stretch at one power behind the power supply; null where it is not known. `measured` is the part of its energy that was measured, from 0 to 1. */
export type PoweredStretch = Stretch & { readonly milliwatts: number | null; readonly measured: number };
/** Energy drawn from the wall, the part of it that was measured, and its cost; the cost is null without a tariff. */
export type Energy = { readonly milliwattHours: bigint; readonly measured: bigint; readonly cost: Pico | null };
/** From this minute of the local day on, a kilowatt-hour costs this much. */
export type Band = { readonly fromMinute: number; readonly perKwh: string };
/** Moments of the local calendar, as arguments so that the rule has no clock and no zone of its own. */
export type Calendar = {
  /** Start of the local day that holds the moment. */
  readonly dayStart: (atMs: number) => number;
  /** Moment at which the minute begins in the local day that starts at `dayMs`. */
  readonly minuteOf: (dayMs: number, minute: number) => number;
  /** Start of the local day after the one that starts at `dayMs`. */
  readonly nextDay: (dayMs: number) => number;
};

/** Cuts a stretch at local midnight. */
export function byDay(stretch: Stretch, calendar: Calendar): { dayMs: number; stretch: Stretch }[] {
  const parts: { dayMs: number; stretch: Stretch }[] = [];
  for (let fromMs = stretch.fromMs; fromMs < stretch.untilMs; ) {
    const dayMs = calendar.dayStart(fromMs);
    const untilMs = Math.min(stretch.untilMs, calendar.nextDay(dayMs));
    parts.push({ dayMs, stretch: { fromMs, untilMs } });
    fromMs = untilMs;
  }
  return parts;
}

/** Cuts a stretch within one local day at the bands; before the first band of the day the last one holds. */
export function byBand({ dayMs, stretch }: { dayMs: number; stretch: Stretch }, bands: readonly Band[], calendar: Calendar): { stretch: Stretch; perKwh: string }[] {
  const last = bands.at(-1);
  if (last === undefined) return [];
  const starts = [{ atMs: dayMs, perKwh: last.perKwh }, ...bands.map((band) => ({ atMs: calendar.minuteOf(dayMs, band.fromMinute), perKwh: band.perKwh }))];
  return starts.flatMap(({ atMs, perKwh }, at) => {
    const fromMs = Math.max(stretch.fromMs, atMs);
    const untilMs = Math.min(stretch.untilMs, starts[at + 1]?.atMs ?? stretch.untilMs);
    return fromMs < untilMs ? [{ stretch: { fromMs, untilMs }, perKwh }] : [];
  });
}

const hourMs = 3_600_000n;

/** Energy drawn from the wall in milliwatt-hours, rounded up: what the machine takes over what the power supply lets through. */
export function milliwattHours(lengthMs: number, milliwatts: number, psuLossPercent: number): bigint {
  const taken = BigInt(Math.max(0, Math.round(lengthMs))) * BigInt(milliwatts) * 100n;
  const through = hourMs * BigInt(100 - psuLossPercent);
  return (taken + through - 1n) / through;
}

/** Energy and cost of stretches; null where the power of one is not known. */
export function energyOf(stretches: readonly PoweredStretch[], { psuLossPercent, bands }: { psuLossPercent: number; bands: readonly Band[] }, calendar: Calendar): Energy | null {
  let drawn = 0n;
  let measured = 0n;
  let cost = 0n;
  for (const { fromMs, untilMs, milliwatts, measured: share } of stretches) {
    if (milliwatts === null) return null;
    for (const part of byDay({ fromMs, untilMs }, calendar)) {
      const energy = milliwattHours(part.stretch.untilMs - part.stretch.fromMs, milliwatts, psuLossPercent);
      drawn += energy;
      measured += share === 1 ? energy : BigInt(Math.round(Number(energy) * share));
      for (const { stretch, perKwh } of byBand(part, bands, calendar)) cost += energyCost(milliwattHours(stretch.untilMs - stretch.fromMs, milliwatts, psuLossPercent), picoOf(perKwh));
    }
  }
  return { milliwattHours: drawn, measured, cost: bands.length === 0 ? null : cost };
}
