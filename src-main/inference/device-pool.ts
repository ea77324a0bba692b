/** The devices that serve now: the first provider of the operator's order that proves itself, one process per device, a fall from one to the next in plain sight (product.md, Policies). */
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { type Fall, placeModel } from './choose-device.ts';
import { type DeviceEngine, createDeviceEngine, deviceOf } from './device-engine.ts';
import type { SpawnChild } from '../platform/processes.ts';
import type { ProbeResult, Provider, ReadyModel } from './types.ts';

/** The devices in use. */
export type DevicePool = {
  /**
   * The device that takes the next work of a model, with room made for it.
   * @throws AppError inference.model_failed when no provider of the order works; inference.out_of_memory when the model fits nowhere
   */
  place(model: ReadyModel): Promise<DeviceEngine>;
  engines(): DeviceEngine[];
  /** Providers of the order that were passed over, with the reason. */
  falls(): Fall[];
  /** A check was made: what it found counts from now on. */
  learn(probes: readonly ProbeResult[]): void;
  close(): Promise<void>;
};

export type PoolDeps = {
  spawn: SpawnChild;
  log: Logger;
  now: () => number;
  random: () => number;
  /** The operator's order, read at each placing. */
  order: () => readonly Provider[];
  /** A real tiny inference on a provider, in a process of its own. */
  probe: (provider: Provider) => Promise<ProbeResult>;
  /** Devices of a provider; at least one is assumed. */
  deviceCount: (provider: Provider) => Promise<number>;
  /** Free memory of a device in bytes; null when nobody can tell. */
  freeBytes: (provider: Provider, index: number) => Promise<number | null>;
  /** False: the operator switched this device off; left out, all are on. */
  isOn?: (provider: Provider, index: number) => Promise<boolean>;
  changed: () => void;
};

/** Creates the pool; no process runs before the first placing. */
export function createDevicePool(options: { modulePath: string }, deps: PoolDeps): DevicePool {
  const engines = new Map<string, DeviceEngine>();
  /** Providers that were proved or disproved; a process that dies puts its provider to the proof again. */
  const verdicts = new Map<Provider, Promise<ProbeResult>>();
  let falls: Fall[] = [];

  const verdictOf = (provider: Provider): Promise<ProbeResult> => {
    let verdict = verdicts.get(provider);
    if (!verdict) {
      verdict = deps.probe(provider);
      verdicts.set(provider, verdict);
    }
    return verdict;
  };

  /** Indexes of the devices of a provider that are switched on. */
  const indexesOf = async (chosen: Provider): Promise<number[]> => {
    const all = Array.from({ length: Math.max(1, await deps.deviceCount(chosen)) }, (_, index) => index);
    const on = await Promise.all(all.map((index) => deps.isOn?.(chosen, index) ?? true));
    return all.filter((index) => on[index] === true);
  };
  const allOff = { ok: false, reason: 'Every GPU that it could use is switched off.', remedy: 'Switch a GPU on under Hardware.' } as const;
  const proofOf = async (candidate: Provider): Promise<Pick<ProbeResult, 'ok' | 'reason' | 'remedy'>> =>
    candidate === 'cpu' ? { ok: true, reason: null, remedy: null } : (await indexesOf(candidate)).length === 0 ? allOff : verdictOf(candidate);

  /** The first provider of the order that works. The processor is taken at its word: where it fails, the load says why. */
  const provider = async (): Promise<Provider> => {
    const passed: Fall[] = [];
    for (const candidate of deps.order()) {
      const { ok, reason, remedy } = await proofOf(candidate);
      if (ok) {
        noteFalls(passed, candidate);
        return candidate;
      }
      passed.push({ provider: candidate, reason: reason ?? '', remedy: remedy ?? '' });
    }
    noteFalls(passed, null);
    const detail = passed.map((one) => `${one.provider}: ${one.reason}`).join(' ');
    throw new AppError('inference.model_failed', { detail: `no execution provider of the set order works. ${detail}` });
  };
  const noteFalls = (passed: Fall[], to: Provider | null): void => {
    if (JSON.stringify(passed) === JSON.stringify(falls)) return;
    falls = passed;
    for (const fall of passed) deps.log.warn('inference.provider_passed_over', { provider: fall.provider, reason: fall.reason, to });
    deps.changed();
  };

  const enginesOf = async (chosen: Provider): Promise<DeviceEngine[]> => {
    const indexes = await indexesOf(chosen);
    // Processes of a provider that is no longer chosen, and of a device that was switched off, end when their last work is done.
    for (const engine of engines.values()) if ((engine.device.provider !== chosen || !indexes.includes(engine.device.index)) && engine.occupation().running === 0) {
      engines.delete(engine.device.id);
      await engine.close();
    }
    return indexes.map((index) => {
      const device = deviceOf(chosen, index);
      const known = engines.get(device.id);
      if (known) return known;
      const made = createDeviceEngine({ modulePath: options.modulePath, device }, { ...deps, died: () => verdicts.delete(chosen) });
      engines.set(device.id, made);
      return made;
    });
  };

  const choose = async (model: ReadyModel): Promise<DeviceEngine> => {
    const candidates = await enginesOf(await provider());
    const loads = await Promise.all(
      candidates.map(async (engine) => {
        const free = await deps.freeBytes(engine.device.provider, engine.device.index);
        const { loadingBytes, ...occupation } = engine.occupation();
        return { ...occupation, freeBytes: free === null ? null : free - loadingBytes };
      }),
    );
    const placed = placeModel(model.id, model.vramBytes, loads);
    if (placed.kind === 'refused') {
      const detail = `it needs ${placed.neededBytes} bytes and ${placed.freeBytes} are free`;
      deps.log.warn('inference.model_refused', { model: model.id, detail });
      throw new AppError('inference.out_of_memory', { model: model.id, detail });
    }
    const engine = candidates.find(({ device }) => device.id === placed.device) as DeviceEngine;
    for (const id of placed.unload) await engine.unload(id);
    // Taken at once, so that the next placing sees its memory as taken; who runs it meets a failure.
    engine.load(model).catch(() => undefined);
    return engine;
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    // One after the other: two at once would both take the same free memory.
    place: (model) => {
      const placing = last.then(() => choose(model));
      last = placing.catch(() => undefined);
      return placing;
    },
    engines: () => [...engines.values()],
    falls: () => falls,
    learn: (probes) => probes.forEach((probe) => verdicts.set(probe.provider, Promise.resolve(probe))),
    close: async () => void (await Promise.all([...engines.values()].map((engine) => engine.close()))),
  };
}
