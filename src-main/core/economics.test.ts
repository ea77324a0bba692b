/** Rows add up to what went in, whatever the days and tasks; unknown rates and watts stay unknown. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakEvenPrice, economicsRows, shareOut, type EconomicsFacts } from './economics.ts';
import { picoOf } from './fiat.ts';

const base: EconomicsFacts = {
  earned: [
    { dayMs: 1, taskSmallId: 1n, amount: 3_000_000_000n, computeUnits: 30n },
    { dayMs: 1, taskSmallId: 2n, amount: 1_000_000_000n, computeUnits: 10n },
  ],
  gas: [{ dayMs: 1, taskSmallId: 1n, gasMist: 2_000_000n }, { dayMs: 2, taskSmallId: null, gasMist: -500n }],
  busy: new Map([[1, { milliwattHours: 400_000n, measured: 100_000n, cost: picoOf('0.12') }]]),
  waiting: new Map([[1, { milliwattHours: 50_000n, measured: 50_000n, cost: picoOf('0.015') }]]),
  decimals: 9,
  rates: { coin: picoOf('0.5'), sui: picoOf('2') },
};

describe('economicsRows', () => {
  it('gives each task its share of the power, and the rest to none', () => {
    expect(economicsRows(base)).toEqual([
      { dayMs: 2, taskSmallId: null, gross: 0n, computeUnits: 0n, gasMist: -500n, wattHours: 0, wattHoursMeasured: 0, grossFiat: '0', gasFiat: '-0.000001', electricity: '0', net: '0.000001' },
      { dayMs: 1, taskSmallId: 1n, gross: 3_000_000_000n, computeUnits: 30n, gasMist: 2_000_000n, wattHours: 300, wattHoursMeasured: 75, grossFiat: '1.5', gasFiat: '0.004', electricity: '0.09', net: '1.406' },
      { dayMs: 1, taskSmallId: 2n, gross: 1_000_000_000n, computeUnits: 10n, gasMist: 0n, wattHours: 100, wattHoursMeasured: 25, grossFiat: '0.5', gasFiat: '0', electricity: '0.03', net: '0.47' },
      { dayMs: 1, taskSmallId: null, gross: 0n, computeUnits: 0n, gasMist: 0n, wattHours: 50, wattHoursMeasured: 50, grossFiat: '0', gasFiat: '0', electricity: '0.015', net: '-0.015' },
    ]);
  });
  it.each<[string, Partial<EconomicsFacts>, object]>([
    ['no rate of the coin', { rates: { ...base.rates, coin: null } }, { grossFiat: null, net: null, electricity: '0.09' }],
    ['no rate of SUI', { rates: { ...base.rates, sui: null } }, { gasFiat: null, net: null }],
    ['a day with power that is not known', { waiting: new Map([[1, null]]) }, { wattHours: null, wattHoursMeasured: null, electricity: null, net: null }],
    ['no watts', { busy: null }, { wattHours: null, electricity: null, net: null }],
    ['no tariff', { busy: new Map([[1, { milliwattHours: 400_000n, measured: 0n, cost: null }]]) }, { wattHours: 300, electricity: null, net: null }],
  ])('keeps unknown what needs it: %s', (_, change, expected) => {
    expect(economicsRows({ ...base, ...change }).find((row) => row.taskSmallId === 1n)).toMatchObject(expected);
  });
  it('adds up to the whole', () => {
    const dayMs = fc.integer({ min: 0, max: 5 });
    const earned = fc.array(fc.record({ dayMs, taskSmallId: fc.bigInt(1n, 4n), amount: fc.bigInt(0n, 10n ** 15n), computeUnits: fc.bigInt(0n, 10n ** 6n) }), { maxLength: 20 });
    const gas = fc.array(fc.record({ dayMs, taskSmallId: fc.option(fc.bigInt(1n, 4n)), gasMist: fc.bigInt(-1_000n, 10n ** 9n) }), { maxLength: 20 });
    const energy = fc.array(fc.tuple(dayMs, fc.record({ milliwattHours: fc.bigInt(1n, 10n ** 9n), measured: fc.constant(0n), cost: fc.bigInt(0n, 10n ** 12n) })), { maxLength: 6 });
    fc.assert(
      fc.property(earned, gas, energy, (work, paid, drawn) => {
        const busy = new Map(drawn);
        const rows = economicsRows({ ...base, earned: work, gas: paid, busy, waiting: new Map() });
        const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
        expect(sum(rows.map((row) => row.gross))).toBe(sum(work.map((one) => one.amount)));
        expect(sum(rows.map((row) => row.gasMist))).toBe(sum(paid.map((one) => one.gasMist)));
        const milliwattHours = rows.reduce((total, row) => total + Math.round((row.wattHours ?? Number.NaN) * 1_000), 0);
        expect(milliwattHours).toBe(Number(sum([...busy.values()].map((one) => one.milliwattHours))));
        expect(sum(rows.map((row) => picoOf((row.electricity ?? '-').replace('-', ''))))).toBe(sum([...busy.values()].map((one) => one.cost)));
      }),
    );
  });
});

describe('shareOut', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 9 }), (whole, weights) => {
        const total = shareOut(whole, weights).reduce((sum, share) => sum + share, 0n);
        expect(total).toBe(weights.some((weight) => weight > 0n) ? whole : 0n);
      }),
    );
  });
});

describe('breakEvenPrice', () => {
  const facts = { milliwattHoursPerHour: 400_000n, perKwh: picoOf('0.3'), unitsPerSecond: 100, perCoin: picoOf('0.5'), decimals: 9, priceUnit: 1n };
  it.each([
    // 0.4 kWh · 0.3 = 0.12 an hour over 360,000 units at 0.5 a coin of 10⁹ base units: 666.6… base units a unit.
    [facts, 667n],
    [{ ...facts, priceUnit: 1_000_000n }, 666_666_667n],
    [{ ...facts, unitsPerSecond: 0 }, null],
    [{ ...facts, perCoin: 0n }, null],
  ])('case %#', (given, price) => expect(breakEvenPrice(given)).toBe(price));
});
