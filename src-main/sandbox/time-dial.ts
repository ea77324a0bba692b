/** The time dial: epochs that pass by themselves at a chosen length, or only when somebody skips them (product.md, Network). */
import type { Schedule } from './schedule.ts';

/** The running dial. */
export type TimeDial = {
  /** Null: by hand only. */
  epochLengthMs(): number | null;
  /** When the next epoch begins by itself. */
  nextEpochMs(): number | null;
  set(epochLengthMs: number | null): void;
  skip(epochs: number): void;
  stop(): void;
};

/** Starts the dial; each epoch begins one length after the one before. */
export function createTimeDial(epochLengthMs: number | null, deps: { advance(epochs: number): void; schedule: Schedule; now: () => number }): TimeDial {
  let lengthMs: number | null = null;
  let nextMs: number | null = null;
  let cancel: () => void = () => undefined;
  const arm = (atMs: number): void => {
    cancel();
    nextMs = atMs;
    cancel = deps.schedule(atMs - deps.now(), () => {
      deps.advance(1);
      // After a long sleep the missed epochs are not made up for: the next one is one length from now.
      if (lengthMs !== null) arm(Math.max(atMs + lengthMs, deps.now()));
    });
  };
  const set = (length: number | null): void => {
    cancel();
    lengthMs = length;
    nextMs = null;
    if (length !== null) arm(deps.now() + length);
  };
  set(epochLengthMs);
  return { epochLengthMs: () => lengthMs, nextEpochMs: () => nextMs, set, skip: (epochs) => deps.advance(epochs), stop: () => cancel() };
}
