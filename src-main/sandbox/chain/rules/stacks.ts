/** Buying a stack and drawing the node that serves it (protocol.md 2.4, 5.4 to 5.6). */
import { u64 } from '../../../../src-shared/atoma/index.ts';
import { dbAbort, effect, entryOf, outOfBound, ensure } from './outcome.ts';
import type { Effect, RuleContext } from './outcome.ts';
import { taskOf } from './tasks.ts';
import { termsOf } from './terms.ts';
import { withEntry } from './world.ts';
import type { TaskRecord, World } from './world.ts';

/** Whether the task's level is sampling consensus. */
export const needsSampling = (world: World, task: TaskRecord): boolean =>
  task.security === termsOf(world.generation).securityCodes['sampling-consensus'];

/** Filter of the draw: the buyer's cap and the stack's size. */
export interface SizeAndCap {
  readonly units: bigint;
  readonly price: bigint;
}

/**
 * Nodes of the task's list that may be drawn, in list order, repeats kept: listed price within the cap, room for the
 * stack, registered, not disabled, in G1 collateral left. `onStale` says what a list entry without an offer does.
 */
export const eligibleNodes = (
  world: World,
  task: TaskRecord,
  wanted: SizeAndCap,
  onStale: () => never,
): readonly bigint[] => {
  const { needsCollateral } = termsOf(world.generation);
  return task.nodeList.filter((id) => {
    const offer = task.offers.get(id) ?? onStale();
    const node = world.nodes.get(id);
    const fits = offer.price <= wanted.price && offer.maxUnits >= wanted.units;
    return fits && node !== undefined && node.disabledInEpoch === null && (!needsCollateral || node.collateral > 0n);
  });
};

/** The list without numbers that have no offer; each gap is filled by the last entry, as a TableVec removes (protocol.md 5.6). */
const cleanedList = (task: TaskRecord): readonly bigint[] => {
  const list = [...task.nodeList];
  for (let i = 0; i < list.length;) {
    if (task.offers.has(list[i] ?? 0n)) {
      i += 1;
      continue;
    }
    const last = list.pop();
    if (last !== undefined && i < list.length) list[i] = last;
  }
  return list;
};

/** What the buyer asks for, and the amount in the coin given. */
export interface PurchaseRequest extends SizeAndCap {
  readonly task: bigint;
  readonly walletAmount: bigint;
}

/** Sells a stack to the sender at the sender's own price. Aborts: 40 (G2 39), 37, 17, arithmetic, 41 (G2 40), 21, G1 `table_vec` 0, 22. */
export const acquireStack = (world: World, context: RuleContext, request: PurchaseRequest): Effect => {
  const terms = termsOf(world.generation);
  ensure(request.units > 0n, terms.offsets.units);
  ensure(request.price > 0n, 37);
  const found = taskOf(world, request.task);
  const cost = terms.money.purchasePrice(request.price, request.units, needsSampling(world, found), world.settings);
  ensure(request.walletAmount >= cost, terms.offsets.funds);
  ensure(found.nodeList.length > 0, 21);
  const task = terms.cleansNodeList ? { ...found, nodeList: cleanedList(found) } : found;
  // G1's list bug: cleaning a stale number shortens the list but not the loop, which then runs past the end (5.6).
  const candidates = eligibleNodes(world, task, request, outOfBound);
  if (candidates.length === 0) return dbAbort(22);
  const selectedNode = candidates[context.draws.pick(candidates)] ?? outOfBound();
  const smallId = world.nextStack;
  const { units, price } = request;
  const stack = { owner: context.sender, price, units, selectedNode, task: request.task, isClaimed: false };
  return effect(
    {
      ...world,
      nextStack: smallId + 1n,
      feeTreasury: u64.add(world.feeTreasury, cost),
      tasks: task.nodeList.length === found.nodeList.length ? world.tasks : withEntry(world.tasks, request.task, task),
      stacks: withEntry(world.stacks, smallId, stack),
    },
    {
      charge: cost,
      grant: { badge: 'StackBadge', smallId },
      events: [
        {
          name: 'StackCreatedEvent',
          fields: {
            stackSmallId: smallId,
            owner: context.sender,
            taskSmallId: request.task,
            selectedNodeId: selectedNode,
            numComputeUnits: units,
            price,
          },
        },
      ],
    },
  );
};

/**
 * Who is asked to attest a settlement: nobody unless sampling consensus and the draw of the probability say so; all
 * eligible nodes if fewer than wanted; else drawn with replacement, the selected node not excluded (protocol.md 5.5).
 */
export const drawAttestors = (
  world: World,
  context: RuleContext,
  task: TaskRecord,
  wanted: SizeAndCap,
): readonly bigint[] => {
  if (!needsSampling(world, task)) return [];
  if (context.draws.permille() > world.settings.crossValidationProbabilityPermille) return [];
  // A list entry without an offer is read unchecked here, so it aborts in the table (5.5).
  const candidates = eligibleNodes(world, task, wanted, () => entryOf(new Map<bigint, never>(), 0n));
  const places = world.settings.crossValidationExtraNodesCount;
  if (BigInt(candidates.length) < places) return candidates;
  return Array.from({ length: Number(places) }, () => candidates[context.draws.pick(candidates)] ?? outOfBound());
};
