/** GPU gauges for heartbeats: asked at most once in five seconds, however often a heartbeat is sent (coordinator.md 3, heartbeat). */
import type { GpuGauge } from '../../src-shared/link/messages.ts';
import type { Gpu } from './hardware.ts';

const maxAgeMs = 5_000;
const longestWaitMs = 60_000;

type Deps = {
  /** The GPUs now; see queryGpus. */
  query: () => Promise<{ gpus: readonly Gpu[] }>;
  now: () => number;
};

/** Reads the gauges. */
export type GpuGauges = {
  /** One entry per GPU, at most five seconds old; empty without GPUs. */
  read(): Promise<GpuGauge[]>;
  /** Highest temperature of the last reading in °C; null when unknown. */
  hottestC(): number | null;
};

/** One GPU as a heartbeat reports it. */
export const gaugeOf = (gpu: Gpu): GpuGauge => ({ util_pct: gpu.utilPct, vram_used_mb: gpu.vramUsedMib, temp_c: gpu.tempC, power_w: gpu.powerW });

/** Creates the reader. A machine without GPUs is asked again only once a minute. */
export function createGpuGauges({ query, now }: Deps): GpuGauges {
  let last: { gauges: GpuGauge[]; freshUntilMs: number } = { gauges: [], freshUntilMs: Number.NEGATIVE_INFINITY };
  let asking: Promise<GpuGauge[]> | null = null;
  const ask = async (): Promise<GpuGauge[]> => {
    try {
      const gauges = (await query()).gpus.map(gaugeOf);
      last = { gauges, freshUntilMs: now() + (gauges.length === 0 ? longestWaitMs : maxAgeMs) };
      return gauges;
    } finally {
      asking = null;
    }
  };
  return {
    read: async () => (now() < last.freshUntilMs ? last.gauges : (asking ??= ask())),
    hottestC: () => last.gauges.reduce<number | null>((hottest, { temp_c: temp }) => (temp === null || (hottest !== null && hottest >= temp) ? hottest : temp), null),
  };
}
