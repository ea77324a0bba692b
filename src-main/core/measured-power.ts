/** Power as it was measured, by quarter of an hour, and what it says of stretches of time; what was not measured stays an estimate (product.md, Economics: "measured or estimated watts"). */
import type { PoweredStretch, Stretch } from './energy.ts';

/** A quarter of an hour; every local day begins with one. */
export const quarterMs = 15 * 60_000;
/** Readings farther apart say nothing of the time between them. */
const longestGapMs = 30_000;
/** A shorter gap in a quarter that was measured has the power of the rest of it. */
const smallGapMs = 60_000;

/** Sum of the power of the GPUs at a moment. */
export type PowerReading = { readonly atMs: number; readonly watts: number };
/** What was measured in a part of a quarter. */
export type Measured = { readonly coveredMs: number; readonly millijoules: bigint };
/** A part of a quarter in one state. */
export type MeasuredPart<State> = Measured & { readonly quarterMs: number; readonly state: State };
/** States of the time between two readings. */
export type StateStretch<State> = Stretch & { readonly state: State };

const quarterOf = (atMs: number): number => Math.floor(atMs / quarterMs) * quarterMs;

/** Cuts a stretch at the quarters. */
function byQuarter({ fromMs, untilMs }: Stretch): Stretch[] {
  const parts: Stretch[] = [];
  for (let at = fromMs; at < untilMs; at = quarterOf(at) + quarterMs) parts.push({ fromMs: at, untilMs: Math.min(untilMs, quarterOf(at) + quarterMs) });
  return parts;
}

/** Energy between two readings at their mean power, cut by state and quarter; nothing where the readings are too far apart, or the clock was set back. */
export function measuredBetween<State>(from: PowerReading, until: PowerReading, states: readonly StateStretch<State>[]): MeasuredPart<State>[] {
  const lengthMs = until.atMs - from.atMs;
  if (lengthMs <= 0 || lengthMs > longestGapMs) return [];
  const watts = (from.watts + until.watts) / 2;
  return states.flatMap(({ state, ...stretch }) =>
    byQuarter({ fromMs: Math.max(stretch.fromMs, from.atMs), untilMs: Math.min(stretch.untilMs, until.atMs) }).map((part) => {
      const coveredMs = part.untilMs - part.fromMs;
      return { quarterMs: quarterOf(part.fromMs), state, coveredMs, millijoules: BigInt(Math.round(watts * coveredMs)) };
    }),
  );
}

/** Watts that are not measured: an estimate of the whole machine, and what the machine takes besides its GPUs. */
export type GivenWatts = { readonly estimate: number | null; readonly rest: number };

/** Mean power of a quarter's time in one state: null where it was neither measured nor estimated. */
function powerOf(totalMs: number, measured: Measured | undefined, { estimate, rest }: GivenWatts): { milliwatts: number | null; measured: number } {
  if (measured === undefined || measured.coveredMs === 0) return { milliwatts: estimate === null ? null : estimate * 1_000, measured: 0 };
  const watts = Number(measured.millijoules) / measured.coveredMs + rest;
  const coveredMs = Math.min(measured.coveredMs, totalMs);
  const gapMs = totalMs - coveredMs;
  if (gapMs <= smallGapMs && gapMs <= coveredMs) return { milliwatts: Math.round(watts * 1_000), measured: 1 };
  if (estimate === null) return { milliwatts: null, measured: 0 };
  const joules = watts * coveredMs;
  const mean = (joules + estimate * gapMs) / totalMs;
  return { milliwatts: Math.round(mean * 1_000), measured: mean === 0 ? 0 : joules / totalMs / mean };
}

/** Stretches of one state with their power: cut at the quarters where something was measured, whole where nothing was. */
export function withPower(stretches: readonly Stretch[], measured: ReadonlyMap<number, Measured>, given: GivenWatts): PoweredStretch[] {
  if (measured.size === 0) return stretches.map((stretch) => ({ ...stretch, ...powerOf(0, undefined, given) }));
  const quarters = new Map<number, Stretch[]>();
  for (const part of stretches.flatMap(byQuarter)) {
    const parts = quarters.get(quarterOf(part.fromMs));
    if (parts === undefined) quarters.set(quarterOf(part.fromMs), [part]);
    else parts.push(part);
  }
  return [...quarters].flatMap(([quarter, parts]) => {
    const totalMs = parts.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
    const power = powerOf(totalMs, measured.get(quarter), given);
    return parts.map((part) => ({ ...part, ...power }));
  });
}

/** Mean watts over all that was measured; null for nothing. */
export function meanWatts(measured: ReadonlyMap<number, Measured>): number | null {
  let coveredMs = 0;
  let millijoules = 0n;
  for (const one of measured.values()) {
    coveredMs += one.coveredMs;
    millijoules += one.millijoules;
  }
  return coveredMs === 0 ? null : Number(millijoules) / coveredMs;
}
