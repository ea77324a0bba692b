/** The node's side of one inference process: calls, cancels, and a new process with backoff when it dies (product.md, Policies: restart with backoff). */
import type { Logger } from '../log/logger.ts';
import type { ChildHandle, SpawnChild } from '../platform/processes.ts';
import { AppError } from '../../src-shared/errors.ts';
import { type FromEngine, type ToEngine, fromEngine } from './messages.ts';
import type { InferenceStatus, Provider } from './types.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** A cancelled run that is still not over after this hangs in native code: only ending the process frees the device. */
const STUCK_MS = 5_000;

/** The answer that ends a call. */
export type FinalAnswer = Exclude<FromEngine, { kind: 'ready' } | { kind: 'texts' }>;
type Distribute<T> = T extends unknown ? Omit<T, 'call'> : never;
/** A message to the engine before it has its call number. */
export type EngineCall = Distribute<Exclude<ToEngine, { kind: 'cancel' }>>;

/** A process that takes calls. */
export type EngineProcess = {
  /**
   * Sends a call as soon as the process is ready, starting it when it is not running, and settles once, when the engine is done with it.
   * Aborting asks the engine to stop; the call then ends with its `cancelled` failure, or rejects with signal.reason if it was never sent.
   * @throws AppError inference.process_died when the process ends first
   */
  call(message: EngineCall, options?: { signal?: AbortSignal; onText?: (delta: string) => void }): Promise<FinalAnswer>;
  state(): { process: InferenceStatus['process']; restarts: number; lastError: string | null };
  /** Ends the process for good; what runs is rejected. */
  close(): Promise<void>;
};

/** `index`: which device of the provider. */
type Options = { modulePath: string; provider: Provider; index: number };
type Deps = {
  spawn: SpawnChild;
  log: Logger;
  random: () => number;
  /** Called after each change of state(). */
  onChange: () => void;
  /** Called when a process that replaces a dead one is ready. */
  onRestarted: () => void;
};
type Pending = {
  settle: (answer: FinalAnswer) => void;
  fail: (error: unknown) => void;
  onText: (delta: string) => void;
};

/** Delay before the n-th restart in a row, n from 1: doubling, between half and all of it by chance. */
export function restartDelayMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return ceiling * (0.5 + random() / 2);
}

/** Creates the supervisor; no process runs before the first call. */
export function createEngineProcess(options: Options, deps: Deps): EngineProcess {
  const { log } = deps;
  let child: ChildHandle | null = null;
  let process: InferenceStatus['process'] = 'stopped';
  let restarts = 0;
  let failedInARow = 0;
  let lastError: string | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;
  let nextCall = 1;
  const pending = new Map<number, Pending>();
  let waiters: { ready: () => void; fail: (error: unknown) => void }[] = [];

  const become = (state: InferenceStatus['process']): void => {
    process = state;
    deps.onChange();
  };

  const rejectAll = (code: number | null): void => {
    const error = (): AppError => new AppError('inference.process_died', { exitCode: code });
    const failing = [...pending.values(), ...waiters];
    pending.clear();
    waiters = [];
    for (const { fail } of failing) fail(error());
  };

  const onExit = (code: number | null): void => {
    child = null;
    if (closed) return rejectAll(code);
    restarts++;
    failedInARow++;
    lastError = code === null ? 'the process was ended by a signal' : `the process ended with code ${code}`;
    const delayMs = restartDelayMs(failedInARow, deps.random);
    log.warn('inference.process_died', { provider: options.provider, code, restarts, delayMs: Math.round(delayMs) });
    timer = setTimeout(start, delayMs);
    timer.unref();
    become('restarting');
    rejectAll(code);
  };

  const onMessage = (from: ChildHandle, raw: unknown): void => {
    const parsed = fromEngine.safeParse(raw);
    if (!parsed.success) {
      log.error('inference.bad_message', { detail: parsed.error.message });
      return from.kill();
    }
    const message = parsed.data;
    if (message.kind === 'ready') return onReady();
    if (message.kind === 'texts') {
      for (const { call, delta } of message.texts) pending.get(call)?.onText(delta);
      return;
    }
    const waiting = pending.get(message.call);
    pending.delete(message.call);
    if (message.kind === 'done') failedInARow = 0;
    waiting?.settle(message);
  };

  const onReady = (): void => {
    log.debug('inference.process_ready', { provider: options.provider, restarts });
    become('ready');
    const released = waiters;
    waiters = [];
    for (const { ready } of released) ready();
    if (restarts > 0) deps.onRestarted();
  };

  const start = (): void => {
    timer = null;
    const started = deps.spawn(options.modulePath, [options.provider, String(options.index)]);
    child = started;
    started.onMessage((message) => {
      if (child === started) onMessage(started, message);
    });
    started.onExit((code) => {
      if (child === started) onExit(code);
    });
    if (process === 'stopped') become('starting');
  };

  /** Resolves with the process when it can take messages; a death on the way rejects. */
  const ready = async (): Promise<ChildHandle> => {
    if (closed) throw new AppError('inference.process_died', { exitCode: null });
    if (process !== 'ready') {
      const up = new Promise<void>((resolve, reject) => waiters.push({ ready: resolve, fail: reject }));
      if (!child && !timer) start();
      await up;
    }
    if (!child) throw new AppError('inference.process_died', { exitCode: null });
    return child;
  };

  const cancel = (to: ChildHandle, call: number): void => {
    to.send({ kind: 'cancel', call } satisfies ToEngine);
    setTimeout(() => {
      if (!pending.has(call) || child !== to) return;
      log.warn('inference.process_stuck', { provider: options.provider, afterMs: STUCK_MS });
      to.kill();
    }, STUCK_MS).unref();
  };

  return {
    call: async (message, { signal, onText = () => undefined } = {}) => {
      const to = await ready();
      signal?.throwIfAborted();
      const call = nextCall++;
      const onAbort = (): void => cancel(to, call);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await new Promise<FinalAnswer>((settle, fail) => {
          pending.set(call, { settle, fail, onText });
          to.send({ ...message, call } as ToEngine);
        });
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    state: () => ({ process, restarts, lastError }),
    close: async () => {
      if (closed) return;
      closed = true;
      if (timer) clearTimeout(timer);
      const ending = child;
      if (ending) {
        const gone = new Promise<void>((resolve) => ending.onExit(() => resolve()));
        ending.kill();
        await gone;
      }
      rejectAll(null);
      become('stopped');
    },
  };
}
