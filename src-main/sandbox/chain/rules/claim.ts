/** Claiming settled stacks: pay the node, refund the buyer, credit or slash attestors, delete, then draw fees (protocol.md 2.3, 5.4, 5.7). */
import { attestorFee, timeoutSlash, u64 } from '../../../../src-shared/atoma/index.ts';
import { drawFees, payout } from './nodes.ts';
import { effect, entryOf, ensure, take } from './outcome.ts';
import type { Effect, Payout, RuleContext, RuleEvent } from './outcome.ts';
import { needsSampling } from './stacks.ts';
import { termsOf } from './terms.ts';
import { withEntry, withoutEntry } from './world.ts';
import type { TicketRecord, World } from './world.ts';

/** Credits every place whose node answered, slashes every place whose node did not; each place counts on its own (5.7). */
const rewardAttestors = (world: World, ticket: TicketRecord, nodeFee: bigint): World =>
  ticket.requested.reduce<World>((before, id) => {
    if (ticket.attested.includes(id)) {
      // The share is divided before the entry is looked up: no places left is an arithmetic error even for a node that is gone.
      const fee = attestorFee(nodeFee, before.settings.crossValidationExtraNodesCount);
      const node = entryOf(before.nodes, id);
      const credited = { ...node, availableFeeAmount: u64.add(node.availableFeeAmount, fee) };
      return { ...before, nodes: withEntry(before.nodes, id, credited) };
    }
    const node = before.nodes.get(id);
    if (!node) return before;
    const slash = timeoutSlash(node.collateral, before.settings.slashOnTimeoutPermille);
    const collateral = take(node.collateral, slash);
    return {
      ...before,
      communalTreasury: u64.add(before.communalTreasury, slash),
      nodes: withEntry(before.nodes, id, { ...node, collateral }),
    };
  }, world);

/** State of a claim between two of its stacks; `nodeFees` is what the node is owed so far, paid in one coin at the end. */
export interface ClaimStep {
  readonly world: World;
  readonly nodeFees: bigint;
  readonly payouts: readonly Payout[];
  readonly events: readonly RuleEvent[];
}
/** A claim before its first stack. */
export const claimOf = (world: World): ClaimStep => ({ world, nodeFees: 0n, payouts: [], events: [] });

/** One stack of a claim. G1 stacks are never marked as claimed. */
const claimOne = (state: ClaimStep, context: RuleContext, nodeId: bigint, stackId: bigint): ClaimStep => {
  const { world } = state;
  // Ticket, stack and task are all looked up before anything is checked (2.3).
  const ticket = entryOf(world.tickets, stackId);
  const stack = entryOf(world.stacks, stackId);
  const sampling = needsSampling(world, entryOf(world.tasks, stack.task));
  ensure(ticket.selectedNode === nodeId, 33);
  ensure(!ticket.inDispute, 31);
  ensure(context.epoch >= ticket.disputeSettledAtEpoch, 32);
  ensure(!stack.isClaimed, 53);
  const priced = { price: stack.price, numComputeUnits: stack.units };
  const { nodeFee, refund } = termsOf(world.generation).money.claimSplit(
    priced,
    ticket.claimedUnits,
    sampling,
    world.settings,
  );
  const nodeFees = u64.add(state.nodeFees, nodeFee);
  const rewarded = rewardAttestors(world, ticket, nodeFee);
  return {
    nodeFees,
    world: {
      ...rewarded,
      feeTreasury: take(rewarded.feeTreasury, refund),
      tickets: withoutEntry(rewarded.tickets, stackId),
      stacks: withoutEntry(rewarded.stacks, stackId),
    },
    payouts: [...state.payouts, ...payout(stack.owner, refund)],
    events: [
      ...state.events,
      {
        name: 'StackSettlementTicketClaimedEvent',
        fields: {
          stackSmallId: stackId,
          selectedNodeId: nodeId,
          // Those that were asked, whether they answered or not.
          attestationNodes: [...ticket.requested],
          numClaimedComputeUnits: ticket.claimedUnits,
          userRefundAmount: refund,
        },
      },
    ],
  };
};

/** Ends a claim: the node gets all its fees in one coin, then what is free of its credits in another. Aborts: `balance` 2. */
export const withFees = (claimed: ClaimStep, context: RuleContext, nodeId: bigint): Effect => {
  const paid = { ...claimed.world, feeTreasury: take(claimed.world.feeTreasury, claimed.nodeFees) };
  const drawn = drawFees(paid, context, nodeId);
  const own = [claimed.nodeFees, drawn.amount].flatMap((amount) => payout(context.sender, amount));
  return effect(drawn.world, { events: claimed.events, payouts: [...claimed.payouts, ...own] });
};

/** Claims the stacks in order, all or none. Aborts: `dynamic_field` 1, 33, 31, 32, G2 53, `balance` 2, arithmetic. */
export const claimFunds = (world: World, context: RuleContext, nodeId: bigint, stackIds: readonly bigint[]): Effect => {
  const claimed = stackIds.reduce((state, stackId) => claimOne(state, context, nodeId, stackId), claimOf(world));
  return withFees(claimed, context, nodeId);
};
