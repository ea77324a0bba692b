/** Fiat is summed exactly, unknown stays unknown, and small amounts are not shown as nothing. */
import { describe, expect, it } from 'vitest';
import { fiatSum, fiatText, isLoss } from './fiat.ts';

describe('fiat', () => {
  it.each([
    [['0.1', '0.2'], '0.3'],
    [['1', '-0.000000000001'], '0.999999999999'],
    [[], '0'],
    [['1', null], null],
  ])('sums %j', (amounts, sum) => expect(fiatSum(amounts)).toBe(sum));
  it.each([
    ['1234.5', 'en', '€1,234.50'],
    ['0.000123', 'en', '€0.000123'],
    ['-0.5', 'en', '−€0.50'],
    ['0', 'en', '€0.00'],
    ['1234.5', 'de', '1.234,50\u00a0€'],
  ])('%s in %s', (amount, locale, text) => expect(fiatText(amount, 'EUR', locale)).toBe(text));
  it('tells a loss', () => expect([isLoss('-1'), isLoss('1')]).toEqual([true, false]));
});
