/** One timer for the modules of a session, which get time as an argument. */

/** Runs `work` after `delayMs`; the answer calls it off. It never keeps the process alive by itself. */
export function schedule(delayMs: number, work: () => void): () => void {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
