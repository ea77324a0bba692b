/** One device: its inference process, the models in it and what runs there (architecture: a process of its own per device). */
import type { Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { RoleRequest, RoleResult } from '../../src-shared/link/role-tasks.ts';
import type { DeviceLoad } from './choose-device.ts';
import { type EngineCall, type EngineProcess, type FinalAnswer, createEngineProcess } from './engine-process.ts';
import type { FromEngine } from './messages.ts';
import type { InferenceRequest, InferenceResult, Provider, ReadyModel } from './types.ts';

/** A device of a provider, the first with index 0. */
export type Device = { id: string; provider: Provider; index: number };
export const deviceOf = (provider: Provider, index: number): Device => ({ id: `${provider}:${index}`, provider, index });

/** A device that takes work. */
export type DeviceEngine = {
  device: Device;
  /** @throws AppError inference.model_unavailable, model_failed, out_of_memory, process_died */
  load(model: ReadyModel): Promise<void>;
  /** Takes an idle model out of memory. */
  unload(modelId: string): Promise<void>;
  /** Loads the model if need be, and generates; settles when the process is done with it, also after an abort. @throws as load */
  run(model: ReadyModel, request: InferenceRequest, options: { signal: AbortSignal; onText?: ((delta: string) => void) | undefined }): Promise<InferenceResult>;
  /** As `run`, for the work of the other roles. @throws as run; AppError inference.bad_input */
  perform(model: ReadyModel, request: RoleRequest, options: { signal: AbortSignal; onText?: ((delta: string) => void) | undefined }): Promise<RoleResult>;
  state(): ReturnType<EngineProcess['state']> & { loaded: string[] };
  /** As the choice of a device sees it; its free memory is asked for elsewhere. */
  occupation(): Omit<DeviceLoad, 'freeBytes'> & { loadingBytes: number };
  close(): Promise<void>;
};

type Deps = { spawn: SpawnChild; log: Logger; now: () => number; random: () => number; changed: () => void; died: () => void };
type Entry = { model: ReadyModel; done: Promise<void>; ready: boolean; running: number; lastUsedMs: number };

/** The error a failed answer stands for. */
function errorOf(answer: Extract<FromEngine, { kind: 'failed' }>, model: string): AppError {
  if (answer.code === 'cancelled') return new AppError('bug.unexpected', { detail: 'cancelled unasked' });
  return new AppError(answer.code, { model, detail: answer.detail });
}

/** Creates the device's engine. No process runs before the first load. */
export function createDeviceEngine(options: { modulePath: string; device: Device }, deps: Deps): DeviceEngine {
  const { device } = options;
  /** Model id → its load in the process that runs now. */
  let entries = new Map<string, Entry>();
  /** Loaded when the process died, so to be loaded again. */
  let wanted: ReadyModel[] = [];
  let lastRestarts = 0;

  const engine = createEngineProcess(
    { modulePath: options.modulePath, provider: device.provider, index: device.index },
    {
      ...deps,
      onChange: () => {
        if (engine.state().restarts !== lastRestarts) {
          lastRestarts = engine.state().restarts;
          wanted = [...entries.values()].filter(({ ready }) => ready).map(({ model }) => model);
          entries = new Map();
          deps.died();
        }
        deps.changed();
      },
      // What was in memory before the process died is loaded again; a failure shows in the status and at the next run.
      onRestarted: () => wanted.forEach((model) => void ensure(model).done.catch(() => undefined)),
    },
  );

  const ensure = (model: ReadyModel): Entry => {
    const known = entries.get(model.id);
    if (known) return known;
    const within = entries;
    const entry: Entry = { model, ready: false, done: Promise.resolve(), running: 0, lastUsedMs: deps.now() };
    entry.done = (async () => {
      const startedAtMs = deps.now();
      const answer = await engine.call({ kind: 'load', model: model.id, folder: model.folder, role: model.role });
      if (answer.kind === 'failed') throw errorOf(answer, model.id);
      entry.ready = true;
      const batching = answer.kind === 'loaded' ? answer.batching : null;
      deps.log.info('inference.model_loaded', { model: model.id, device: device.id, batching, tookMs: deps.now() - startedAtMs });
    })();
    // A failed load may be tried again; it must not stand in the way as a rejected promise.
    entry.done.catch(() => within.delete(model.id)).finally(deps.changed);
    within.set(model.id, entry);
    return entry;
  };

  /** Loads the model if need be and sends it work; settles when the process is done with it. */
  const work = async (model: ReadyModel, message: EngineCall, { signal, onText }: { signal: AbortSignal; onText?: ((delta: string) => void) | undefined }): Promise<FinalAnswer> => {
    const entry = ensure(model);
    entry.running++;
    entry.lastUsedMs = deps.now();
    try {
      await entry.done;
      signal.throwIfAborted();
      const answer = await engine.call(message, { signal, onText: (delta) => void (signal.aborted || onText?.(delta)) });
      if (answer.kind === 'failed') throw errorOf(answer, model.id);
      return answer;
    } finally {
      entry.running--;
      entry.lastUsedMs = deps.now();
    }
  };

  return {
    device,
    load: (model) => ensure(model).done,
    unload: async (modelId) => {
      const entry = entries.get(modelId);
      if (!entry || entry.running > 0) return;
      entries.delete(modelId);
      await engine.call({ kind: 'unload', model: modelId });
      deps.log.info('inference.model_unloaded', { model: modelId, device: device.id });
      deps.changed();
    },
    run: async (model, request, given) => {
      const answer = await work(model, { kind: 'run', request, stream: given.onText !== undefined }, given);
      if (answer.kind === 'done') return answer.result;
      throw new AppError('bug.unexpected', { detail: `a run was answered by ${answer.kind}` });
    },
    perform: async (model, request, given) => {
      const answer = await work(model, { kind: 'perform', request, stream: given.onText !== undefined }, given);
      if (answer.kind === 'performed') return answer.result;
      throw new AppError('bug.unexpected', { detail: `work was answered by ${answer.kind}` });
    },
    state: () => ({ ...engine.state(), loaded: [...entries.values()].filter(({ ready }) => ready).map(({ model }) => model.id) }),
    occupation: () => {
      // What is being loaded is in use: it must not be unloaded before it is there.
      const models = [...entries.values()].map(({ model, ready, running, lastUsedMs }) => ({ id: model.id, bytes: model.vramBytes, running: ready ? running : Math.max(1, running), lastUsedMs }));
      // Not in the driver's figures yet.
      const loadingBytes = [...entries.values()].filter(({ ready }) => !ready).reduce((sum, { model }) => sum + model.vramBytes, 0);
      return { id: device.id, running: [...entries.values()].reduce((sum, { running }) => sum + running, 0), models, loadingBytes };
    },
    close: () => engine.close(),
  };
}
