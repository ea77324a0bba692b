/** The schedule's form reads and writes the same, its picture of a week joins and splits at midnight, and a history keeps its gaps. */
import { describe, expect, it } from 'vitest';
import { evenly, machineGauges, rangeOf } from '../../format/gauge-history.ts';
import { formOf, minuteOf, newBand, readForm, timeOf, weekOf } from './schedule-fields.ts';

describe('schedule form', () => {
  it('gives back what it was made of', () => {
    const schedule = { enabled: true, bands: [{ days: [0, 6], fromMinute: 1_320, untilMinute: 0 }] };
    expect(readForm(formOf(schedule)).schedule).toEqual(schedule);
    expect(formOf(schedule).bands[0]).toEqual({ days: [0, 6], from: '22:00', until: '00:00' });
  });
  it.each([
    ['00:00', 0],
    ['7:05', 425],
    ['23:59', 1_439],
    ['24:00', null],
    ['7', null],
    ['', null],
    ['12:60', null],
  ])('reads %s', (text, minute) => expect(minuteOf(text)).toBe(minute));
  it('writes two digits', () => expect([timeOf(0), timeOf(425)]).toEqual(['00:00', '07:05']));
  it('marks what does not read', () => {
    const { schedule, problems } = readForm({ enabled: true, bands: [newBand, { days: [], from: '', until: '6:00' }] });
    expect(schedule).toBeNull();
    expect(problems).toEqual([
      { days: false, from: false, until: false },
      { days: true, from: true, until: false },
    ]);
  });
});

describe('the week', () => {
  it('goes on after midnight, also from Sunday to Monday, and joins what touches', () => {
    const week = weekOf([
      { days: [6], fromMinute: 1_200, untilMinute: 360 },
      { days: [0], fromMinute: 360, untilMinute: 600 },
      { days: [2], fromMinute: 0, untilMinute: 0 },
    ]);
    expect(week[6]).toEqual([{ from: 1_200, until: 1_440 }]);
    expect(week[0]).toEqual([{ from: 0, until: 600 }]);
    expect(week[2]).toEqual([{ from: 0, until: 1_440 }]);
    expect(week[1]).toEqual([]);
  });
});

describe('history', () => {
  const point = (atMs: number, tempC: number | null) => ({
    atMs,
    utilPct: null,
    vramUsedMib: null,
    tempC,
    powerW: null,
  });
  it('stands evenly, with gaps where nothing was read', () => {
    const nowMs = 200 * 30_000 + 5_000;
    const values = evenly([point(198 * 30_000, 40), point(200 * 30_000, 50)], 'tempC', 'hour', nowMs);
    expect(values).toHaveLength(120);
    expect(values.slice(-3)).toEqual([40, null, 50]);
    expect(rangeOf(values)).toEqual({ least: 40, most: 50 });
    expect(rangeOf([null])).toBeNull();
  });
  it('joins several GPUs: mean load, sums of memory and power, the hottest temperature', () => {
    const gpu = {
      id: 'a',
      vendor: 'nvidia',
      model: 'm',
      driver: null,
      vramTotalMib: 100,
      vramUsedMib: 10,
      utilPct: 50,
      tempC: 60,
      powerW: null,
      powerLimitW: null,
      tool: 'nvidia-smi',
      enabled: true,
    } as const;
    const nowMs = 200 * 30_000;
    const gauges = machineGauges(
      [gpu, { ...gpu, id: 'b', utilPct: 100, tempC: 70, vramUsedMib: null }],
      [[point(nowMs, 40)], [point(nowMs, 55)]],
      nowMs,
    );
    expect(gauges.map(({ key, now, top }) => [key, now, top])).toEqual([
      ['util', 75, 100],
      ['vram', 10, 200],
      ['temp', 70, 100],
      ['power', null, 0],
    ]);
    expect(gauges[2]?.values.at(-1)).toBe(55);
    expect(gauges[3]?.values.every((value) => value === null)).toBe(true);
  });
});
