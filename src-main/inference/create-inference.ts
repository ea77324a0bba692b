/** The engine as the node uses it: verified models, slots, aborts that are felt at once, one process per device (architecture: inference/; coordinator.md 3: stop within 200 ms). */
import type { Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { AppError } from '../../src-shared/errors.ts';
import { type FinalAnswer, createEngineProcess } from './engine-process.ts';
import type { FromEngine } from './messages.ts';
import { probeProviders, providersOf } from './probe-providers.ts';
import { createReadyModels } from './ready-models.ts';
import { createSlots } from './slots.ts';
import type { Inference, InferenceRequest, InferenceResult, Provider, ReadyModel } from './types.ts';

/** Settings of the engine. */
export type InferenceOptions = {
  /** Module of the inference process: process.ts, or its bundle. */
  processModule: string;
  /** Folders below which model folders lie. */
  modelRoots: readonly string[];
  /** Generations at once; more wait their turn. */
  slots: number;
  /** Where models run; the processor by default. */
  provider?: Provider;
};

type Deps = { spawn: SpawnChild; log: Logger; now: () => number; random: () => number };

/** The error a failed answer stands for. */
function errorOf(answer: Extract<FromEngine, { kind: 'failed' }>, model: string): AppError {
  if (answer.code === 'cancelled') return new AppError('bug.unexpected', { detail: 'cancelled unasked' });
  return new AppError(answer.code, { model, detail: answer.detail });
}

/** Rejects with signal.reason as soon as the signal aborts, whatever `work` does afterwards. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Creates the engine. Nothing starts before the first load or run. */
export function createInference(options: InferenceOptions, deps: Deps): Inference {
  const { log } = deps;
  const provider = options.provider ?? 'cpu';
  const models = createReadyModels(options.modelRoots, { log });
  const slots = createSlots(options.slots);
  const listeners = new Set<() => void>();
  const changed = (): void => listeners.forEach((listener) => listener());
  /** Model id → its load in the process that runs now. */
  let loads = new Map<string, { model: ReadyModel; done: Promise<void>; ready: boolean }>();
  /** Loaded when the process died, so to be loaded again. */
  let wanted: ReadyModel[] = [];
  let running = 0;
  let tokensPerSecond: number | null = null;
  let lastError: string | null = null;
  let lastRestarts = 0;

  const engine = createEngineProcess(
    { modulePath: options.processModule, provider },
    {
      ...deps,
      onChange: () => {
        if (engine.state().restarts !== lastRestarts) {
          lastRestarts = engine.state().restarts;
          wanted = [...loads.values()].filter((l) => l.ready).map((l) => l.model);
          loads = new Map();
        }
        changed();
      },
      // What was in memory before the process died is loaded again; a failure shows in the status and at the next run.
      onRestarted: () => wanted.forEach((model) => void load(model).catch(() => undefined)),
    },
  );

  const load = (model: ReadyModel): Promise<void> => {
    const known = loads.get(model.id);
    if (known) return known.done;
    const within = loads;
    const entry = { model, ready: false, done: Promise.resolve() };
    entry.done = (async () => {
      const startedAtMs = deps.now();
      const answer = await engine.call({ kind: 'load', model: model.id, folder: model.folder });
      if (answer.kind === 'failed') throw errorOf(answer, model.id);
      entry.ready = true;
      log.info('inference.model_loaded', { model: model.id, provider, tookMs: deps.now() - startedAtMs });
    })();
    entry.done
      .catch((caught: Error) => {
        // A failed load may be tried again; it must not stand in the way as a rejected promise.
        within.delete(model.id);
        lastError = caught.message;
      })
      .finally(changed);
    within.set(model.id, entry);
    return entry.done;
  };

  const find = async (id: string): Promise<ReadyModel> => {
    const model = (await models.list()).find((ready) => ready.id === id);
    if (!model) throw new AppError('inference.model_unavailable', { model: id });
    return model;
  };

  const finish = (answer: FinalAnswer, request: InferenceRequest): InferenceResult => {
    if (answer.kind === 'done') {
      tokensPerSecond = answer.result.tokensPerSecond;
      return answer.result;
    }
    if (answer.kind === 'failed') throw errorOf(answer, request.model);
    throw new AppError('bug.unexpected', { detail: `a run was answered by ${answer.kind}` });
  };

  /** Runs in a slot, which stays taken until the engine is done with the call, also after an abort. */
  const runInSlot = async (
    request: InferenceRequest,
    signal: AbortSignal,
    onText: ((delta: string) => void) | undefined,
  ): Promise<InferenceResult> => {
    const release = await slots.acquire(signal);
    running++;
    changed();
    try {
      await load(loads.get(request.model)?.model ?? (await find(request.model)));
      signal.throwIfAborted();
      const text = (delta: string): void => {
        if (!signal.aborted) onText?.(delta);
      };
      const answer = await engine.call(
        { kind: 'run', request, stream: onText !== undefined },
        { signal, onText: text },
      );
      return finish(answer, request);
    } catch (caught) {
      if (!signal.aborted) lastError = caught instanceof Error ? caught.message : String(caught);
      throw caught;
    } finally {
      running--;
      release();
      changed();
    }
  };

  return {
    readyModels: () => models.list(),
    load: async (modelId) => load(await find(modelId)),
    run: (request, { signal, onText }) => orAborted(runInSlot(request, signal, onText), signal),
    probe: async () => {
      const ready = await models.list();
      const smallest = ready.reduce<ReadyModel | null>((a, b) => (a && a.sizeBytes <= b.sizeBytes ? a : b), null);
      return probeProviders(
        { modulePath: options.processModule, providers: providersOf(process.platform), model: smallest },
        deps,
      );
    },
    status: () => {
      const { process, restarts, lastError: processError } = engine.state();
      const loaded = [...loads.values()].filter((l) => l.ready).map((l) => l.model.id);
      return { process, restarts, loaded, running, tokensPerSecond, lastError: lastError ?? processError };
    },
    onStatus: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => engine.close(),
  };
}
