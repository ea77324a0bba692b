/** A day of gauges: written by the minute, aggregated in SQL with unknown values left unknown, and bounded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { createGauges, type GaugeSample } from './gauges.ts';
import { openStore, type Store } from './open.ts';

const dayMs = 86_400_000;
let folder: string;
let store: Store;
let nowMs = 0;
beforeEach(() => {
  nowMs = 10 * dayMs;
  folder = mkdtempSync(join(tmpdir(), 'gauges-'));
  store = openStore({ dataDir: folder }, { now: () => nowMs, log: silentLogger });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const sample = (over: Partial<GaugeSample> = {}): GaugeSample => ({ gpu: 'a', atMs: nowMs, utilPct: 50, vramUsedMib: 1_000, tempC: 60, powerW: 100.5, ...over });
const rows = (): number => Number(store.db.get('SELECT count(*) AS n FROM gauges')?.['n']);

describe('gauges', () => {
  it('wait in memory and are written together once a minute', () => {
    const gauges = createGauges(store);
    for (let second = 0; second < 60; second += 5) {
      gauges.add([sample()]);
      nowMs += 5_000;
    }
    expect(rows()).toBe(0);
    gauges.add([sample()]);
    expect(rows()).toBe(13);
  });
  it('aggregate by GPU and bucket: mean load and power, highest memory and temperature', () => {
    const gauges = createGauges(store);
    gauges.add([sample({ utilPct: 0, tempC: 60, vramUsedMib: 10 }), sample({ atMs: nowMs + 5_000, utilPct: 100, tempC: 90, vramUsedMib: 30, powerW: null }), sample({ atMs: nowMs + 30_000, utilPct: null, tempC: null, vramUsedMib: null, powerW: null }), sample({ gpu: 'b' })]);
    const history = gauges.history(nowMs - 1, 30_000);
    expect(history.get('a')).toEqual([
      { atMs: nowMs, utilPct: 50, vramUsedMib: 30, tempC: 90, powerW: 100.5 },
      { atMs: nowMs + 30_000, utilPct: null, vramUsedMib: null, tempC: null, powerW: null },
    ]);
    expect(history.get('b')).toHaveLength(1);
    expect(gauges.history(nowMs + 60_000, 30_000).size).toBe(0);
  });
  it('keep a day, however long the node runs, and drop what a set-back clock left behind', () => {
    const gauges = createGauges(store);
    for (let minute = 0; minute < 3 * 1_440; minute += 10) {
      gauges.add([sample()]);
      nowMs += 600_000;
    }
    gauges.flush();
    expect(rows()).toBeGreaterThan(140);
    expect(rows()).toBeLessThanOrEqual(146);
    nowMs -= 30 * dayMs;
    gauges.add([sample()]);
    gauges.flush();
    expect(rows()).toBe(1);
  });
  it('answer over a full day of readings of four cards in little time', () => {
    store.transaction(() => {
      for (const gpu of ['a', 'b', 'c', 'd']) for (let at = 0; at < dayMs; at += 5_000) store.db.run('INSERT INTO gauges VALUES (?, ?, ?, ?, ?, ?)', gpu, BigInt(nowMs - at), 50, 1_000, 60, 100);
    });
    const history = createGauges(store).history(nowMs - dayMs + 1, 600_000);
    expect([...history.values()].map((points) => points.length)).toEqual([145, 145, 145, 145]);
  });
});
