/** Heat with its two limits, the weekly schedule over midnight and Sunday, and who counts as another user of a GPU: tables and properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduleBand } from '../../src-shared/bridge/hardware-calls.ts';
import { nextForeignUse, notLooked, type ForeignUse, type LoadSample } from './foreign-use.ts';
import { hottest, nextHeat } from './heat.ts';
import { allowsWork, minutesToChange } from './work-hours.ts';

const limits = { enabled: true, pauseAtC: 85, resumeAtC: 75 };

describe('heat', () => {
  it.each<[string, boolean, number | null, boolean]>([
    ['cool stays cool', false, 60, false],
    ['just under the limit goes on', false, 84.9, false],
    ['at the limit pauses', false, 85, true],
    ['between the limits stays paused', true, 80, true],
    ['between the limits goes on, where it went on', false, 80, false],
    ['just over the lower limit stays paused', true, 75.1, true],
    ['at the lower limit goes on', true, 75, false],
    ['a silent sensor keeps a pause', true, null, true],
    ['a silent sensor makes none', false, null, false],
  ])('%s', (_, wasHot, temperature, expected) => expect(nextHeat(wasHot, temperature, limits)).toBe(expected));
  it('never pauses when it is switched off', () => expect(nextHeat(true, 120, { ...limits, enabled: false })).toBe(false));
  it('changes only by crossing a limit', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 20, max: 110 }), { nil: null })), (temperatures) => {
        let hot = false;
        for (const temperature of temperatures) {
          const next = nextHeat(hot, temperature, limits);
          if (next && !hot) expect(temperature).toBeGreaterThanOrEqual(85);
          if (!next && hot) expect(temperature).toBeLessThanOrEqual(75);
          hot = next;
        }
      }),
    );
  });
  it('takes the hottest that is known', () => expect([hottest([]), hottest([null]), hottest([40, null, 71, 3])]).toEqual([null, null, 71]));
});

const at = (day: number, hour: number, minute = 0) => ({ day, minute: hour * 60 + minute });
const nights: ScheduleBand = { days: [0, 1, 2, 3, 4], fromMinute: 22 * 60, untilMinute: 6 * 60 };
const sunday: ScheduleBand = { days: [6], fromMinute: 20 * 60, untilMinute: 8 * 60 };
const allDay: ScheduleBand = { days: [5], fromMinute: 0, untilMinute: 0 };

describe('work hours', () => {
  const schedule = { enabled: true, bands: [nights] };
  it.each([
    ['Monday noon', at(0, 12), false],
    ['Monday 21:59', at(0, 21, 59), false],
    ['Monday 22:00', at(0, 22), true],
    ['Tuesday 05:59, of the band before', at(1, 5, 59), true],
    ['Tuesday 06:00', at(1, 6), false],
    ['Saturday morning, of Friday', at(5, 3), true],
    ['Monday morning, as Sunday has no band', at(0, 3), false],
  ])('%s', (_, moment, expected) => expect(allowsWork(schedule, moment)).toBe(expected));
  it('reaches past the end of the week', () => {
    expect(allowsWork({ enabled: true, bands: [sunday] }, at(0, 7, 59))).toBe(true);
    expect(allowsWork({ enabled: true, bands: [sunday] }, at(0, 8))).toBe(false);
    expect(minutesToChange({ enabled: true, bands: [sunday] }, at(6, 23))).toBe(9 * 60);
  });
  it('holds a whole day from midnight to midnight', () => expect([at(4, 23, 59), at(5, 0), at(5, 23, 59), at(6, 0)].map((moment) => allowsWork({ enabled: true, bands: [allDay] }, moment))).toEqual([false, true, true, false]));
  it('allows all when it is off, and nothing without a band', () => {
    expect(allowsWork({ enabled: false, bands: [] }, at(0, 0))).toBe(true);
    expect(allowsWork({ enabled: true, bands: [] }, at(0, 0))).toBe(false);
    expect([minutesToChange({ enabled: false, bands: [nights] }, at(0, 0)), minutesToChange({ enabled: true, bands: [] }, at(0, 0))]).toEqual([null, null]);
  });
  it('says when it opens, also where bands touch', () => {
    expect(minutesToChange(schedule, at(0, 12))).toBe(10 * 60);
    const touching = { enabled: true, bands: [{ days: [0], fromMinute: 0, untilMinute: 600 }, { days: [0], fromMinute: 600, untilMinute: 700 }] };
    expect(minutesToChange(touching, at(0, 1))).toBe(640);
  });
  it('changes exactly at the minute it names, and not before', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const band = fc.record({ days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }), fromMinute: minute, untilMinute: minute });
    fc.assert(
      fc.property(fc.array(band, { maxLength: 4 }), fc.integer({ min: 0, max: 6 }), minute, (bands, day, now) => {
        const mine = { enabled: true, bands };
        const later = (wait: number) => ({ day: Math.floor(((day * 1_440 + now + wait) % 10_080) / 1_440), minute: (now + wait) % 1_440 });
        const allowed = allowsWork(mine, later(0));
        const change = minutesToChange(mine, later(0));
        for (let wait = 0; wait < (change ?? 10_080); wait += 1) if (allowsWork(mine, later(wait)) !== allowed) throw new Error(`changed after ${wait}, not ${change}`);
        if (change !== null) expect(allowsWork(mine, later(change))).toBe(!allowed);
      }),
      { numRuns: 60 },
    );
  });
});

describe('foreign use of a GPU', () => {
  const own = new Set([10]);
  const game = { pid: 99, name: 'game', utilPct: 90 };
  const sample = (over: Partial<LoadSample> = {}): LoadSample => ({ processes: null, utilPct: 0, ownWork: false, ...over });
  const after = (samples: readonly LoadSample[], from: ForeignUse = notLooked): ForeignUse => samples.reduce((use, one) => nextForeignUse(use, one, own), from);
  const times = (count: number, one: LoadSample): LoadSample[] => Array.from({ length: count }, () => one);

  it('pauses after three samples in a row, and names the program', () => {
    const playing = sample({ processes: [game, { pid: 10, name: 'ours', utilPct: 99 }] });
    expect(after(times(2, playing)).status).not.toBe('in_use');
    expect(after(times(3, playing))).toEqual({ status: 'in_use', detail: 'game, 90 % of a GPU', streak: 0 });
  });
  it('goes on after six quiet samples, counted anew after each loud one', () => {
    const playing = sample({ processes: [game] });
    const quiet = sample({ processes: [{ ...game, utilPct: 2 }] });
    const paused = after(times(3, playing));
    expect(after(times(5, quiet), paused).status).toBe('in_use');
    expect(after([...times(5, quiet), playing, ...times(5, quiet)], paused).status).toBe('in_use');
    expect(after(times(6, quiet), paused).status).toBe('free');
  });
  it.each<[string, LoadSample, ForeignUse['status']]>([
    ['our own process alone', sample({ processes: [{ pid: 10, name: 'ours', utilPct: 99 }], utilPct: 99 }), 'free'],
    ['a desktop that draws a little', sample({ processes: [{ pid: 5, name: 'Xorg', utilPct: 12 }] }), 'free'],
    ['a load that nobody of ours makes', sample({ utilPct: 70 }), 'in_use'],
    ['a list without loads, and a load while idle', sample({ processes: [{ pid: 5, name: 'x', utilPct: null }], utilPct: 70 }), 'in_use'],
    ['a load while our work runs', sample({ utilPct: 99, ownWork: true }), 'unknown'],
    ['a driver that tells nothing', sample({ utilPct: null }), 'unknown'],
  ])('%s', (_, one, status) => expect(after(times(3, one)).status).toBe(status));
});
