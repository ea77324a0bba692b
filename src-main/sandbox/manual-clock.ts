/** A clock that stands until it is moved, with its timers: the fake of {@link Schedule} and `now` for tests (architecture.md, "Tests"). */
import type { Schedule } from './schedule.ts';

/** Time in milliseconds that a test moves by hand. */
export type ManualClock = {
  now(): number;
  schedule: Schedule;
  /** Moves time forward and runs what falls due, in order of its time. */
  advance(byMs: number): void;
  /** Timers that are still waiting. */
  waiting(): number;
};

/** Creates a clock that shows `startMs`. */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const timers = new Set<{ atMs: number; work: () => void }>();
  const nextUpTo = (endMs: number) => [...timers].filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    now: () => nowMs,
    schedule: (delayMs, work) => {
      const timer = { atMs: nowMs + Math.max(0, delayMs), work };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (byMs) => {
      const endMs = nowMs + byMs;
      for (let due = nextUpTo(endMs); due !== undefined; due = nextUpTo(endMs)) {
        timers.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.work();
      }
      nowMs = endMs;
    },
    waiting: () => timers.size,
  };
}
