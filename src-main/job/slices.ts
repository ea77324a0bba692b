/** Runs the parts of dispatched work beside each other, up to max_parallel_subtasks at once over all tasks, shared fairly between them (issue 4, item 9; coordinator.md 2). */
import { emptyShare, ended, joined, started, withdrawn, type FairShare } from '../core/fair-share.ts';

/** One or more; each is given a signal that ends with its request. */
export type Parts<T> = readonly [Part<T>, ...Part<T>[]];
type Part<T> = (signal: AbortSignal) => Promise<T>;

/** Where parts wait for their turn. */
export type Slices = {
  /**
   * Runs the parts of one request for a task; resolves with their results in order.
   * Rejects with the first failure or the signal's reason; then no further part of it begins, and those that run are told by the signal they were given.
   */
  run<T>(taskSmallId: bigint, parts: Parts<T>, signal: AbortSignal): Promise<[T, ...T[]]>;
};

type Waiting = { begin(): Promise<void>; request: symbol };

/** Creates the waiting room. `slots` is read whenever one may be free. */
export function createSlices({ slots }: { slots(): number }): Slices {
  let share: FairShare<Waiting> = emptyShare();
  const advance = (): void => {
    const next = started(share, Math.max(1, slots()));
    share = next.share;
    for (const { task, part } of next.begin) {
      void part.begin().finally(() => {
        share = ended(share, task);
        advance();
      });
    }
  };
  return {
    run: <T>(taskSmallId: bigint, parts: Parts<T>, signal: AbortSignal): Promise<[T, ...T[]]> =>
      new Promise<[T, ...T[]]>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const task = taskSmallId.toString();
        const request = Symbol(task);
        const control = new AbortController();
        const results: T[] = [];
        let left = parts.length;
        const stop = (reason: unknown): void => {
          signal.removeEventListener('abort', aborted);
          share = withdrawn(share, task, (waiting) => waiting.request === request);
          control.abort(reason);
          reject(reason as Error);
        };
        const aborted = (): void => stop(signal.reason);
        signal.addEventListener('abort', aborted, { once: true });
        const finish = (index: number, result: T): void => {
          results[index] = result;
          left -= 1;
          if (left > 0) return;
          signal.removeEventListener('abort', aborted);
          resolve(results as [T, ...T[]]); // one for each part, and there is one
        };
        // A part that fails ends its request alone; its slot is free for the others in any case.
        parts.forEach((part, index) => (share = joined(share, task, { request, begin: async () => part(control.signal).then((result) => finish(index, result), stop) })));
        advance();
      }),
  };
}
