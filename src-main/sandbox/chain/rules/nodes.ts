/** A node's life: registration, disabling, fees, destruction (protocol.md 2.1, 5.2, 5.3). */
import { attributeFee } from '../../../../src-shared/atoma/index.ts';
import { effect, entryOf, ensure, take, valueOf } from './outcome.ts';
import type { Effect, Payout, RuleContext } from './outcome.ts';
import { termsOf } from './terms.ts';
import { withEntry, withoutEntry } from './world.ts';
import type { World } from './world.ts';

/** Registers the sender's node; in G1 it locks the collateral out of a coin of `walletAmount`. Aborts: 0, `balance` 2. */
export const registerNode = (world: World, context: RuleContext, walletAmount: bigint): Effect => {
  ensure(!world.settings.isRegistrationDisabled, 0);
  const { constants, needsCollateral } = termsOf(world.generation);
  // G2 keeps the setting and ignores it (protocol.md 5.2).
  const collateral = needsCollateral ? world.settings.registrationCollateral : 0n;
  take(walletAmount, collateral);
  const smallId = world.nextNode;
  const record = {
    disabledInEpoch: null,
    collateral,
    lastFeeEpoch: context.epoch,
    lastFeeEpochAmount: 0n,
    availableFeeAmount: 0n,
    reputation: constants.startingReputation,
    subscriptions: new Set<bigint>(),
    models: new Map<string, bigint>(),
    keyCommitment: null,
  };
  return effect(
    { ...world, nextNode: smallId + 1n, nodes: withEntry(world.nodes, smallId, record) },
    {
      charge: collateral,
      grant: { badge: 'NodeBadge', smallId },
      events: [{ name: 'NodeRegisteredEvent', fields: { nodeSmallId: smallId } }],
    },
  );
};

/** Disables the node for good. Aborts: 12. */
export const disableNode = (world: World, context: RuleContext, nodeId: bigint): Effect => {
  const node = entryOf(world.nodes, nodeId);
  ensure(node.disabledInEpoch === null, 12);
  return effect({ ...world, nodes: withEntry(world.nodes, nodeId, { ...node, disabledInEpoch: context.epoch }) });
};

/** Rolls the epoch lock and pays out what is free; the treasury must hold it. Aborts: `dynamic_field` 1, `balance` 2. */
export const drawFees = (
  world: World,
  context: RuleContext,
  nodeId: bigint,
): { readonly world: World; readonly amount: bigint } => {
  const node = entryOf(world.nodes, nodeId);
  const rolled = attributeFee(node, 0n, context.epoch);
  const amount = rolled.availableFeeAmount;
  const feeTreasury = take(world.feeTreasury, amount);
  const paid = { ...node, ...rolled, availableFeeAmount: 0n };
  return { world: { ...world, feeTreasury, nodes: withEntry(world.nodes, nodeId, paid) }, amount };
};

/** Payout list of one amount; nothing is sent for nothing. */
export const payout = (to: string, amount: bigint): readonly Payout[] => (amount === 0n ? [] : [{ to, amount }]);

/** Sends the node's free fees to the sender. */
export const withdrawFees = (world: World, context: RuleContext, nodeId: bigint): Effect => {
  const drawn = drawFees(world, context, nodeId);
  return effect(drawn.world, { payouts: payout(context.sender, drawn.amount) });
};

/** Removes a node four epochs after disabling; fees are drawn first. Aborts: `balance` 2, `option` 262145, 13. */
export const destroyNode = (world: World, context: RuleContext, nodeId: bigint): Effect => {
  const drawn = drawFees(world, context, nodeId);
  const node = entryOf(drawn.world.nodes, nodeId);
  const disabledAt = valueOf(node.disabledInEpoch);
  ensure(context.epoch >= disabledAt + termsOf(world.generation).constants.destroyWaitEpochs, 13);
  return effect(
    { ...drawn.world, nodes: withoutEntry(drawn.world.nodes, nodeId) },
    // The collateral comes back even when it is zero (protocol.md 2.1).
    { payouts: [...payout(context.sender, drawn.amount), { to: context.sender, amount: node.collateral }] },
  );
};
