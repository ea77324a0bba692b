/** Tests of the pool with processes that a test speaks for: order, falls, several devices, room for models, and a new proof after a death. */
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { createDevicePool } from './device-pool.ts';
import type { ToEngine } from './messages.ts';
import type { ProbeResult, Provider, ReadyModel } from './types.ts';

/** Processes that load and unload whatever they are asked to, and die when told. */
function fakeProcesses(loads: boolean) {
  const started: { device: string; sent: ToEngine[]; die(): void; gone: boolean }[] = [];
  const spawn: SpawnChild = (_, args) => {
    let hear: (message: unknown) => void = () => undefined;
    const exits: ((code: number | null) => void)[] = [];
    const one = { device: args.join(':'), sent: [] as ToEngine[], gone: false, die: () => exits.forEach((exit) => exit(139)) };
    started.push(one);
    queueMicrotask(() => hear({ kind: 'ready' }));
    return {
      pid: started.length,
      send: (message) => {
        const { kind, call } = message as ToEngine;
        one.sent.push(message as ToEngine);
        if (kind === 'load' && loads) queueMicrotask(() => hear({ kind: 'loaded', call, batching: 'exact' }));
        if (kind === 'unload') queueMicrotask(() => hear({ kind: 'unloaded', call }));
      },
      onMessage: (listener) => void (hear = listener),
      onExit: (listener) => void exits.push(listener),
      kill: () => {
        one.gone = true;
        exits.forEach((exit) => exit(null));
      },
    };
  };
  return { started, spawn };
}

const model = (id: string, vramBytes = 10): ReadyModel => ({ id, name: id, revision: '1', sizeBytes: 1, sha256: '', folder: `/${id}`, role: 0, vramBytes });
type Given = { order?: Provider[]; broken?: Provider[]; counts?: Partial<Record<Provider, number>>; freeBytes?: (index: number) => number; loads?: boolean; off?: string[] };
function setUp({ order = ['cuda', 'cpu'], broken = [], counts = {}, freeBytes = () => 1_000, loads = true, off = [] }: Given = {}) {
  const { started, spawn } = fakeProcesses(loads);
  const probed: Provider[] = [];
  const state = { order, broken, off, changes: 0, nowMs: 0 };
  const pool = createDevicePool(
    { modulePath: 'x' },
    {
      spawn,
      log: silentLogger,
      now: () => state.nowMs++,
      random: () => 1,
      order: () => state.order,
      probe: async (provider): Promise<ProbeResult> => {
        probed.push(provider);
        const ok = !state.broken.includes(provider);
        return { provider, ok, tokensPerSecond: ok ? 9 : null, reason: ok ? null : 'No driver.', remedy: ok ? null : 'Install it.' };
      },
      deviceCount: async (provider) => counts[provider] ?? 1,
      freeBytes: async (_, index) => freeBytes(index),
      isOn: async (provider, index) => !state.off.includes(`${provider}:${index}`),
      changed: () => void state.changes++,
    },
  );
  return { pool, started, probed, state };
}

