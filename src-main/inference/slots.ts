/** Hands out a fixed number of places in order of asking; whoever gives up waiting loses nothing for the others (product.md, running work). */

/** A free place: call `release` once, when the work has really ended. */
export type Slots = { acquire(signal: AbortSignal): Promise<() => void> };

/** Creates `count` places. `acquire` rejects with signal.reason when the signal aborts first. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    free++;
    waiting.shift()?.();
  };
  const take = (): (() => void) => {
    free--;
    let held = true;
    return () => {
      if (held) release();
      held = false;
    };
  };
  return {
    acquire: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        if (free > 0) return resolve(take());
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(onTurn), 1);
          reject(signal.reason as Error);
        };
        const onTurn = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve(take());
        };
        waiting.push(onTurn);
        signal.addEventListener('abort', onAbort, { once: true });
      }),
  };
}
