/** Totals on screen add up, however the rows are grouped; unknown parts make a sum unknown. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EconomicsRow } from '../../../src-shared/bridge/economics.ts';
import { totalOf } from '../../format/amount.ts';
import { fiatSum } from '../../format/fiat.ts';
import { byDay, byTask, energySource, sumRows } from './group-rows.ts';

const row = fc.record({
  dayMs: fc.integer({ min: 1, max: 4 }),
  taskSmallId: fc.option(fc.bigInt(1n, 3n)),
  gross: fc.bigInt(0n, 10n ** 18n),
  computeUnits: fc.bigInt(0n, 10n ** 9n),
  gasMist: fc.bigInt(-(10n ** 9n), 10n ** 12n),
  wattHours: fc.constant(1.5),
  wattHoursMeasured: fc.constant(0.5),
  grossFiat: fc.constantFrom('0.1', '12.000000000001', '0'),
  gasFiat: fc.constantFrom('0.2', '-0.3'),
  electricity: fc.constant('0.01'),
  net: fc.constantFrom('0.5', '-0.7'),
});

describe('groups', () => {
  it('add up to the whole, by day as by task', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows: EconomicsRow[]) => {
        const whole = sumRows('all', rows);
        for (const groups of [byDay(rows), byTask(rows)]) {
          expect(totalOf(groups.map((group) => group.gross))).toBe(whole.gross);
          expect(totalOf(groups.map((group) => group.gasMist))).toBe(whole.gasMist);
          expect(fiatSum(groups.map((group) => group.net))).toBe(whole.net);
          expect(fiatSum(groups.map((group) => group.grossFiat))).toBe(whole.grossFiat);
        }
      }),
    );
  });
  it('is unknown where a part is', () => {
    const known: EconomicsRow = {
      dayMs: 1,
      taskSmallId: 1n,
      gross: 1n,
      computeUnits: 1n,
      gasMist: 1n,
      wattHours: 1,
      wattHoursMeasured: 0.25,
      grossFiat: '1',
      gasFiat: '1',
      electricity: '1',
      net: '1',
    };
    const sum = sumRows(0, [known, { ...known, net: null, wattHours: null }]);
    expect(sum).toMatchObject({ net: null, wattHours: null, source: null, grossFiat: '2' });
  });
  it.each([
    [0, 0, 'estimated'],
    [8, 0, 'estimated'],
    [8, 2, 'partly'],
    [8, 7.99, 'measured'],
    [8, 8, 'measured'],
  ] as const)('of %d Wh, %d measured: %s', (wattHours, wattHoursMeasured, source) =>
    expect(energySource(wattHours, wattHoursMeasured)).toBe(source),
  );
  it('puts what belongs to no task last, and the newest day first', () => {
    const one = {
      gross: 0n,
      computeUnits: 0n,
      gasMist: 0n,
      wattHours: 0,
      wattHoursMeasured: 0,
      grossFiat: '0',
      gasFiat: '0',
      electricity: '0',
      net: '0',
    };
    const rows = [
      { ...one, dayMs: 1, taskSmallId: null },
      { ...one, dayMs: 2, taskSmallId: 2n },
    ];
    expect(byTask(rows).map((group) => group.key)).toEqual([2n, null]);
    expect(byDay(rows).map((group) => group.key)).toEqual([2, 1]);
  });
});