describe('the pool', () => {
  it('takes the first provider of the order once it has proved itself, and proves it once', async () => {
    const { pool, started, probed } = setUp();
    expect((await pool.place(model('m'))).device.id).toBe('cuda:0');
    await pool.place(model('m'));
    expect([probed, started.map(({ device }) => device), pool.falls()]).toEqual([['cuda'], ['cuda:0'], []]);
  });

  it('places nothing on a device that is switched off, and ends its idle process at the next placing', async () => {
    const { pool, started, state } = setUp({ counts: { cuda: 2 } });
    expect((await pool.place(model('m'))).device.id).toBe('cuda:0');
    await new Promise(setImmediate);
    state.off = ['cuda:0'];
    expect((await pool.place(model('m'))).device.id).toBe('cuda:1');
    expect(started.map(({ device, gone }) => [device, gone])).toEqual([['cuda:0', true], ['cuda:1', false]]);
    state.off = [];
    expect((await pool.place(model('n'))).device.id).toBe('cuda:0');
  });

  it('passes a provider over while all its devices are switched off, without putting it to the proof', async () => {
    const { pool, probed, state } = setUp({ off: ['cuda:0'] });
    expect((await pool.place(model('m'))).device.id).toBe('cpu:0');
    expect(pool.falls()).toEqual([{ provider: 'cuda', reason: 'Every GPU that it could use is switched off.', remedy: 'Switch a GPU on under Hardware.' }]);
    expect(probed).toEqual([]);
    state.off = [];
    expect((await pool.place(model('m'))).device.id).toBe('cuda:0');
  });

  it('falls to the next in the order, and says so', async () => {
    const { pool, state } = setUp({ broken: ['cuda'] });
    expect((await pool.place(model('m'))).device.id).toBe('cpu:0');
    expect(pool.falls()).toEqual([{ provider: 'cuda', reason: 'No driver.', remedy: 'Install it.' }]);
    expect(state.changes).toBeGreaterThan(0);
  });

  it('never takes the processor when it does not stand in the order', async () => {
    const { pool, started } = setUp({ order: ['cuda', 'webgpu'], broken: ['cuda', 'webgpu'] });
    await expect(pool.place(model('m'))).rejects.toMatchObject({ code: 'inference.model_failed', fields: { detail: expect.stringContaining('No driver.') } });
    expect([started, pool.falls().map(({ provider }) => provider)]).toEqual([[], ['cuda', 'webgpu']]);
  });

  it('follows a new order, and ends the process that no longer serves', async () => {
    const { pool, started, state } = setUp({ order: ['cpu'] });
    await pool.place(model('m'));
    state.order = ['cuda', 'cpu'];
    expect((await pool.place(model('m'))).device.id).toBe('cuda:0');
    expect(started.map(({ device, gone }) => [device, gone])).toEqual([['cpu:0', true], ['cuda:0', false]]);
  });

  it('puts a provider to the proof again after its process died, and falls when it fails then', async () => {
    const { pool, started, probed, state } = setUp();
    await (await pool.place(model('m'))).load(model('m'));
    state.broken = ['cuda'];
    started[0]?.die();
    expect((await pool.place(model('m'))).device.id).toBe('cpu:0');
    expect([probed, pool.falls().map(({ provider }) => provider)]).toEqual([['cuda', 'cuda'], ['cuda']]);
    await pool.close();
  });

  it('runs a process for each device and spreads requests over them', async () => {
    const { pool, started } = setUp({ counts: { cuda: 2 } });
    const never = new AbortController().signal;
    const request = { model: 'm', messages: [], maxComputeUnits: 1, maxOutputTokens: 1, sampling: { kind: 'greedy' as const }, stop: [] };
    const first = await pool.place(model('m'));
    await first.load(model('m'));
    const running = first.run(model('m'), request, { signal: never }).catch(() => 'ended');
    const second = await pool.place(model('m'));
    expect([first.device.id, second.device.id]).toEqual(['cuda:0', 'cuda:1']);
    expect(started.map(({ device }) => device)).toEqual(['cuda:0', 'cuda:1']);
    await pool.close();
    expect(await running).toBe('ended');
  });

  it('unloads what was used least recently to make room, and refuses what fits nowhere', async () => {
    let free = 25;
    const { pool, started } = setUp({ freeBytes: () => free });
    for (const id of ['a', 'b']) await (await pool.place(model(id))).load(model(id));
    free = 5;
    await (await pool.place(model('c'))).load(model('c'));
    expect(started[0]?.sent.filter(({ kind }) => kind === 'unload')).toMatchObject([{ model: 'a' }]);
    expect(pool.engines()[0]?.state().loaded).toEqual(['b', 'c']);
    await expect(pool.place(model('huge', 1_000))).rejects.toMatchObject({ code: 'inference.out_of_memory', fields: { detail: 'it needs 1000 bytes and 5 are free' } });
    expect(pool.engines()[0]?.state().loaded).toEqual(['b', 'c']);
  });

  it('counts what is still being loaded as taken', async () => {
    const { pool } = setUp({ freeBytes: () => 15, loads: false });
    await pool.place(model('a'));
    await expect(pool.place(model('b'))).rejects.toMatchObject({ code: 'inference.out_of_memory', fields: { detail: 'it needs 10 bytes and 5 are free' } });
    await pool.close();
  });

  it('believes a check that was just made', async () => {
    const { pool, probed } = setUp();
    pool.learn([{ provider: 'cuda', ok: false, tokensPerSecond: null, reason: 'Gone.', remedy: null }]);
    expect((await pool.place(model('m'))).device.id).toBe('cpu:0');
    expect(probed).toEqual([]);
  });
});
