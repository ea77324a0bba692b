/** Tests of the supervisor against a small parent-side double of the process: death, backoff, messages that do not parse, a run that cannot be stopped. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import type { ChildHandle, SpawnChild } from '../platform/processes.ts';
import { createEngineProcess, restartDelayMs } from './engine-process.ts';

/** A process that says and does only what the test tells it to. */
type Double = ChildHandle & {
  sent: unknown[];
  say(message: unknown): void;
  die(code: number | null): void;
  killed: boolean;
};

function doubles(): { spawn: SpawnChild; started: Double[] } {
  const started: Double[] = [];
  const spawn: SpawnChild = () => {
    let hear: (m: unknown) => void = () => undefined;
    let exit: (code: number | null) => void = () => undefined;
    const double: Double = {
      pid: started.length + 1,
      sent: [],
      killed: false,
      send: (m) => void double.sent.push(m),
      onMessage: (f) => void (hear = f),
      onExit: (f) => void (exit = f),
      kill: () => {
        double.killed = true;
        exit(null);
      },
      say: (m) => hear(m),
      die: (code) => exit(code),
    };
    started.push(double);
    return double;
  };
  return { spawn, started };
}

const load = { kind: 'load', model: 'm@1', folder: '/m', role: 0 } as const;
function setUp() {
  const { spawn, started } = doubles();
  const restarted = vi.fn();
  const engine = createEngineProcess(
    { modulePath: 'x', provider: 'cpu', index: 0 },
    { spawn, log: silentLogger, random: () => 1, onChange: () => undefined, onRestarted: restarted },
  );
  const child = (n: number): Double => started[n] as Double;
  return { engine, started, child, restarted };
}
/** Lets promises that are already settled go on. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createEngineProcess', () => {
  it('starts with the first call, and sends it once the process is ready', async () => {
    const { engine, started, child } = setUp();
    expect([engine.state().process, started.length]).toEqual(['stopped', 0]);
    const answer = engine.call(load);
    expect([engine.state().process, child(0).sent]).toEqual(['starting', []]);
    child(0).say({ kind: 'ready' });
    await settle();
    expect(child(0).sent).toEqual([{ ...load, call: 1 }]);
    child(0).say({ kind: 'loaded', call: 1, batching: 'exact' });
    expect(await answer).toEqual({ kind: 'loaded', call: 1, batching: 'exact' });
  });

  it('rejects what runs exactly once when the process dies, and starts another after the delay', async () => {
    const { engine, started, child, restarted } = setUp();
    const rejected = vi.fn();
    const first = engine.call(load).catch(rejected);
    child(0).say({ kind: 'ready' });
    await settle();
    child(0).die(139);
    child(0).say({ kind: 'loaded', call: 1, batching: 'exact' });
    await first;
    expect(rejected).toHaveBeenCalledOnce();
    expect(rejected.mock.calls[0]?.[0]).toMatchObject({ code: 'inference.process_died', fields: { exitCode: 139 } });
    expect(engine.state()).toEqual({
      process: 'restarting',
      restarts: 1,
      lastError: 'the process ended with code 139',
    });
    const second = engine.call(load);
    await vi.advanceTimersByTimeAsync(249);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toHaveLength(2);
    child(1).say({ kind: 'ready' });
    await settle();
    expect(restarted).toHaveBeenCalledOnce();
    child(1).say({ kind: 'loaded', call: 2, batching: 'exact' });
    expect(await second).toEqual({ kind: 'loaded', call: 2, batching: 'exact' });
  });

  it('waits longer each time in a row, and rejects who waited for a start that fails', async () => {
    const { engine, started, child } = setUp();
    const waiting = engine.call(load);
    const outcome = expect(waiting).rejects.toMatchObject({ code: 'inference.process_died' });
    child(0).die(1);
    await outcome;
    await vi.advanceTimersByTimeAsync(250);
    child(1).die(1);
    await vi.advanceTimersByTimeAsync(499);
    expect(started).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toHaveLength(3);
    expect([1, 2, 3, 20].map((n) => restartDelayMs(n, () => 1))).toEqual([250, 500, 1000, 30_000]);
    expect(restartDelayMs(1, () => 0)).toBe(125);
  });

  it('ends a process whose message does not parse', async () => {
    const { engine, child } = setUp();
    const outcome = expect(engine.call(load)).rejects.toMatchObject({ code: 'inference.process_died' });
    child(0).say({ kind: 'ready', surprise: true });
    expect(child(0).killed).toBe(true);
    await outcome;
  });

  it('ends a process that does not stop a cancelled run', async () => {
    const { engine, child } = setUp();
    const abort = new AbortController();
    const outcome = expect(engine.call(load, { signal: abort.signal })).rejects.toMatchObject({
      code: 'inference.process_died',
    });
    child(0).say({ kind: 'ready' });
    await settle();
    abort.abort();
    expect(child(0).sent.at(-1)).toEqual({ kind: 'cancel', call: 1 });
    await vi.advanceTimersByTimeAsync(4_999);
    expect(child(0).killed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(child(0).killed).toBe(true);
    await outcome;
  });

  it('stays closed', async () => {
    const { engine, started, child } = setUp();
    const outcome = expect(engine.call(load)).rejects.toMatchObject({ code: 'inference.process_died' });
    await engine.close();
    await outcome;
    await expect(engine.call(load)).rejects.toMatchObject({ code: 'inference.process_died' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([child(0).killed, started.length, engine.state().process]).toEqual([true, 1, 'stopped']);
  });
});
