/** Fiat is exact: sums of parts equal the whole up to the named rounding, and never a float. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyCost, fiatOf, picoOf, picoText, worthInCoin } from './fiat.ts';

describe('fiat', () => {
  it.each([
    [1_000_000_000n, 9, '0.25', '0.25'],
    [1n, 9, '0.25', '0.00000000025'],
    [-1_000_000_000n, 9, '3', '-3'],
    [1n, 18, '0.1', '0'],
    [-1n, 18, '0.1', '-0.000000000001'],
    [2_500_000n, 6, '1', '2.5'],
  ])('%s base units at %s decimals and %s are %s', (units, decimals, rate, text) => expect(picoText(fiatOf(units, decimals, picoOf(rate)))).toBe(text));
  it.each<[bigint, string, string, number, bigint | null]>([
    [10_000_000n, '3', '0.5', 9, 60_000_000n],
    [10_000_000n, '3', '1', 6, 30_000n],
    [1n, '0.1', '1', 6, 0n],
    [10_000_000n, '3', '0', 9, null],
  ])('%s mist at %s are worth base units of a coin at %s with %s decimals', (mist, sui, coin, decimals, worth) => expect(worthInCoin(mist, picoOf(sui), picoOf(coin), decimals)).toBe(worth));
  it('costs energy by the kilowatt-hour, rounded up', () => {
    expect(picoText(energyCost(1_000_000n, picoOf('0.3')))).toBe('0.3');
    expect(energyCost(1n, 1n)).toBe(1n);
    expect(energyCost(0n, picoOf('0.3'))).toBe(0n);
  });
  it('loses at most one trillionth a part when an amount is split', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(-(10n ** 12n), 10n ** 12n), { minLength: 1, maxLength: 20 }), fc.bigInt(0n, 10n ** 15n), (parts, rate) => {
        const whole = fiatOf(parts.reduce((sum, part) => sum + part, 0n), 9, rate);
        const summed = parts.reduce((sum, part) => sum + fiatOf(part, 9, rate), 0n);
        expect(whole - summed).toBeGreaterThanOrEqual(0n);
        expect(whole - summed).toBeLessThanOrEqual(BigInt(parts.length));
      }),
    );
  });
  it('refuses what is no amount', () => expect(() => picoOf('1e3')).toThrow(RangeError));
});
