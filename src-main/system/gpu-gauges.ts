/** A GPU as a heartbeat reports it (coordinator.md 3, heartbeat). */
import type { GpuGauge } from '../../src-shared/link/messages.ts';
import type { Gpu } from './hardware.ts';

/** Load, memory, temperature and power; each a number or null. */
export const gaugeOf = (gpu: Gpu): GpuGauge => ({ util_pct: gpu.utilPct, vram_used_mb: gpu.vramUsedMib, temp_c: gpu.tempC, power_w: gpu.powerW });
