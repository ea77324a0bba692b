/** Amounts are bigint base units everywhere; this is their one codec to JSON and their one exact formatter (product.md, "Rules"). */
import { z } from 'zod';

/** JSON text of a whole non-negative number ↔ bigint; amounts, units and ids cross every boundary so. */
export const bigintText = z.codec(z.string().regex(/^(0|[1-9]\d{0,38})$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** As {@link bigintText}, also below zero (net results). */
export const signedBigintText = z.codec(z.string().regex(/^(0|-?[1-9]\d{0,38})$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** A coin as the network profile names it. */
export const coinSchema = z.object({
  type: z.string().min(5),
  symbol: z.string().min(1).max(12),
  decimals: z.number().int().min(0).max(18),
});
export type Coin = z.infer<typeof coinSchema>;

/** SUI, the coin gas is paid in; its base unit is MIST. */
export const suiCoin: Coin = {
  type: '0x0000000000000000000000000000000000000000000000000000000000000002::sui::SUI',
  symbol: 'SUI',
  decimals: 9,
};

/** Exact decimal text of base units, without grouping: 1204000000 at 9 decimals is "1.204". */
export function decimalText(baseUnits: bigint, decimals: number): string {
  const digits = (baseUnits < 0n ? -baseUnits : baseUnits).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${baseUnits < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Reads decimal text ("1.204") into base units; null when it is not a number, is negative, or has too many decimals. */
export function parseDecimal(text: string, decimals: number): bigint | null {
  const match = /^(\d{1,30})(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return null;
  const fraction = match[2] ?? '';
  if (fraction.length > decimals) return null;
  return BigInt((match[1] ?? '0') + fraction.padEnd(decimals, '0'));
}
