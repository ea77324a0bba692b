/** Worked examples of protocol.md 5.4 and 5.7 and the conservation of money as a property. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  STACK_MONEY,
  attestorFee,
  attributeFee,
  claimSplit,
  claimSplitPerMillion,
  claimValuePerMillion,
  purchasePrice,
  purchasePricePerMillion,
  timeoutSlash,
  withdrawableFees,
} from './money.ts';
import { G1, G2 } from './contract.ts';
import { U64ArithmeticError, u64 } from './u64.ts';

const settings = { samplingConsensusChargePermille: 1_200n, crossValidationExtraNodesChargePermille: 12n };

describe('money of a stack (5.4)', () => {
  it('agrees with the worked sampling example', () => {
    expect(purchasePrice(100n, 1_000_000n, true, settings)).toBe(121_200_000n);
    const split = claimSplit({ price: 100n, numComputeUnits: 1_000_000n }, 950_000n, true, settings);
    expect(split).toEqual({ nodeFee: 114_000_000n, refund: 6_000_000n });
    expect(121_200_000n - split.nodeFee - split.refund).toBe(1_200_000n);
    expect(attestorFee(split.nodeFee, 1n)).toBe(114_000_000n);
  });
  it('charges the plain product without sampling', () => {
    expect(purchasePrice(7n, 1_000n, false, settings)).toBe(7_000n);
    expect(claimSplit({ price: 7n, numComputeUnits: 1_000n }, 0n, false, settings)).toEqual({
      nodeFee: 0n,
      refund: 7_000n,
    });
  });
  it('raises where the chain overflows', () => {
    expect(() => purchasePrice(18_446_744_073_710n, 1_000_000n, false, settings)).toThrow(U64ArithmeticError);
    const edge = u64.max / 1_212n;
    expect(purchasePrice(edge, 1n, true, settings)).toBe((edge * 1_212n) / 1_000n);
    expect(() => purchasePrice(edge + 1n, 1n, true, settings)).toThrow(U64ArithmeticError);
    expect(() => attestorFee(5n, 0n)).toThrow(U64ArithmeticError);
  });
  it('never pays out more than was paid in', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 6n),
        fc.bigInt(1n, 10n ** 9n),
        fc.boolean(),
        fc.bigInt(0n, 1_000n),
        (price, units, sc, share) => {
          const claimed = (units * share) / 1_000n;
          const { nodeFee, refund } = claimSplit({ price, numComputeUnits: units }, claimed, sc, settings);
          expect(nodeFee + refund <= purchasePrice(price, units, sc, settings)).toBe(true);
        },
      ),
    );
  });
});

describe('money of a G2 stack (5.4)', () => {
  const million = 1_000_000n;
  it('agrees with the worked sampling example', () => {
    expect(purchasePricePerMillion(10_000_000n, million, true, settings)).toBe(12_120_000n);
    expect(claimSplitPerMillion({ price: 10_000_000n, numComputeUnits: million }, 950_001n, true, settings)).toEqual({
      nodeFee: 11_400_012n,
      refund: 599_988n,
    });
  });
  it('leaves the worked example of dust in the treasury', () => {
    expect(purchasePricePerMillion(7n, million, false, settings)).toBe(7n);
    const split = claimSplitPerMillion({ price: 7n, numComputeUnits: million }, 500_000n, false, settings);
    expect(split).toEqual({ nodeFee: 3n, refund: 3n });
  });
  it('rounds before it adds the surcharge at the purchase', () => {
    expect(purchasePricePerMillion(1_999_999n, 1n, true, settings)).toBe(1n);
    expect(purchasePricePerMillion(999n, 1_000n, true, settings)).toBe(0n);
  });
  it('sells at prices that can never be claimed in full', () => {
    const [most, tooMuch] = [15_372_286_728n, 15_372_286_729n];
    expect(claimValuePerMillion(most, million, true, settings)).toBe((most * million * 1_200n) / 10n ** 9n);
    expect(purchasePricePerMillion(tooMuch, million, true, settings)).toBe((tooMuch * 1_212n) / 1_000n);
    expect(() => claimValuePerMillion(tooMuch, million, true, settings)).toThrow(U64ArithmeticError);
    expect(() => purchasePricePerMillion(u64.max / million + 1n, million, false, settings)).toThrow(U64ArithmeticError);
  });
  it('is what the table of the generations says', () => {
    const stack = { price: 7n, numComputeUnits: million };
    expect(STACK_MONEY.G2.purchasePrice(7n, million, false, settings)).toBe(7n);
    expect(STACK_MONEY.G1.purchasePrice(7n, million, false, settings)).toBe(7_000_000n);
    expect(STACK_MONEY.G2.claimSplit(stack, 1n, false, settings).refund).toBe(6n);
    expect(STACK_MONEY.G1.claimSplit(stack, 1n, false, settings).refund).toBe(6_999_993n);
  });
  it('never pays out more than the units are worth', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 9n),
        fc.bigInt(1n, million),
        fc.bigInt(0n, 1_000n),
        fc.boolean(),
        (price, units, share, sampling) => {
          const claimed = (units * share) / 1_000n;
          const split = claimSplitPerMillion({ price, numComputeUnits: units }, claimed, sampling, settings);
          const whole = claimValuePerMillion(price, units, sampling, settings);
          expect(split.nodeFee + split.refund <= whole).toBe(true);
          expect(whole - split.nodeFee - split.refund <= 1n).toBe(true);
        },
      ),
    );
  });
});

describe('slashing (5.7)', () => {
  it('rounds up', () => {
    expect([timeoutSlash(1_001n, 100n), timeoutSlash(9n, 100n), timeoutSlash(0n, 100n)]).toEqual([101n, 1n, 0n]);
    let collateral = 1_000n;
    const left = [1, 2, 3].map(() => (collateral -= timeoutSlash(collateral, 100n)));
    expect(left).toEqual([900n, 810n, 729n]);
  });
});

describe('epoch-locked fees (5.3)', () => {
  it('adds within an epoch, rolls over at the next', () => {
    const start = { lastFeeEpoch: 3n, lastFeeEpochAmount: 10n, availableFeeAmount: 5n };
    expect(attributeFee(start, 7n, 3n)).toEqual({ lastFeeEpoch: 3n, lastFeeEpochAmount: 17n, availableFeeAmount: 5n });
    expect(attributeFee(start, 7n, 4n)).toEqual({ lastFeeEpoch: 4n, lastFeeEpochAmount: 7n, availableFeeAmount: 15n });
    expect(withdrawableFees(start, 3n)).toEqual({ free: 5n, locked: 10n });
    expect(withdrawableFees(start, 4n)).toEqual({ free: 15n, locked: 0n });
  });
});

describe('guards', () => {
  const price = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const units = fc.bigInt({ min: 1n, max: 10n ** 9n });
  it('names the price of protocol.md 5.4 above which a G2 stack of a million cannot be claimed in full', () => {
    expect(G2.money.highestPrice(1_000_000n, true, settings)).toBe(15_372_286_728n);
  });
  it.each([G1, G2])(
    '$generation: what the guard lets through can be bought and claimed, the next price cannot',
    ({ money }) => {
      const possible = (p: bigint, u: bigint, sampling: boolean): boolean => {
        try {
          money.purchasePrice(p, u, sampling, settings);
          money.claimValue(p, u, sampling, settings);
          return true;
        } catch {
          return false;
        }
      };
      fc.assert(
        fc.property(units, fc.boolean(), (u, sampling) => {
          const highest = money.highestPrice(u, sampling, settings);
          expect([possible(highest, u, sampling), possible(highest + 1n, u, sampling)]).toEqual([true, false]);
        }),
      );
    },
  );
  it.each([G1, G2])('$generation: most units is the last that can be claimed', ({ money }) => {
    fc.assert(
      fc.property(price, fc.boolean(), (p, sampling) => {
        fc.pre(p > 0n);
        const most = money.mostUnits(p, sampling, settings);
        expect(() => money.claimValue(p, most, sampling, settings)).not.toThrow();
        expect(() => money.claimValue(p, most + 1n, sampling, settings)).toThrow();
      }),
    );
  });
});
