/** Exact fiat arithmetic: amounts are whole trillionths of the currency, so that nothing is rounded before the formatter (product.md, Economics). */
import { decimalText, parseDecimal, suiCoin } from '../../src-shared/domain/amounts.ts';

/** Digits behind the point of a fiat amount; one unit of `Pico` is 10⁻¹² of the currency. */
export const fiatDecimals = 12;

/** A fiat amount in trillionths. */
export type Pico = bigint;

/** Reads a decimal that the schema has checked. @throws RangeError for anything else */
export function picoOf(text: string): Pico {
  const value = parseDecimal(text, fiatDecimals);
  if (value === null) throw new RangeError(`${text} is no fiat amount`);
  return value;
}

/** As text, exact. */
export const picoText = (value: Pico): string => decimalText(value, fiatDecimals);

/** Rounds towards minus infinity, so that a cost is never understated and a gain never overstated. */
const floorDiv = (value: bigint, by: bigint): bigint => value / by - (value % by !== 0n && value < 0n ? 1n : 0n);

/** Value of base units at a price of one whole coin. */
export const fiatOf = (baseUnits: bigint, decimals: number, perCoin: Pico): Pico => floorDiv(baseUnits * perCoin, 10n ** BigInt(decimals));

/** Cost of energy in milliwatt-hours at a price per kilowatt-hour, rounded up. */
export const energyCost = (milliwattHours: bigint, perKwh: Pico): Pico => -floorDiv(-milliwattHours * perKwh, 1_000_000n);

/** What mist are worth in base units of a coin, when both have a price in one currency; rounded down. Null where the coin is worth nothing. */
export const worthInCoin = (mist: bigint, perSui: Pico, perCoin: Pico, decimals: number): bigint | null =>
  perCoin <= 0n ? null : floorDiv(mist * perSui * 10n ** BigInt(decimals), 10n ** BigInt(suiCoin.decimals) * perCoin);
