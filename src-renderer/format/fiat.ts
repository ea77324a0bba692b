/** Fiat amounts to text: exact decimal text in, the locale's writing of the currency out; sums are exact too (product.md, "Rules"). */
import { decimalText, parseDecimal } from '../../src-shared/domain/amounts.ts';
import { numberFormat } from './formatters.ts';

/** Digits of a fiat amount on the bridge. */
const fiatDecimals = 12;

const picoOf = (text: string): bigint => {
  const value = parseDecimal(text.replace(/^-/, ''), fiatDecimals) ?? 0n;
  return text.startsWith('-') ? -value : value;
};

/** Sum of amounts; null when one of them is not known. */
export function fiatSum(amounts: readonly (string | null)[]): string | null {
  let total = 0n;
  for (const amount of amounts) {
    if (amount === null) return null;
    total += picoOf(amount);
  }
  return decimalText(total, fiatDecimals);
}

/** True below zero. */
export const isLoss = (amount: string): boolean => amount.startsWith('-');

/** Amounts from here on are written with two decimals, smaller ones with three digits that say something. */
const wholeCents = 10n ** 11n;

/** An amount in the locale's writing of its currency. */
export function fiatText(amount: string, currency: string, locale?: string): string {
  const size = picoOf(amount);
  const isSmall = size !== 0n && size < wholeCents && size > -wholeCents;
  const format = numberFormat(locale, {
    style: 'currency',
    currency,
    ...(isSmall ? { maximumSignificantDigits: 3 } : {}),
  });
  // A string keeps every digit where a number would not.
  return format.format(amount as `${number}`).replace('-', '−');
}
