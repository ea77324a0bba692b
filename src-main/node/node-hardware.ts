/** Wires the watch over GPUs into the node: history, switches, care settings, the sandbox's fault, and what is ours among the processes (product.md, Hardware). */
import { z } from 'zod';
import { careSchema, type Care, type GaugePoint, type HistorySpan, type Hold } from '../../src-shared/bridge/hardware-calls.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { GpuGauge } from '../../src-shared/link/messages.ts';
import type { Manifest } from '../../src-shared/link/manifest.ts';
import { maySimulateHeat, simulatedHeat } from '../core/simulated-heat.ts';
import type { Provider } from '../inference/types.ts';
import type { Logger } from '../log/logger.ts';
import { createOwnProcesses } from '../platform/own-processes.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { createGauges } from '../store/gauges.ts';
import type { Store } from '../store/open.ts';
import type { Settings } from '../store/settings.ts';
import { createCareWatch, type CareWatch } from '../system/care.ts';
import { lookForFullScreen } from '../system/full-screen.ts';
import { gaugeOf } from '../system/gpu-gauges.ts';
import { queryProcesses, runProgram, type RunProgram } from '../system/nvidia-smi.ts';
import { createGpuQuery, type GpuLook } from '../system/query-gpus.ts';

/** Care before anybody changed it: product.md's limits; no schedule. */
export const defaultCare: Care = { temperature: { enabled: true, pauseAtC: 85, resumeAtC: 75 }, yieldToOthers: true, schedule: { enabled: false, bands: [] } };

const careKey = 'care';
const offKey = 'gpus.off';
const offSchema = z.array(z.string());
const minuteMs = 60_000;
const spans: Record<HistorySpan, { lengthMs: number; bucketMs: number }> = { hour: { lengthMs: 60 * minuteMs, bucketMs: 30_000 }, day: { lengthMs: 24 * 60 * minuteMs, bucketMs: 10 * minuteMs } };

type Deps = {
  store: Store;
  settings: Settings;
  network(): NetworkProfile['kind'] | null;
  running(): number;
  /** A hold began or ended: the state is derived anew. */
  holdsChanged(): void;
  /** Something of the page changed. */
  changed(): void;
  /** Power of the cards that are switched on together; null where there is none, or one does not tell. */
  powerRead(watts: number | null, atMs: number): void;
  spawn: SpawnChild;
  now(): number;
  schedule(delayMs: number, work: () => void): () => void;
  log: Logger;
  /** Stated for tests. */
  run?: RunProgram;
  sysRoot?: string;
};

/** The node's hardware. */
export type NodeHardware = {
  watch: CareWatch;
  holds(): Hold[];
  /** Starts children that count as ours; CUDA numbers cards as the driver's tool does. */
  spawn: SpawnChild;
  /** NVIDIA's cards in the order of their index, for the engine. */
  cards(): Promise<{ gpus: GpuLook['gpus'] }>;
  /** The gauges of a heartbeat: real ones alone. */
  gauges(): GpuGauge[];
  care(): Care;
  setCare(care: Care): Promise<void>;
  isOn(gpu: string): boolean;
  switchGpu(gpu: string, on: boolean): void;
  /** False: the operator switched off the card that this device of a provider is. */
  isDeviceOn(provider: Provider, index: number): Promise<boolean>;
  history(span: HistorySpan): Map<string, GaugePoint[]>;
  simulatedC(): number | null;
  /** @throws AppError bridge.bad_input on every network but a sandbox */
  simulateHeat(tempC: number | null): Promise<void>;
  manifest(): { signedAtMs: number; manifest: Manifest } | null;
  manifestSigned(manifest: Manifest): void;
  stop(): void;
};

