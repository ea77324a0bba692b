/** The engine as the node uses it: verified models, slots, aborts that are felt at once, one process per device (architecture: inference/; coordinator.md 3: stop within 200 ms). */
import { readdir } from 'node:fs/promises';
import { freemem } from 'node:os';
import type { Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { AppError } from '../../src-shared/errors.ts';
import { roleOfTask, type RoleRequest, type RoleResult } from '../../src-shared/link/role-tasks.ts';
import { isSoftwareRenderer, providersOf } from './choose-device.ts';
import type { DeviceEngine } from './device-engine.ts';
import { type PoolDeps, createDevicePool } from './device-pool.ts';
import { probeProviders } from './probe-providers.ts';
import { createReadyModels, noMemory, type VerifiedMemory } from './ready-models.ts';
import { createSlots } from './slots.ts';
import type { Inference, InferenceRequest, InferenceResult, InferenceStatus, ProbeResult, Provider, ReadyModel } from './types.ts';

/** Settings of the engine. */
export type InferenceOptions = {
  /** Module of the inference process: process.ts, or its bundle. */
  processModule: string;
  /** Folders below which model folders lie. */
  modelRoots: readonly string[];
  /** Generations at once; more wait their turn. */
  slots: number;
  /** Where models run when `deps.order` is not given; the processor by default. */
  provider?: Provider;
};

type Deps = { spawn: SpawnChild; log: Logger; now: () => number; random: () => number; verified?: VerifiedMemory } & Partial<Pick<PoolDeps, 'order' | 'deviceCount' | 'freeBytes' | 'isOn'>>;

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
  const models = createReadyModels(options.modelRoots, { memory: deps.verified ?? noMemory, log });
  const slots = createSlots(options.slots);
  const listeners = new Set<() => void>();
  const changed = (): void => listeners.forEach((listener) => listener());
  const found = new Map<string, ReadyModel>();
  let running = 0;
  let tokensPerSecond: number | null = null;
  let lastError: string | null = null;

  const probe = async (providers: readonly Provider[]): Promise<ProbeResult[]> => {
    const ready = await models.list();
    const smallest = ready.filter(({ role }) => role === 0).reduce<ReadyModel | null>((a, b) => (a && a.sizeBytes <= b.sizeBytes ? a : b), null);
    return probeProviders({ modulePath: options.processModule, providers, model: smallest, software: await softwareRenderer() }, deps);
  };
  const pool = createDevicePool(
    { modulePath: options.processModule },
    {
      ...deps,
      order: deps.order ?? (() => [options.provider ?? 'cpu']),
      probe: async (provider) => (await probe([provider]))[0] as ProbeResult,
      deviceCount: deps.deviceCount ?? (async () => 1),
      freeBytes: deps.freeBytes ?? (async (provider) => (provider === 'cpu' ? freemem() : null)),
      changed,
    },
  );

  const find = async (id: string): Promise<ReadyModel> => {
    const model = (await models.list()).find((ready) => ready.id === id);
    if (!model) throw new AppError('inference.model_unavailable', { model: id });
    found.set(id, model);
    return model;
  };
  /** Remembers what went wrong for the status. */
  const noting = async <T>(work: Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await work;
    } catch (caught) {
      if (signal?.aborted !== true) lastError = caught instanceof Error ? caught.message : String(caught);
      throw caught;
    }
  };
  const isLoaded = (id: string): boolean => pool.engines().some((engine) => engine.state().loaded.includes(id));

  /** Runs in a slot, which stays taken until the engine is done with the call, also after an abort. */
  const inSlot = async <T>(modelId: string, role: number, signal: AbortSignal, work: (engine: DeviceEngine, model: ReadyModel) => Promise<T>): Promise<T> => {
    const release = await slots.acquire(signal);
    running++;
    changed();
    try {
      // A model in memory was verified when it was loaded; its folder is read again only to load it.
      const known = isLoaded(modelId) ? found.get(modelId) : undefined;
      const model = known ?? (await find(modelId));
      if (model.role !== role) throw new AppError('inference.model_failed', { model: modelId, detail: `it serves role ${model.role}, and this is work of role ${role}` });
      return await work(await pool.place(model), model);
    } finally {
      running--;
      release();
      changed();
    }
  };

  const runInSlot = async (request: InferenceRequest, signal: AbortSignal, onText: ((delta: string) => void) | undefined): Promise<InferenceResult> => {
    const result = await inSlot(request.model, 0, signal, (engine, model) => engine.run(model, request, { signal, onText }));
    tokensPerSecond = result.tokensPerSecond;
    return result;
  };
  const performInSlot = async (request: RoleRequest, signal: AbortSignal, onText: ((delta: string) => void) | undefined): Promise<RoleResult> => {
    if (request.kind === 'draw') throw new AppError('inference.no_pipeline', { work: 'image generation' });
    return inSlot(request.model, roleOfTask[request.kind], signal, (engine, model) => engine.perform(model, request, { signal, onText }));
  };

  return {
    readyModels: () => models.list(),
    load: (modelId) =>
      noting(
        (async () => {
          const model = await find(modelId);
          await (await pool.place(model)).load(model);
        })(),
      ),
    run: (request, { signal, onText }) => orAborted(noting(runInSlot(request, signal, onText), signal), signal),
    perform: (request, { signal, onText }) => orAborted(noting(performInSlot(request, signal, onText), signal), signal),
    probe: async () => {
      const probes = await probe(providersOf(process.platform));
      pool.learn(probes);
      return probes;
    },
    status: () => {
      const devices = pool.engines().map((engine) => ({ ...engine.device, ...engine.state(), running: engine.occupation().running }));
      return {
        process: overall(devices.map((device) => device.process)),
        restarts: devices.reduce((sum, { restarts }) => sum + restarts, 0),
        loaded: [...new Set(devices.flatMap(({ loaded }) => loaded))],
        running,
        tokensPerSecond,
        lastError: lastError ?? devices.find((device) => device.lastError !== null)?.lastError ?? null,
        devices,
        falls: pool.falls(),
      };
    },
    onStatus: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => pool.close(),
  };
}

/** The state that needs looking at most. */
function overall(states: readonly InferenceStatus['process'][]): InferenceStatus['process'] {
  return (['restarting', 'starting', 'ready'] as const).find((state) => states.includes(state)) ?? 'stopped';
}

/** Whether a graphics provider could only run in software here. */
async function softwareRenderer(): Promise<boolean> {
  const nodes = await readdir('/dev/dri').catch(() => []);
  const nvidia = await readdir('/proc/driver/nvidia/gpus').catch(() => []);
  return isSoftwareRenderer(process.env, process.platform, nodes.filter((name) => name.startsWith('renderD')).length + nvidia.length);
}
