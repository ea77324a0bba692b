/** Amounts are exact in the card, never shown larger than they are, and follow the locale. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalText, parseDecimal } from '../../src-shared/domain/amounts.ts';
import { amountSentence, baseUnitsText, countText, formatUnits, totalOf } from './amount.ts';

const coin = { type: '0x1::toma::TOMA', symbol: 'TOMA', decimals: 9 };
const plain = (text: string): string => text.replaceAll(',', '').replace('−', '-');
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('formatUnits', () => {
  it.each([
    [0n, 9, '0', false],
    [1_204_000_000n, 9, '1.204', false],
    [1_000_000_000_000n, 9, '1,000', false],
    [1_234_567_891_234n, 9, '1,234.5678', true],
    [200_000n, 9, '0.0002', false],
    [123_456n, 9, '0.0001234', true],
    [1n, 9, '0.000000001', false],
    [-1_500_000_000n, 9, '−1.5', false],
    [1_000_090_000n, 9, '1', true],
    [42n, 0, '42', false],
  ])('%d at %d decimals is %s', (units, decimals, figure, shortened) => {
    expect(formatUnits(units, decimals, 'en')).toMatchObject({ figure, shortened });
  });
  it('writes in the locale', () => {
    expect(formatUnits(1_234_567_800_000n, 9, 'de').figure).toBe('1.234,5678');
  });
  it('keeps every digit in the exact text', () => {
    fc.assert(
      fc.property(u64, fc.integer({ min: 0, max: 18 }), (units, decimals) => {
        expect(plain(formatUnits(units, decimals, 'en').exact)).toBe(decimalText(units, decimals));
      }),
    );
  });
  it('never shows more than there is, and says when it shows less', () => {
    fc.assert(
      fc.property(u64, fc.integer({ min: 0, max: 18 }), (units, decimals) => {
        const { figure, shortened } = formatUnits(units, decimals, 'en');
        const shown = parseDecimal(plain(figure), decimals);
        expect(shown).not.toBeNull();
        expect(shown! <= units).toBe(true);
        expect(shown === units).toBe(!shortened);
        if (units > 0n) expect(shown! > 0n).toBe(true);
      }),
    );
  });
});

describe('text around amounts', () => {
  it('names the coin', () => expect(amountSentence(1_204_000_000n, coin, 'en')).toBe('1.204 TOMA'));
  it('groups base units exactly', () => expect(baseUnitsText(2n ** 64n - 1n, 'en')).toBe('18,446,744,073,709,551,615'));
  it('counts', () =>
    expect([countText(1234, 'en'), countText(10n ** 18n, 'en')]).toEqual(['1,234', '1,000,000,000,000,000,000']));
  it('adds without loss', () => {
    fc.assert(
      fc.property(fc.array(u64), (amounts) => {
        expect(totalOf(amounts)).toBe(amounts.reduce((a, b) => a + b, 0n));
        expect(totalOf([...amounts].reverse())).toBe(totalOf(amounts));
      }),
    );
    expect(totalOf([2n ** 63n, 2n ** 63n, 1n])).toBe(2n ** 64n + 1n);
  });
});
