/** Changes of keys and network one after the other, and the end after the last of them: two at once would open a network twice, or end a session that another change has just begun (decision 0005). */
import { AppError } from '../../src-shared/errors.ts';

/** The queue of changes. */
export type Turns = {
  /** Runs a change after those before it. @throws AppError bridge.unreachable once the end was asked for */
  take<T>(act: () => Promise<T>): Promise<T>;
  /** Runs the end once, after the change that runs; later calls get the same end. */
  end(act: () => Promise<void>): Promise<void>;
  /** The end was asked for. */
  ending(): boolean;
};

/** Creates an empty queue. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let ended: Promise<void> | null = null;
  return {
    take(act) {
      const run = last.then(() => {
        if (ended !== null) throw new AppError('bridge.unreachable');
        return act();
      });
      last = run.catch(() => undefined); // the caller of `run` gets the error
      return run;
    },
    end: (act) => (ended ??= last.then(act)),
    ending: () => ended !== null,
  };
}
