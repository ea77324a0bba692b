/** A send takes enough coins, no coin twice, and never pretends to have more. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors.ts';
import { buildTransfer, coinsCovering } from './transfer.ts';

const id = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`;
const to = id(255);
const wallet = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 18n }), { maxLength: 12 })
  .map((balances) => balances.map((balance, index) => ({ objectId: id(index + 1), balance: balance.toString() })));

describe('coinsCovering', () => {
  it('covers the amount with distinct coins and no needless one, or refuses', () => {
    fc.assert(
      fc.property(wallet, fc.bigInt({ min: 1n, max: 10n ** 18n }), (coins, amount) => {
        const have = coins.reduce((sum, coin) => sum + BigInt(coin.balance), 0n);
        if (have < amount) {
          expect(() => coinsCovering(coins, amount, 'TOMA')).toThrow(AppError);
          return;
        }
        const taken = coinsCovering(coins, amount, 'TOMA');
        const sum = taken.reduce((total, coin) => total + BigInt(coin.balance), 0n);
        expect(sum >= amount).toBe(true);
        expect(sum - BigInt(taken.at(-1)?.balance ?? '0') < amount).toBe(true);
        expect(new Set(taken.map((coin) => coin.objectId)).size).toBe(taken.length);
      }),
    );
  });
});

describe('buildTransfer', () => {
  it.each([
    [null, ['SplitCoins', 'TransferObjects']],
    [[{ objectId: id(1), balance: '10' }], ['SplitCoins', 'TransferObjects']],
    [
      [
        { objectId: id(1), balance: '4' },
        { objectId: id(2), balance: '4' },
      ],
      ['MergeCoins', 'SplitCoins', 'TransferObjects'],
    ],
  ])('from %j', (coins, commands) => {
    expect(
      buildTransfer({ amount: 5n, to, coins, symbol: 'TOMA' })
        .getData()
        .commands.map((command) => command.$kind),
    ).toEqual(commands);
  });
});
