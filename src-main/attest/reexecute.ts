/** Re-executes entries one at a time: yields to paid work, waits for quiet before the second run of one that differs, and tells why it stopped (coordinator.md 7; product.md, "Policies"). */
import { toAppError, type AppError } from '../../src-shared/errors.ts';
import { judge } from '../core/attest-verdict.ts';
import type { HistoryEntry, Reexecution } from '../core/attest-rows.ts';
import { rerun } from './rerun.ts';
import type { AttestDeps } from './types.ts';

/** What became of one entry: a verdict; paid work came or the node closes; the history cannot be run; or something that may pass. */
export type Reexecuted =
  | { kind: 'judged'; entry: Reexecution }
  | { kind: 'yielded' }
  | { kind: 'bad_history'; error: AppError }
  | { kind: 'failed'; error: AppError };

/** Longest wait for paid work to end before the second run. */
const quietTimeoutMs = 30_000;
/** Errors that lie in the history and not in this machine. */
const historyErrors: readonly AppError['code'][] = ['keys.decrypt_failed', 'job.bad_envelope', 'job.bad_payload', 'inference.input_too_large', 'wasm.bad_module', 'job.result_too_large'];

/** The reason of an abort that is no error. */
class Yielded extends Error {}

/** The one place where the engine is used for re-execution. */
export type Reexecutor = {
  run(item: HistoryEntry, urgent: boolean): Promise<Reexecuted>;
  /** True when an entry may be started now. */
  mayRun(urgent: boolean): boolean;
  /** Paid work began or ended: what runs here gives way when all slots are taken. */
  loadChanged(): void;
  /** Stops what runs, for good or because its work was called off. */
  interrupt(): void;
};

/** Creates it; nothing runs before `run`. */
export function createReexecutor({ rerun: runner, load, quiet, schedule }: Pick<AttestDeps, 'rerun' | 'load' | 'quiet' | 'schedule'>): Reexecutor {
  let current: { control: AbortController; urgent: boolean } | null = null;
  const isFull = (): boolean => load().running >= load().slots;

  const untilQuiet = (): Promise<void> =>
    new Promise((resolve) => {
      const callOff = schedule(quietTimeoutMs, resolve);
      void quiet().then(() => {
        callOff();
        resolve();
      });
    });
  const judged = async (item: HistoryEntry, urgent: boolean, signal: AbortSignal): Promise<Reexecution> => {
    for (let runs = 1; ; runs += 1) {
      const own = await rerun(item, runner, signal);
      const verdict = judge(item, own, runs);
      const { index, taskId, model, entry, fingerprint } = item;
      if (verdict !== 'again') return { index, taskId, model, entry, fingerprint, ownEntry: own.entry, ownFingerprint: own.fingerprint, runs, verdict };
      // "re-runs that one alone once more": without paid work beside it, as far as the deadline allows.
      if (!urgent) await untilQuiet();
      signal.throwIfAborted();
    }
  };

  return {
    async run(item, urgent) {
      const control = new AbortController();
      current = { control, urgent };
      try {
        return { kind: 'judged', entry: await judged(item, urgent, control.signal) };
      } catch (caught) {
        if (control.signal.aborted) return { kind: 'yielded' };
        const error = toAppError(caught);
        return { kind: historyErrors.includes(error.code) ? 'bad_history' : 'failed', error };
      } finally {
        current = null;
      }
    },
    mayRun: (urgent) => urgent || !isFull(),
    loadChanged() {
      if (current !== null && !current.urgent && isFull()) current.control.abort(new Yielded());
    },
    interrupt: () => current?.control.abort(new Yielded()),
  };
}
