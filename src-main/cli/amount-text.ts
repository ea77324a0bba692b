/** Amounts and tables for people; programs read the JSON (design: base units are always shown beside the figure). */
import { decimalText, suiCoin, type Coin } from '../../src-shared/domain/amounts.ts';

/** `0.1204 TOMA`. */
export const amountText = (baseUnits: bigint, coin: Coin): string => `${decimalText(baseUnits, coin.decimals)} ${coin.symbol}`;

/** `0.1204 TOMA (120400000 base units)`; an unknown amount is never 0. */
export const exactText = (baseUnits: bigint | null, coin: Coin): string =>
  baseUnits === null ? 'unknown' : `${amountText(baseUnits, coin)} (${baseUnits} ${coin.type === suiCoin.type ? 'MIST' : 'base units'})`;

/** Lines of a table, columns padded; `none` stands for an empty one. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[], none: string): string[] {
  if (rows.length === 0) return [none];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}
