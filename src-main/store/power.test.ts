/** Energy adds up by quarter and state over restarts, is written by the minute, and is forgotten after a year; the meter keeps what the states of the node make of its readings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPowerMeter } from '../economics/power-meter.ts';
import { silentLogger } from '../log/logger.ts';
import { createNodeTransitions } from './node-transitions.ts';
import { openStore, type Store } from './open.ts';
import { createPowerLog, isPowered } from './power.ts';

const dayMs = 86_400_000;
let folder: string;
let store: Store;
let nowMs: number;
beforeEach(() => {
  nowMs = 10 * dayMs;
  folder = mkdtempSync(join(tmpdir(), 'power-'));
  store = openStore({ dataDir: folder }, { now: () => nowMs, log: silentLogger });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const part = (quarterMs: number, state: 'READY' | 'EXECUTING', coveredMs = 5_000) => ({ quarterMs, state, coveredMs, millijoules: BigInt(coveredMs * 100) });
const rows = (): number => Number(store.db.get('SELECT count(*) AS n FROM power')?.['n']);

describe('measured energy', () => {
  it('waits in memory for a minute and adds up over a restart', () => {
    const log = createPowerLog(store);
    log.add([part(nowMs, 'READY'), part(nowMs, 'EXECUTING')]);
    log.add([part(nowMs, 'READY')]);
    expect(rows()).toBe(0);
    nowMs += 60_000;
    log.add([part(10 * dayMs, 'READY')]);
    expect(rows()).toBe(2);
    const next = createPowerLog(store);
    next.add([part(10 * dayMs, 'READY')]);
    expect(next.since(0, 'READY')).toEqual(new Map([[10 * dayMs, { coveredMs: 20_000, millijoules: 2_000_000n }]]));
    expect(next.since(0, 'EXECUTING')).toEqual(new Map([[10 * dayMs, { coveredMs: 5_000, millijoules: 500_000n }]]));
    expect(next.since(10 * dayMs + 1, 'READY').size).toBe(0);
  });
  it('is forgotten after a year', () => {
    const log = createPowerLog(store);
    log.add([part(nowMs, 'READY')]);
    log.flush();
    nowMs += 367 * dayMs;
    log.add([part(nowMs, 'READY')]);
    log.flush();
    expect([...log.since(0, 'READY').keys()]).toEqual([nowMs]);
  });
});

describe('the meter', () => {
  it('follows the states of the node, and stops where a card does not tell', () => {
    const transitions = createNodeTransitions(store);
    const log = createPowerLog(store);
    const meter = createPowerMeter({ spans: transitions.spans, counts: isPowered, keep: log.add });
    const change = (to: 'IDLE' | 'READY' | 'EXECUTING', atMs: number): void => transitions.append({ from: null, to, reason: 'paused', atMs });
    change('READY', nowMs - 1_000);
    meter.read(100, nowMs);
    change('EXECUTING', nowMs + 2_000);
    meter.read(300, nowMs + 5_000);
    meter.read(null, nowMs + 10_000);
    meter.read(300, nowMs + 15_000);
    change('IDLE', nowMs + 16_000);
    meter.read(300, nowMs + 20_000);
    expect(log.since(0, 'READY')).toEqual(new Map([[nowMs, { coveredMs: 2_000, millijoules: 400_000n }]]));
    expect(log.since(0, 'EXECUTING')).toEqual(new Map([[nowMs, { coveredMs: 4_000, millijoules: 900_000n }]]));
  });
});
