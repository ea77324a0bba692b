/** A sweep never touches the reserve, never pays its gas out of it, and leaves nothing else behind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sweepAmount } from './sweep.ts';

const units = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('sweepAmount', () => {
  it('adds up: what is sent, kept and set aside for gas is the balance', () => {
    fc.assert(
      fc.property(units, units, fc.option(units, { nil: null }), (balance, keep, transactionMist) => {
        const amount = sweepAmount({ balance, keep, transactionMist });
        if (amount === null) expect(balance <= keep + (transactionMist ?? 0n)).toBe(true);
        else expect(amount + keep + (transactionMist ?? 0n)).toBe(balance);
      }),
    );
  });
  it.each([
    [{ balance: 5n, keep: 5n, transactionMist: null }, null],
    [{ balance: 6n, keep: 5n, transactionMist: null }, 1n],
    [{ balance: 6n, keep: 5n, transactionMist: 1n }, null],
    [{ balance: 0n, keep: 0n, transactionMist: null }, null],
  ])('case %#', (sweep, amount) => expect(sweepAmount(sweep)).toBe(amount));
});
