/** G2's one-step claim of confidential stacks: paid at once, no ticket, no wait, the stack stays (protocol.md 2.3, 5.4). */
import { u64 } from '../../../../src-shared/atoma/index.ts';
import { claimOf, withFees } from './claim.ts';
import type { ClaimStep } from './claim.ts';
import { payout } from './nodes.ts';
import { entryOf, ensure, take } from './outcome.ts';
import type { Effect, RuleContext } from './outcome.ts';
import { termsOf } from './terms.ts';
import { withEntry } from './world.ts';
import type { World } from './world.ts';

/** One stack and the units used of it. */
interface DirectClaim {
  readonly stack: bigint;
  readonly units: bigint;
}

const claimOne = (state: ClaimStep, nodeId: bigint, claim: DirectClaim): ClaimStep => {
  const { world } = state;
  const { money, securityCodes } = termsOf(world.generation);
  const stack = entryOf(world.stacks, claim.stack);
  ensure(claim.units <= stack.units, 52);
  ensure(stack.selectedNode === nodeId, 54);
  ensure(!stack.isClaimed, 53);
  ensure(entryOf(world.tasks, stack.task).security === securityCodes.confidential, 51);
  const priced = { price: stack.price, numComputeUnits: stack.units };
  const { nodeFee, refund } = money.claimSplit(priced, claim.units, false, world.settings);
  return {
    nodeFees: u64.add(state.nodeFees, nodeFee),
    world: {
      ...world,
      feeTreasury: take(world.feeTreasury, refund),
      stacks: withEntry(world.stacks, claim.stack, { ...stack, isClaimed: true }),
    },
    payouts: [...state.payouts, ...payout(stack.owner, refund)],
    events: [
      ...state.events,
      {
        name: 'ClaimedStackEvent',
        fields: {
          stackSmallId: claim.stack,
          selectedNodeId: nodeId,
          numClaimedComputeUnits: claim.units,
          userRefundAmount: refund,
        },
      },
    ],
  };
};

/** Claims `units[i]` of `stacks[i]` in order, all or none; an open ticket is ignored. Aborts: 52, `dynamic_field` 1, 54, 53, 51, `balance` 2, arithmetic. */
export const claimFundsForStacks = (
  world: World,
  context: RuleContext,
  nodeId: bigint,
  request: { readonly stacks: readonly bigint[]; readonly units: readonly bigint[] },
): Effect => {
  ensure(request.stacks.length === request.units.length, 52);
  const claims = request.stacks.map((stack, i): DirectClaim => ({ stack, units: request.units[i] ?? 0n }));
  const claimed = claims.reduce((state, claim) => claimOne(state, nodeId, claim), claimOf(world));
  return withFees(claimed, context, nodeId);
};
