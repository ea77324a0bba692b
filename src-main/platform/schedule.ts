/** One timer for the modules that get time as an argument (architecture.md, "Naming and size": nothing reads the clock on its own). */

/** Runs `work` after `delayMs`; the answer calls it off. It never keeps the process alive by itself. */
export function schedule(delayMs: number, work: () => void): () => void {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
