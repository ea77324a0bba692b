/** Checked arithmetic on 64-bit unsigned integers, as the Move machine does it: overflow and division by zero raise (protocol.md 2.6, 5.4). */

const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** A `u64` operation left the range 0 … 2⁶⁴−1 or divided by zero: on chain an arithmetic error, never a Move abort. */
export class U64ArithmeticError extends RangeError {
  override readonly name = 'U64ArithmeticError';
}

const inRange = (value: bigint, what: string): bigint => {
  if (value < 0n || value > U64_MAX) throw new U64ArithmeticError(`${what} leaves the 64-bit range`);
  return value;
};

/** Checked operations; each raises U64ArithmeticError where the chain would. Division floors. */
export const u64 = {
  max: U64_MAX,
  add: (a: bigint, b: bigint): bigint => inRange(a + b, 'sum'),
  sub: (a: bigint, b: bigint): bigint => inRange(a - b, 'difference'),
  mul: (a: bigint, b: bigint): bigint => inRange(a * b, 'product'),
  div: (a: bigint, b: bigint): bigint => {
    if (b === 0n) throw new U64ArithmeticError('division by zero');
    return a / b;
  },
} as const;
