/** What units of a stack are worth; the one place that chooses a generation's money formula (protocol.md 5.4). */
import { U64ArithmeticError, claimValue, type ChargeSettings } from '../../src-shared/atoma/index.ts';

/** What of a stack decides its value. `price` in base units per compute unit (G1). */
export type PricedStack = { readonly price: bigint; readonly numComputeUnits: bigint; readonly samplingConsensus: boolean };

/** Worth of `units` at the claim in base units; null where the chain's 64-bit arithmetic overflows, so that it could never be claimed. */
export function unitsValue(stack: Omit<PricedStack, 'numComputeUnits'>, units: bigint, settings: ChargeSettings): bigint | null {
  return orNull(() => claimValue(stack.price, units, stack.samplingConsensus, settings));
}

/** What one claim takes from the treasury: the node's fee for `claimedUnits` and the buyer's refund for the rest; null on overflow. */
export function treasuryCost(stack: PricedStack, claimedUnits: bigint, settings: ChargeSettings): bigint | null {
  const fee = unitsValue(stack, claimedUnits, settings);
  const refund = unitsValue(stack, stack.numComputeUnits - claimedUnits, settings);
  return fee === null || refund === null ? null : fee + refund;
}

function orNull(compute: () => bigint): bigint | null {
  try {
    return compute();
  } catch (caught) {
    if (caught instanceof U64ArithmeticError) return null;
    throw caught;
  }
}
