/** Base units to text: exact in the card, shortened towards zero on the surface, grouped by locale (product.md, "Rules"). */
import { decimalText } from '../../src-shared/domain/amounts.ts';
import type { Coin } from '../../src-shared/domain/amounts.ts';
import { numberFormat } from './formatters.ts';

/** An amount for display. */
export type AmountText = {
  /** Shortened figure in the locale's writing. */
  figure: string;
  /** Every digit, in the locale's writing. */
  exact: string;
  /** True when `figure` shows fewer digits than there are. */
  shortened: boolean;
};

/** Fraction digits worth showing: four, or four after the leading zeros of an amount below one. */
function keptDigits(whole: string, fraction: string): string {
  if (whole !== '0') return fraction.slice(0, 4);
  const zeros = /^0*/.exec(fraction)?.[0].length ?? 0;
  return fraction.slice(0, zeros + 4);
}

function separatorOf(locale: string | undefined): string {
  return (
    numberFormat(locale)
      .formatToParts(1.5)
      .find((part) => part.type === 'decimal')?.value ?? '.'
  );
}

/** Digits of the locale for plain decimal text (whole and fraction given apart). */
function localText(negative: boolean, whole: string, fraction: string, locale: string | undefined): string {
  const wholeText = numberFormat(locale).format(BigInt(whole));
  const digits = numberFormat(locale, { useGrouping: false });
  const fractionText = [...fraction].map((digit) => digits.format(Number(digit))).join('');
  return `${negative ? '−' : ''}${wholeText}${fraction === '' ? '' : separatorOf(locale) + fractionText}`;
}

/** Base units of a coin with that many decimals as text; never rounded up, so nobody is shown more than there is. */
export function formatUnits(baseUnits: bigint, decimals: number, locale?: string): AmountText {
  const text = decimalText(baseUnits, decimals);
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const kept = keptDigits(whole, fraction).replace(/0+$/, '');
  return {
    figure: localText(negative, whole, kept, locale),
    exact: localText(negative, whole, fraction, locale),
    shortened: kept !== fraction,
  };
}

/** Amount with its coin, for sentences: "1.204 TOMA". */
export const amountSentence = (baseUnits: bigint, coin: Coin, locale?: string): string =>
  `${formatUnits(baseUnits, coin.decimals, locale).figure} ${coin.symbol}`;

/** Base units themselves, grouped, for the card. */
export const baseUnitsText = (baseUnits: bigint, locale?: string): string => numberFormat(locale).format(baseUnits);

/** Whole numbers, also bigint, grouped by locale. */
export const countText = (value: number | bigint, locale?: string): string =>
  numberFormat(locale, { maximumFractionDigits: 0 }).format(value);

/** Sum of amounts; exact. */
export const totalOf = (amounts: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
};
