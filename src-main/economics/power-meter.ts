/** Turns readings of the GPUs' power into measured energy of the states that the node was in (product.md, Economics: measured or estimated watts). */
import { measuredBetween, type MeasuredPart, type PowerReading } from '../core/measured-power.ts';

/** A stretch of one state; `untilMs` null means it lasts. */
type Span<State> = { state: State; fromMs: number; untilMs: number | null };
type Deps<State, Powered extends State> = {
  /** Stretches of states that reach past a moment. */
  spans(sinceMs: number): Span<State>[];
  /** States in which power counts. */
  counts(state: State): state is Powered;
  keep(parts: MeasuredPart<Powered>[]): void;
};

/** The meter. */
export type PowerMeter = {
  /** Takes a reading: the sum over the GPUs that are switched on, null where one of them does not tell. */
  read(watts: number | null, atMs: number): void;
};

/** Creates it without a reading. */
export function createPowerMeter<State, Powered extends State>({ spans, counts, keep }: Deps<State, Powered>): PowerMeter {
  let last: PowerReading | null = null;
  return {
    read(watts, atMs) {
      const from = last;
      last = watts === null ? null : { watts, atMs };
      if (from === null || last === null) return;
      const states = spans(from.atMs).flatMap(({ state, fromMs, untilMs }) => (counts(state) ? [{ state, fromMs, untilMs: untilMs ?? atMs }] : []));
      keep(measuredBetween(from, last, states));
    },
  };
}
