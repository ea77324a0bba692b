/** The way into one engine: so many at once, so many waiting, silence while it asks for it, and another try where that may help (issue 4, item 5: concurrency and queue limits, 429 and 5xx with backoff). */
import { AppError } from '../../src-shared/errors.ts';
import { backoff } from '../core/backoff.ts';

/** One try; `final` says that nothing may be tried again, because the buyer has seen a part of the answer. */
export type Attempt<T> = (context: { final(): void }) => Promise<T>;

export type EngineLane = {
  /** Runs in a place of its own. @throws AppError engine.busy when too many wait; the attempt's last error; signal.reason on abort */
  through<T>(signal: AbortSignal, attempt: Attempt<T>): Promise<T>;
  running(): number;
  waiting(): number;
  /** The engine asked to be left alone until then. */
  pausedUntilMs(): number | null;
};

type Limits = { name: string; concurrency: number; queue: number };
type Deps = { now(): number; random(): number; schedule(delayMs: number, work: () => void): () => void; changed(): void };

const maxAttempts = 4;
const pace = { baseMs: 500, capMs: 10_000 };
/** An engine that wants more silence than this is down, as far as a request with a deadline goes. */
const longestPauseMs = 30_000;

/** Creates the lane; limits are read at each request, so that a change counts at once. */
export function createEngineLane(limits: () => Limits, { now, random, schedule, changed }: Deps): EngineLane {
  let running = 0;
  let quietUntilMs = 0;
  const line: (() => void)[] = [];

  const enter = async (signal: AbortSignal): Promise<void> => {
    const { name, concurrency, queue } = limits();
    if (running >= concurrency) {
      if (line.length >= queue) throw new AppError('engine.busy', { engine: name, status: null });
      changed();
      // Whoever leaves hands the place over: it is counted already.
      return inLine(line, signal);
    }
    running += 1;
    changed();
  };
  const leave = (): void => {
    const next = running <= limits().concurrency ? line.shift() : undefined;
    if (next === undefined) running -= 1;
    else next();
    changed();
  };
  const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const callOff = schedule(delayMs, () => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
      const stop = (): void => {
        callOff();
        reject(signal.reason as Error);
      };
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
    });

  const repeatedly = async <T>(signal: AbortSignal, attempt: Attempt<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      // What one request learned holds for all: nobody knocks while the engine asked for silence.
      if (quietUntilMs > now()) await pause(quietUntilMs - now(), signal);
      let final = false;
      try {
        return await attempt({ final: () => (final = true) });
      } catch (caught) {
        const delayMs = waitAfter(caught, tries, random);
        if (final || delayMs === null || signal.aborted) throw caught;
        if (caught instanceof AppError && caught.code === 'engine.busy') {
          quietUntilMs = Math.max(quietUntilMs, now() + delayMs);
          changed();
        } else await pause(delayMs, signal);
      }
    }
  };

  return {
    through: async (signal, attempt) => {
      await enter(signal);
      try {
        return await repeatedly(signal, attempt);
      } finally {
        leave();
      }
    },
    running: () => running,
    waiting: () => line.length,
    pausedUntilMs: () => (quietUntilMs > now() ? quietUntilMs : null),
  };
}

/** Milliseconds until it is worth another try; null when it is not. */
function waitAfter(caught: unknown, tries: number, random: () => number): number | null {
  if (!(caught instanceof AppError) || tries >= maxAttempts) return null;
  if (caught.code !== 'engine.busy' && caught.code !== 'engine.failed' && caught.code !== 'engine.unreachable') return null;
  const asked = caught.fields['retryAfterMs'];
  if (typeof asked === 'number') return asked > longestPauseMs ? null : asked;
  return backoff(tries, random, pace);
}

/** Waits for a place; who gives up leaves the line. */
function inLine(line: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const stop = (): void => {
      const at = line.indexOf(go);
      if (at >= 0) line.splice(at, 1);
      reject(signal.reason as Error);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    line.push(go);
  });
}
