/** A stack's money as each generation computes it, and the largest prices and claims that its 64-bit arithmetic can still pay (protocol.md 5.4). */
import { G1_CONSTANTS, G2_CONSTANTS } from './constants.ts';
import { STACK_MONEY, claimValue, claimValuePerMillion } from './money.ts';
import type { ChargeSettings } from './money.ts';
import { u64 } from './u64.ts';

/** The formulas of one generation. The first four raise U64ArithmeticError where the chain would abort. */
export interface StackMoney {
  readonly purchasePrice: typeof claimValue;
  readonly claimValue: typeof claimValue;
  readonly claimSplit: (typeof STACK_MONEY)['G1']['claimSplit'];
  /** Largest price at which `units` can be bought and afterwards claimed in full. */
  readonly highestPrice: (units: bigint, samplingConsensus: boolean, settings: ChargeSettings) => bigint;
  /** Most units that one product of a claim can hold at `price`: fee and refund must both stay within. */
  readonly mostUnits: (price: bigint, samplingConsensus: boolean, settings: ChargeSettings) => bigint;
}

const least = (...values: readonly bigint[]): bigint => values.reduce((low, value) => (value < low ? value : low));
/** Largest x with x·factor in 64 bits. */
const fits = (factor: bigint): bigint => (factor === 0n ? u64.max : u64.max / factor);

const moneyOf = (generation: 'G1' | 'G2', value: typeof claimValue, priceUnit: bigint): StackMoney => {
  const mostUnits: StackMoney['mostUnits'] = (price, samplingConsensus, settings) =>
    fits(price * (samplingConsensus ? settings.samplingConsensusChargePermille : 1n));
  return {
    ...STACK_MONEY[generation],
    claimValue: value,
    mostUnits,
    highestPrice: (units, samplingConsensus, settings) => {
      const { samplingConsensusChargePermille: charge, crossValidationExtraNodesChargePermille: extra } = settings;
      // p·u, at the claim p·u·c, and at the purchase ⌊p·u/unit⌋·(c + x) must all fit.
      if (!samplingConsensus) return fits(units);
      const highestPaid = (fits(charge + extra) + 1n) * priceUnit - 1n;
      return least(fits(units), fits(units * charge), units === 0n ? u64.max : highestPaid / units);
    },
  };
};

/** Formulas of G1: base units per compute unit. */
export const G1_MONEY: StackMoney = moneyOf('G1', claimValue, G1_CONSTANTS.priceUnit);
/** Formulas of G2: base units per million compute units. */
export const G2_MONEY: StackMoney = moneyOf('G2', claimValuePerMillion, G2_CONSTANTS.priceUnit);
