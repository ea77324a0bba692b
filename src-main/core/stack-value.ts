/** What units of a stack are worth by the generation's formula, with an overflow told as a value (protocol.md 5.4). */
import { U64ArithmeticError, attestorFee, type ChargeSettings, type Contract } from '../../src-shared/atoma/index.ts';

/** What of a stack decides its value. `price` in base units per {@link AtomaConstants.priceUnit} compute units. */
export type PricedStack = { readonly price: bigint; readonly numComputeUnits: bigint; readonly samplingConsensus: boolean };
type Money = Pick<Contract, 'money'>;

/** Worth of `units` at the claim in base units; null where the chain's 64-bit arithmetic overflows, so that it could never be claimed. */
export function unitsValue(stack: Omit<PricedStack, 'numComputeUnits'>, units: bigint, { money }: Money, settings: ChargeSettings): bigint | null {
  return orNull(() => money.claimValue(stack.price, units, stack.samplingConsensus, settings));
}

/** What one claim takes from the treasury: the node's fee for `claimedUnits` and the buyer's refund for the rest; null on overflow. */
export function treasuryCost(stack: PricedStack, claimedUnits: bigint, contract: Money, settings: ChargeSettings): bigint | null {
  const fee = unitsValue(stack, claimedUnits, contract, settings);
  const refund = unitsValue(stack, stack.numComputeUnits - claimedUnits, contract, settings);
  return fee === null || refund === null ? null : fee + refund;
}

/** A settlement ticket, as far as its claim depends on it. */
export type ClaimedTicket = { readonly claimedUnits: bigint; readonly requestedNodes: readonly bigint[]; readonly attestedNodes: readonly bigint[] };

/**
 * What a claim by `nodeSmallId` takes from the treasury at once: fee and refund, and where the node was drawn for its own stack and answered,
 * also its credit, because `claim_funds` ends with `withdraw_fees` (protocol.md 2.3, 5.4, 5.5). Null on overflow.
 */
export function claimCost(stack: PricedStack, ticket: ClaimedTicket, nodeSmallId: bigint, contract: Money, settings: ChargeSettings & { readonly crossValidationExtraNodesCount: bigint }): bigint | null {
  const cost = treasuryCost(stack, ticket.claimedUnits, contract, settings);
  const fee = unitsValue(stack, ticket.claimedUnits, contract, settings);
  const places = ticket.attestedNodes.includes(nodeSmallId) ? ticket.requestedNodes.filter((node) => node === nodeSmallId).length : 0;
  if (cost === null || fee === null || places === 0 || settings.crossValidationExtraNodesCount === 0n) return cost;
  return cost + BigInt(places) * attestorFee(fee, settings.crossValidationExtraNodesCount);
}

function orNull(compute: () => bigint): bigint | null {
  try {
    return compute();
  } catch (caught) {
    if (caught instanceof U64ArithmeticError) return null;
    throw caught;
  }
}
