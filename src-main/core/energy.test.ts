/** Stretches are cut at midnight and at the bands without loss; energy and cost follow the watts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byBand, byDay, energyOf, milliwattHours, type Calendar } from './energy.ts';
import { picoText } from './fiat.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Days of 24 hours; the zone is no part of the rule. */
const calendar: Calendar = {
  dayStart: (atMs) => Math.floor(atMs / day) * day,
  minuteOf: (dayMs, minute) => dayMs + minute * 60_000,
  nextDay: (dayMs) => dayMs + day,
};
const night = [{ fromMinute: 6 * 60, perKwh: '0.40' }, { fromMinute: 22 * 60, perKwh: '0.20' }];
const power = { psuLossPercent: 0, bands: night };
const drawing = { milliwatts: 500_000, measured: 0 };

describe('energy', () => {
  it.each([
    ['an hour by day', 12 * hour, 13 * hour, 500_000n, '0.2'],
    ['an hour at night', 23 * hour, 24 * hour, 500_000n, '0.1'],
    ['the last band holds until the first', 1 * hour, 2 * hour, 500_000n, '0.1'],
    ['over a change of band', 21 * hour, 23 * hour, 1_000_000n, '0.3'],
    ['over midnight', 23 * hour, 25 * hour, 1_000_000n, '0.2'],
  ])('%s', (_, fromMs, untilMs, energy, cost) => {
    const found = energyOf([{ fromMs, untilMs, ...drawing }], power, calendar);
    expect(found?.milliwattHours).toBe(energy);
    expect(picoText(found?.cost ?? -1n)).toBe(cost);
  });
  it('adds what the power supply loses', () => expect(milliwattHours(hour, 90_000, 10)).toBe(100_000n));
  it('knows no cost without a tariff', () => expect(energyOf([{ fromMs: 0, untilMs: hour, ...drawing }], { ...power, bands: [] }, calendar)).toMatchObject({ milliwattHours: 500_000n, cost: null }));
  it('is not known where a power is not', () => expect(energyOf([{ fromMs: 0, untilMs: hour, ...drawing }, { fromMs: hour, untilMs: 2 * hour, milliwatts: null, measured: 0 }], power, calendar)).toBeNull());
  it('tells the part that was measured', () => expect(energyOf([{ fromMs: 0, untilMs: hour, milliwatts: 400_000, measured: 1 }, { fromMs: hour, untilMs: 2 * hour, milliwatts: 200_000, measured: 0.25 }], power, calendar)).toMatchObject({ milliwattHours: 600_000n, measured: 450_000n }));
  it('cuts without gap or overlap', () => {
    const band = fc.record({ fromMinute: fc.integer({ min: 0, max: 1_439 }), perKwh: fc.constant('1') });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 * day }), fc.integer({ min: 1, max: 3 * day }), fc.uniqueArray(band, { minLength: 1, maxLength: 5, selector: (one) => one.fromMinute }), (fromMs, length, bands) => {
        const sorted = [...bands].sort((a, b) => a.fromMinute - b.fromMinute);
        const parts = byDay({ fromMs, untilMs: fromMs + length }, calendar).flatMap((part) => byBand(part, sorted, calendar));
        let at = fromMs;
        for (const { stretch } of parts) {
          expect(stretch.fromMs).toBe(at);
          at = stretch.untilMs;
        }
        expect(at).toBe(fromMs + length);
      }),
    );
  });
});
