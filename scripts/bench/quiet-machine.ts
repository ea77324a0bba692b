/** Waits until the machine is quiet: a browser goes on loading pages of its own for a second after its window has drawn, and takes the processors from what is measured. */
import { cpus } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';

/** Milliseconds of all processors since they were started: at work, and in all. */
export type ProcessorTimes = { busyMs: number; allMs: number };

/** Share of the time between two looks in which the processors worked, in [0, 1]. */
export const busyShare = (before: ProcessorTimes, now: ProcessorTimes): number => (now.allMs === before.allMs ? 0 : (now.busyMs - before.busyMs) / (now.allMs - before.allMs));

const lookMs = 250;
const quietShare = 0.08;

function processorTimes(): ProcessorTimes {
  const times = cpus().map((one) => one.times);
  const allMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { busyMs: allMs - times.reduce((sum, { idle }) => sum + idle, 0), allMs };
}

/** Resolves with true once a quarter of a second passed with less than 8 % of the processors at work; with false where that did not come within `limitMs`. */
export async function quietMachine(limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  let before = processorTimes();
  while (performance.now() < end) {
    await after(lookMs);
    const now = processorTimes();
    if (busyShare(before, now) < quietShare) return true;
    before = now;
  }
  return false;
}