/** Creates it; nothing is watched before `watch.start`. */
export function createNodeHardware({ store, settings, network, running, holdsChanged, changed, powerRead, spawn, now, schedule, log, run = runProgram, sysRoot }: Deps): NodeHardware {
  const history = createGauges(store);
  const own = createOwnProcesses(process.pid);
  const countingSpawn = own.counting(spawn);
  const look = createGpuQuery({ run, now, platform: process.platform, ...(sysRoot === undefined ? {} : { sysRoot }) });
  const care = (): Care => settings.get(careKey, careSchema) ?? defaultCare;
  const off = (): string[] => settings.get(offKey, offSchema) ?? [];
  const isOn = (gpu: string): boolean => !off().includes(gpu);
  let setC: number | null = null;
  let signed: { signedAtMs: number; manifest: Manifest } | null = null;
  const simulatedC = (): number | null => simulatedHeat(network(), setC);
  const watch = createCareWatch({
    look,
    processes: () => queryProcesses(run),
    fullScreen: () => lookForFullScreen({ run, platform: process.platform, env: process.env, isOwn: own.isOwn }),
    isOwn: own.isOwn,
    settings: care,
    isOn,
    simulatedC,
    running,
    weekMinute: (atMs) => {
      const at = new Date(atMs);
      return { day: (at.getDay() + 6) % 7, minute: at.getHours() * 60 + at.getMinutes() };
    },
    read: ({ gpus }, atMs) => {
      history.add(gpus.map(({ uuid, utilPct, vramUsedMib, tempC, powerW }) => ({ gpu: uuid, atMs, utilPct, vramUsedMib, tempC, powerW })));
      powerRead(powerOf(gpus.filter(({ uuid }) => isOn(uuid))), atMs);
      if (gpus.length > 0) changed();
    },
    holdsChanged,
    now,
    schedule,
    log,
  });
  const gpus = () => watch.latest()?.look.gpus ?? [];
  const cardsNow = async (): Promise<GpuLook['gpus']> => {
    if (watch.latest() === null) await watch.refresh();
    return gpus();
  };
  return {
    watch,
    holds: () => watch.holds().map(({ hold }) => hold),
    spawn: (modulePath, args, options) => countingSpawn(modulePath, args, { ...options, env: { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', ...options?.env } }),
    cards: async () => ({ gpus: (await cardsNow()).filter(({ vendor }) => vendor === 'nvidia') }),
    gauges: () => gpus().map(gaugeOf),
    care,
    setCare: async (next) => {
      settings.set(careKey, next);
      await watch.refresh();
      changed();
    },
    isOn,
    switchGpu: (gpu, on) => {
      if (!gpus().some(({ uuid }) => uuid === gpu)) throw new AppError('bridge.bad_input', { detail: 'there is no such GPU' });
      settings.set(offKey, [...off().filter((one) => one !== gpu), ...(on ? [] : [gpu])]);
      changed();
    },
    isDeviceOn: async (provider, index) => {
      if (provider === 'cpu') return true;
      const cards = await cardsNow();
      const card = provider === 'cuda' ? cards.filter(({ vendor }) => vendor === 'nvidia')[index] : undefined;
      // Other providers choose a card by themselves: they are off when none is left to choose.
      return card === undefined ? cards.length === 0 || cards.some(({ uuid }) => isOn(uuid)) : isOn(card.uuid);
    },
    history: (span) => history.history(now() - spans[span].lengthMs, spans[span].bucketMs),
    simulatedC,
    simulateHeat: async (tempC) => {
      if (!maySimulateHeat(network())) throw new AppError('bridge.bad_input', { detail: 'only the sandbox shows a simulated temperature' });
      setC = tempC;
      await watch.refresh();
      changed();
    },
    manifest: () => signed,
    manifestSigned: (manifest) => {
      signed = { signedAtMs: now(), manifest };
      changed();
    },
    stop: () => {
      watch.stop();
      history.flush();
    },
  };
}

function powerOf(gpus: readonly { powerW: number | null }[]): number | null {
  const known = gpus.flatMap(({ powerW }) => powerW ?? []);
  return gpus.length === 0 || known.length < gpus.length ? null : known.reduce((sum, watts) => sum + watts, 0);
}
