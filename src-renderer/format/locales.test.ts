/** Numbers, amounts, currencies, dates and ages are written as each locale writes them, and always mean the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalText } from '../../src-shared/domain/amounts.ts';
import { countText, formatUnits } from './amount.ts';
import { fiatText } from './fiat.ts';
import { sizeText } from './quantity.ts';
import { agoText, dateTimeText, dayText, durationText } from './time.ts';

const locales = ['en', 'en-IN', 'de', 'de-CH', 'fr', 'pl', 'ja', 'ar-EG', 'fa', 'hi'] as const;
const atMs = Date.UTC(2026, 10, 21, 12, 5, 9);

/** Plain decimal text again, from the digits and the decimal sign of a locale. */
function readBack(text: string, locale: string): string {
  const digits = [...new Intl.NumberFormat(locale, { useGrouping: false }).format(9876543210n)].reverse();
  const decimal = new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value;
  return [...text]
    .map((sign) =>
      sign === decimal ? '.' : sign === '−' ? '-' : digits.includes(sign) ? String(digits.indexOf(sign)) : '',
    )
    .join('');
}

describe.each(locales)('in %s', (locale) => {
  it('an exact amount can be read back to the last base unit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
        fc.integer({ min: 0, max: 18 }),
        (units, decimals) => {
          expect(readBack(formatUnits(units, decimals, locale).exact, locale)).toBe(decimalText(units, decimals));
        },
      ),
    );
  });
  it('a count is as the platform writes it', () =>
    expect(countText(1_234_567n, locale)).toBe(new Intl.NumberFormat(locale).format(1_234_567)));
  it('times, sizes and currencies are not those of another language', () => {
    const shown = [
      dateTimeText(atMs, locale),
      dayText(atMs, locale),
      durationText(3_725_000, locale),
      agoText(atMs, atMs + 120_000, locale),
      sizeText(5_300_000, locale),
    ];
    expect(shown.every((text) => text !== '' && !text.includes('undefined'))).toBe(true);
    expect(fiatText('1234.5', 'EUR', locale)).toBe(
      new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }).format(1234.5),
    );
  });
});

describe('writings that differ', () => {
  it.each([
    ['en', '1,234.5', '€1,234.50'],
    ['de', '1.234,5', '1.234,50 €'],
    ['fr', '1 234,5', '1 234,50 €'],
    ['en-IN', '1,234.5', '€1,234.50'],
    ['ar-EG', '١٬٢٣٤٫٥', '‏١٬٢٣٤٫٥٠ €'],
  ])('%s writes %s and %s', (locale, figure, fiat) => {
    expect(formatUnits(1_234_500_000_000n, 9, locale).figure.replace(/[\u00a0\u202f]/g, ' ')).toBe(figure);
    expect(fiatText('1234.5', 'EUR', locale).replace(/[\u00a0\u202f]/g, ' ')).toBe(fiat);
  });
});
