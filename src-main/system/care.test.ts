/** The watch through a hot afternoon, a game and a night: holds begin and end once, with their time, and switched-off cards do not count. */
import { describe, expect, it } from 'vitest';
import type { Care } from '../../src-shared/bridge/hardware-calls.ts';
import { silentLogger } from '../log/logger.ts';
import { createCareWatch } from './care.ts';
import type { Gpu } from './hardware.ts';
import type { FullScreen } from './full-screen.ts';

const card = (uuid: string, over: Partial<Gpu> = {}): Gpu => ({
  uuid, vendor: 'nvidia', tool: 'nvidia-smi', model: 'Card', driver: null, vramTotalMib: 8_192, vramUsedMib: 1, utilPct: 3, tempC: 50, powerW: 30, powerLimitW: null, computeCapability: null, ...over,
});

function setUp() {
  const state = {
    nowMs: 0,
    gpus: [card('a')],
    processes: [{ pid: 7, name: 'game', utilPct: 0 }],
    screen: { status: 'free', detail: null } as FullScreen,
    off: [] as string[],
    simulatedC: null as number | null,
    minute: 12 * 60,
    care: { temperature: { enabled: true, pauseAtC: 85, resumeAtC: 75 }, yieldToOthers: true, schedule: { enabled: false, bands: [] } } as Care,
    fails: false,
    changes: 0,
    askedProcesses: 0,
    kept: 0,
    pending: [] as (() => void)[],
  };
  const watch = createCareWatch({
    look: async () => {
      if (state.fails) throw new Error('the bus is gone');
      return { gpus: state.gpus, problems: [], source: { kind: 'nvidia-smi' } };
    },
    processes: async () => (state.askedProcesses++, state.processes),
    fullScreen: async () => state.screen,
    isOwn: (pid) => pid === 1,
    settings: () => state.care,
    isOn: (gpu) => !state.off.includes(gpu),
    simulatedC: () => state.simulatedC,
    running: () => 0,
    weekMinute: () => ({ day: 0, minute: state.minute }),
    read: () => void state.kept++,
    holdsChanged: () => void state.changes++,
    now: () => state.nowMs,
    schedule: (_, work) => {
      state.pending.push(work);
      return () => (state.pending = []);
    },
    log: silentLogger,
  });
  const look = async (times = 1): Promise<string[]> => {
    for (let time = 0; time < times; time++) {
      state.nowMs += 5_000;
      await watch.refresh();
    }
    return watch.holds().map(({ hold }) => hold);
  };
  return { state, watch, look };
}

describe('the watch', () => {
  it('holds for heat from the limit until it has cooled down, and tells both once', async () => {
    const { state, watch, look } = setUp();
    expect(await look()).toEqual([]);
    state.gpus = [card('a', { tempC: 86 })];
    expect(await look(3)).toEqual(['too_hot']);
    expect(watch.holds()[0]?.sinceMs).toBe(10_000);
    state.gpus = [card('a', { tempC: 80 })];
    expect(await look()).toEqual(['too_hot']);
    state.gpus = [card('a', { tempC: 75 })];
    expect(await look()).toEqual([]);
    expect([state.changes, watch.recovered()]).toEqual([2, { hold: 'too_hot', atMs: 30_000 }]);
  });
  it('leaves a card that is switched off out of it', async () => {
    const { state, watch, look } = setUp();
    state.gpus = [card('a'), card('b', { tempC: 99 })];
    state.off = ['b'];
    expect([await look(), watch.hottestC()]).toEqual([[], 50]);
    state.off = [];
    expect(await look()).toEqual(['too_hot']);
  });
  it('takes the simulated temperature like a real one', async () => {
    const { state, look } = setUp();
    state.simulatedC = 95;
    expect(await look()).toEqual(['too_hot']);
    state.simulatedC = null;
    expect(await look()).toEqual([]);
  });
  it('is cool again without a simulated temperature where no sensor tells, and stays hot where one fell silent', async () => {
    const { state, look } = setUp();
    state.gpus = [];
    state.simulatedC = 95;
    expect(await look()).toEqual(['too_hot']);
    state.simulatedC = null;
    expect(await look()).toEqual([]);
    state.gpus = [card('a', { tempC: 95 })];
    expect(await look()).toEqual(['too_hot']);
    state.gpus = [card('a', { tempC: null })];
    expect(await look()).toEqual(['too_hot']);
  });
  it('yields to a game after three looks, to a full-screen application at once, and to nobody when the switch is off', async () => {
    const { state, watch, look } = setUp();
    state.processes = [{ pid: 7, name: 'game', utilPct: 90 }];
    expect(await look(2)).toEqual([]);
    expect(await look()).toEqual(['in_use']);
    expect(watch.holds()[0]?.detail).toBe('game, 90 % of a GPU');
    state.care = { ...state.care, yieldToOthers: false };
    expect(await look()).toEqual([]);
    state.care = { ...state.care, yieldToOthers: true };
    state.processes = [];
    state.screen = { status: 'in_use', detail: 'A Game' };
    expect(await look()).toEqual(['in_use']);
    expect(watch.others().fullScreen).toEqual({ status: 'in_use', detail: 'A Game' });
  });
  it('looks for nobody on a machine without a GPU', async () => {
    const { state, watch, look } = setUp();
    state.gpus = [];
    state.screen = { status: 'in_use', detail: 'A film' };
    expect([await look(), state.askedProcesses, watch.others().load.status]).toEqual([[], 0, 'unknown']);
  });
  it('closes and opens with the schedule, and says when', async () => {
    const { state, watch, look } = setUp();
    state.care = { ...state.care, schedule: { enabled: true, bands: [{ days: [0], fromMinute: 22 * 60, untilMinute: 6 * 60 }] } };
    expect(await look()).toEqual(['by_schedule']);
    expect(watch.scheduleChangesAtMs()).toBe(10 * 3_600_000);
    state.minute = 23 * 60;
    expect(await look()).toEqual([]);
  });
  it('keeps its last word when the tools fail, and asks again', async () => {
    const { state, watch, look } = setUp();
    state.gpus = [card('a', { tempC: 90 })];
    await look();
    state.fails = true;
    expect([await look(), watch.latest()?.look.gpus.length]).toEqual([['too_hot'], 1]);
    state.fails = false;
    state.gpus = [card('a', { tempC: 40 })];
    expect(await look()).toEqual([]);
  });
  it('goes on every five seconds until it is stopped', async () => {
    const { state, watch } = setUp();
    watch.start();
    await new Promise(setImmediate);
    expect([state.kept, state.pending.length]).toEqual([1, 1]);
    state.pending.shift()?.();
    await new Promise(setImmediate);
    expect([state.kept, state.pending.length]).toEqual([2, 1]);
    watch.stop();
    expect(state.pending).toEqual([]);
  });
});
