/** Money of a stack to the integer in both generations, slash rounding and the fee lock of a node entry (protocol.md 5.3, 5.4, 5.7). */
import { G2_CONSTANTS } from './constants.ts';
import type { Generation } from './generation.ts';
import { u64 } from './u64.ts';

/** Live settings of the database that enter the arithmetic; shares in permille. */
export interface ChargeSettings {
  readonly samplingConsensusChargePermille: bigint;
  readonly crossValidationExtraNodesChargePermille: bigint;
}

const withSurcharge = (plain: bigint, settings: ChargeSettings): bigint => {
  const charge = u64.add(settings.samplingConsensusChargePermille, settings.crossValidationExtraNodesChargePermille);
  return u64.div(u64.mul(plain, charge), 1_000n);
};

/** What the buyer pays in G1: `p·u`, with sampling consensus `⌊p·u·(c + x)/1000⌋`. Raises U64ArithmeticError where the chain would. */
export const purchasePrice = (
  price: bigint,
  units: bigint,
  samplingConsensus: boolean,
  settings: ChargeSettings,
): bigint => {
  const plain = u64.mul(price, units);
  return samplingConsensus ? withSurcharge(plain, settings) : plain;
};

/** What the buyer pays in G2, `p` per million: `t = ⌊p·u/10⁶⌋`, with sampling consensus `⌊t·(c + x)/1000⌋`. Raises U64ArithmeticError where the chain would. */
export const purchasePricePerMillion = (
  price: bigint,
  units: bigint,
  samplingConsensus: boolean,
  settings: ChargeSettings,
): bigint => {
  const plain = u64.div(u64.mul(price, units), G2_CONSTANTS.priceUnit);
  return samplingConsensus ? withSurcharge(plain, settings) : plain;
};

/** What units are worth at a G1 claim, for the node (claimed units) and as refund (the rest): `k·p`, with sampling consensus `⌊k·p·c/1000⌋`. */
export const claimValue = (
  price: bigint,
  units: bigint,
  samplingConsensus: boolean,
  settings: ChargeSettings,
): bigint => {
  const plain = u64.mul(units, price);
  return samplingConsensus ? u64.div(u64.mul(plain, settings.samplingConsensusChargePermille), 1_000n) : plain;
};

/** What units are worth at a G2 claim: `⌊k·p/10⁶⌋`, with sampling consensus `⌊k·p·c/10⁹⌋`; the product of three must fit. */
export const claimValuePerMillion = (
  price: bigint,
  units: bigint,
  samplingConsensus: boolean,
  settings: ChargeSettings,
): bigint => {
  const plain = u64.mul(units, price);
  if (!samplingConsensus) return u64.div(plain, G2_CONSTANTS.priceUnit);
  return u64.div(u64.mul(plain, settings.samplingConsensusChargePermille), 1_000n * G2_CONSTANTS.priceUnit);
};

const splitBy =
  (value: typeof claimValue) =>
  (
    stack: { readonly price: bigint; readonly numComputeUnits: bigint },
    claimedUnits: bigint,
    samplingConsensus: boolean,
    settings: ChargeSettings,
  ): { readonly nodeFee: bigint; readonly refund: bigint } => ({
    nodeFee: value(stack.price, claimedUnits, samplingConsensus, settings),
    refund: value(stack.price, u64.sub(stack.numComputeUnits, claimedUnits), samplingConsensus, settings),
  });

/** Node fee and buyer's refund of one G1 claim. */
export const claimSplit = splitBy(claimValue);

/** Node fee and buyer's refund of one G2 claim; what both roundings lose stays in the treasury. */
export const claimSplitPerMillion = splitBy(claimValuePerMillion);

/** A stack's purchase and claim as the generation computes them. */
export const STACK_MONEY: Readonly<
  Record<Generation, { readonly purchasePrice: typeof purchasePrice; readonly claimSplit: typeof claimSplit }>
> = {
  G1: { purchasePrice, claimSplit },
  G2: { purchasePrice: purchasePricePerMillion, claimSplit: claimSplitPerMillion },
};

/** Credit of each place whose attestor answered: `⌊node fee / extra nodes⌋`. Raises U64ArithmeticError when the count is 0. */
export const attestorFee = (nodeFee: bigint, extraNodesCount: bigint): bigint => u64.div(nodeFee, extraNodesCount);

/** Slash of a silent attestor, rounded up: `⌈collateral·permille/1000⌉`. */
export const timeoutSlash = (collateral: bigint, permille: bigint): bigint => {
  const product = u64.mul(collateral, permille);
  return product / 1_000n + (product % 1_000n === 0n ? 0n : 1n);
};

/** The fee fields of a node entry. */
export interface FeeState {
  readonly lastFeeEpoch: bigint;
  readonly lastFeeEpochAmount: bigint;
  readonly availableFeeAmount: bigint;
}

/** Books a fee under the epoch lock; with amount 0 it only rolls an older epoch's amount over (protocol.md 5.3). */
export const attributeFee = (entry: FeeState, amount: bigint, epoch: bigint): FeeState =>
  entry.lastFeeEpoch === epoch
    ? { ...entry, lastFeeEpochAmount: u64.add(entry.lastFeeEpochAmount, amount) }
    : {
        lastFeeEpoch: epoch,
        lastFeeEpochAmount: amount,
        availableFeeAmount: u64.add(entry.availableFeeAmount, entry.lastFeeEpochAmount),
      };

/** What a withdrawal in `epoch` would pay, and what stays locked (protocol.md 4.2). */
export const withdrawableFees = (entry: FeeState, epoch: bigint): { readonly free: bigint; readonly locked: bigint } =>
  entry.lastFeeEpoch === epoch
    ? { free: entry.availableFeeAmount, locked: entry.lastFeeEpochAmount }
    : { free: u64.add(entry.availableFeeAmount, entry.lastFeeEpochAmount), locked: 0n };
