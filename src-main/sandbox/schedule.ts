/** Timers as an argument, so that nothing in the sandbox sets one on its own and tests move time by hand (architecture.md, "Naming and size"). */

/** Runs `work` once after `delayMs`; returns the function that calls it off. */
export type Schedule = (delayMs: number, work: () => void) => () => void;

/** setTimeout's longest delay; a longer wait is taken in pieces. */
const longestMs = 2_147_000_000;

/** The clock of the machine. Its timers do not keep a process alive by themselves. */
export const realSchedule: Schedule = (delayMs, work) => {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    timer = setTimeout(() => (leftMs > longestMs ? arm(leftMs - longestMs) : work()), Math.min(leftMs, longestMs));
    timer.unref();
  };
  arm(Math.max(0, delayMs));
  return () => clearTimeout(timer);
};
