/** The node's hardware over a real database: switches and limits outlive a restart, the simulated gauge belongs to the sandbox alone, and devices of the engine follow the switches. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkProfileSchema, type NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { simulatedHeat } from '../core/simulated-heat.ts';
import { silentLogger } from '../log/logger.ts';
import { createNodeHardware, defaultCare } from './node-hardware.ts';
import { openStore, type Store } from '../store/open.ts';
import { createSettings } from '../store/settings.ts';

const smi = 'GPU-a, NVIDIA One, 550.1, 8192, 512, 3, 41, 28.57, 8.9, 200.00\nGPU-b, NVIDIA Two, 550.1, 8192, 512, 3, 61, [N/A], 8.9, [N/A]\n';
const kinds = networkProfileSchema.shape.kind.options;
let folder: string;
let store: Store;
let nowMs: number;
beforeEach(() => {
  nowMs = 10 * 86_400_000;
  folder = mkdtempSync(join(tmpdir(), 'hardware-'));
  store = openStore({ dataDir: folder }, { now: () => nowMs, log: silentLogger });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function setUp(kind: NetworkProfile['kind'] | null = 'sandbox') {
  const state = { kind, read: [] as [number | null, number][] };
  const hardware = createNodeHardware({
    store,
    settings: createSettings(store),
    network: () => state.kind,
    running: () => 0,
    holdsChanged: () => undefined,
    changed: () => undefined,
    powerRead: (watts, atMs) => state.read.push([watts, atMs]),
    spawn: () => {
      throw new Error('nothing is started here');
    },
    now: () => nowMs,
    schedule: () => () => undefined,
    log: silentLogger,
    run: (file, args) => (file === 'nvidia-smi' ? Promise.resolve(args[0] === 'pmon' ? '' : smi) : Promise.reject(Object.assign(new Error(file), { code: 'ENOENT' }))),
    sysRoot: join(folder, 'nothing'),
  });
  return { hardware, state };
}

describe('the simulated gauge', () => {
  it.each(kinds)('on %s', async (kind) => {
    const { hardware } = setUp(kind);
    if (kind === 'sandbox') {
      await hardware.simulateHeat(95);
      expect([hardware.simulatedC(), hardware.holds()]).toEqual([95, ['too_hot']]);
      await hardware.simulateHeat(null);
      expect(hardware.holds()).toEqual([]);
    } else {
      await expect(hardware.simulateHeat(95)).rejects.toMatchObject({ code: 'bridge.bad_input' });
      expect([hardware.simulatedC(), hardware.holds()]).toEqual([null, []]);
    }
  });
  it('counts on no other network, whatever was set before', async () => {
    expect(kinds.filter((kind) => simulatedHeat(kind, 95) !== null)).toEqual(['sandbox']);
    expect(simulatedHeat(null, 95)).toBeNull();
    const { hardware, state } = setUp('sandbox');
    await hardware.simulateHeat(95);
    state.kind = 'testnet';
    await hardware.watch.refresh();
    expect([hardware.simulatedC(), hardware.holds(), hardware.watch.hottestC()]).toEqual([null, [], 61]);
  });
  it('never goes into a heartbeat or the history', async () => {
    const { hardware } = setUp('sandbox');
    await hardware.simulateHeat(95);
    expect(hardware.gauges().map(({ temp_c: temp }) => temp)).toEqual([41, 61]);
    expect([...hardware.history('hour').keys()]).toEqual(['GPU-a', 'GPU-b']);
  });
});

it('tells the power of the cards that are on, where each of them tells', async () => {
  const { hardware, state } = setUp();
  await hardware.watch.refresh();
  hardware.switchGpu('GPU-b', false);
  await hardware.watch.refresh();
  hardware.switchGpu('GPU-a', false);
  await hardware.watch.refresh();
  expect(state.read.map(([watts]) => watts)).toEqual([null, 28.57, null]);
});

describe('switches and limits', () => {
  it('outlive a restart', async () => {
    const { hardware } = setUp();
    expect(hardware.care()).toEqual(defaultCare);
    await hardware.watch.refresh();
    hardware.switchGpu('GPU-b', false);
    await hardware.setCare({ ...defaultCare, temperature: { enabled: true, pauseAtC: 60, resumeAtC: 50 } });
    expect(hardware.holds()).toEqual([]); // the hot one is switched off
    const again = setUp().hardware;
    expect([again.care().temperature.pauseAtC, again.isOn('GPU-a'), again.isOn('GPU-b')]).toEqual([60, true, false]);
    await again.watch.refresh();
    again.switchGpu('GPU-b', true);
    await again.watch.refresh();
    expect(again.holds()).toEqual(['too_hot']);
  });
  it('take the device of a card that is off from the engine, and other providers with the last card', async () => {
    const { hardware } = setUp();
    await hardware.watch.refresh();
    hardware.switchGpu('GPU-a', false);
    const states = () => Promise.all([hardware.isDeviceOn('cuda', 0), hardware.isDeviceOn('cuda', 1), hardware.isDeviceOn('webgpu', 0), hardware.isDeviceOn('cpu', 0)]);
    expect(await states()).toEqual([false, true, true, true]);
    hardware.switchGpu('GPU-b', false);
    expect(await states()).toEqual([false, false, false, true]);
    expect(() => hardware.switchGpu('GPU-x', false)).toThrow(expect.objectContaining({ code: 'bridge.bad_input' }) as Error);
  });
});
