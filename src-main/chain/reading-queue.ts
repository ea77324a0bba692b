/** One reading of the chain at a time: a caller during one gets the next, which surely begins after the caller's own act. */

type ReadOptions = { tasks: boolean };

/** Wraps `read`; callers that wait for the same next reading share it, and it reads tasks when any of them asked. */
export function createReadingQueue(read: (options: ReadOptions) => Promise<void>): (options: ReadOptions) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let next: { tasks: boolean; done: Promise<void> } | null = null;
  return (options) => {
    if (next !== null) {
      next.tasks ||= options.tasks;
      return next.done;
    }
    const mine: { tasks: boolean; done: Promise<void> } = { ...options, done: Promise.resolve() };
    mine.done = last.then(() => {
      next = null;
      return read({ tasks: mine.tasks });
    });
    next = mine;
    last = mine.done.catch(() => undefined);
    return mine.done;
  };
}
