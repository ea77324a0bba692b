/** Tests of what the engine is told of the machine's devices: cards, their free memory, and how often the driver is asked. */
import { describe, expect, it } from 'vitest';
import { createNodeDevices } from './node-devices.ts';
import type { Gpu } from '../system/hardware.ts';

const card = (vramTotalMib: number | null, vramUsedMib: number | null): Gpu => ({ uuid: 'GPU-1', vendor: 'nvidia', tool: 'nvidia-smi', powerLimitW: null, model: 'Card', driver: null, vramTotalMib, vramUsedMib, utilPct: null, tempC: null, powerW: null, computeCapability: null });
function setUp(gpus: Gpu[]) {
  const state = { asked: 0, nowMs: 0 };
  const devices = createNodeDevices({ query: async () => ({ gpus: (state.asked++, gpus) }), now: () => state.nowMs });
  return { devices, state };
}

describe('createNodeDevices', () => {
  it('counts cards for CUDA alone, and tells the free memory of each', async () => {
    const { devices } = setUp([card(8_192, 1_024), card(null, 5), card(4_096, 0)]);
    expect(await Promise.all([devices.deviceCount('cuda'), devices.deviceCount('cpu'), devices.deviceCount('webgpu')])).toEqual([3, 1, 1]);
    const free = await Promise.all([0, 1, 2, 3].map((index) => devices.freeBytes('cuda', index)));
    expect(free).toEqual([7_168 * 2 ** 20, null, 4_096 * 2 ** 20, null]);
    expect(await devices.freeBytes('webgpu', 0)).toBeNull();
    expect(await devices.freeBytes('cpu', 0)).toBeGreaterThan(0);
  });
  it('asks the driver at most once in five seconds', async () => {
    const { devices, state } = setUp([card(1, 1)]);
    await devices.deviceCount('cuda');
    state.nowMs = 4_999;
    await devices.freeBytes('cuda', 0);
    expect(state.asked).toBe(1);
    state.nowMs = 5_000;
    await devices.freeBytes('cuda', 0);
    expect(state.asked).toBe(2);
  });
});
