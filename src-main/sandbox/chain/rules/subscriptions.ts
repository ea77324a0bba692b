/** A node's offers for tasks; the order of the checks is part of the rule (protocol.md 2.2). */
import { effect, entryOf, ensure } from './outcome.ts';
import type { Effect } from './outcome.ts';
import { taskOf } from './tasks.ts';
import { termsOf } from './terms.ts';
import { withEntry, withoutEntry } from './world.ts';
import type { NodeRecord, TaskRecord, World } from './world.ts';

/** A node's wish about a task: price (per unit, in G2 per million) and the largest stack it takes (null in G2, which fixes it). */
export interface SubscriptionRequest {
  readonly node: bigint;
  readonly task: bigint;
  readonly price: bigint;
  readonly maxUnits: bigint | null;
}

const changed = (
  world: World,
  ids: { readonly node: bigint; readonly task: bigint },
  task: TaskRecord,
  node?: NodeRecord,
): World => ({
  ...world,
  tasks: withEntry(world.tasks, ids.task, task),
  nodes: node ? withEntry(world.nodes, ids.node, node) : world.nodes,
});

/** The capacity: the contract's where it fixes one, else the node's, which must be above zero. Aborts: G1 38. */
const capacityOf = (world: World, request: SubscriptionRequest): bigint => {
  const fixed = termsOf(world.generation).constants.fixedMaxComputeUnits;
  if (fixed !== null) return fixed;
  const wanted = request.maxUnits ?? 0n;
  ensure(wanted > 0n, 38);
  return wanted;
};

/** Subscribes; the number is appended to the list even if a stale one is still in it (protocol.md 5.6). Aborts: 17, 39 (G2 38), G2 45, 15, 16, 37, G1 38. */
export const subscribe = (world: World, request: SubscriptionRequest): Effect => {
  const task = taskOf(world, request.task);
  const node = entryOf(world.nodes, request.node);
  const terms = termsOf(world.generation);
  ensure(node.reputation >= task.minimumReputation, terms.offsets.reputation);
  ensure(task.isPublic || task.whitelist.includes(request.node), 45);
  ensure(task.deprecatedAtEpoch === null, 15);
  ensure(!node.subscriptions.has(request.task), 16);
  ensure(request.price > 0n, 37);
  const maxUnits = capacityOf(world, request);
  const offers = withEntry(task.offers, request.node, { price: request.price, maxUnits });
  const nodeList = [...task.nodeList, request.node];
  const subscriptions = new Set(node.subscriptions).add(request.task);
  return effect(changed(world, request, { ...task, offers, nodeList }, { ...node, subscriptions }), {
    events: [
      {
        name: 'NodeSubscribedToTaskEvent',
        fields: {
          taskSmallId: request.task,
          nodeSmallId: request.node,
          price: request.price,
          maxNumComputeUnits: maxUnits,
        },
      },
    ],
  });
};

/** Changes price and, in G1, capacity; open stacks keep their price. Aborts: 37, G1 38, 17, 18, 15. */
export const updateSubscription = (world: World, request: SubscriptionRequest): Effect => {
  ensure(request.price > 0n, 37);
  const maxUnits = capacityOf(world, request);
  const task = taskOf(world, request.task);
  ensure(entryOf(world.nodes, request.node).subscriptions.has(request.task), 18);
  ensure(task.deprecatedAtEpoch === null, 15);
  const offers = withEntry(task.offers, request.node, { price: request.price, maxUnits });
  return effect(changed(world, request, { ...task, offers }), {
    events: [
      {
        name: 'NodeSubscriptionUpdatedEvent',
        fields: {
          nodeSmallId: request.node,
          taskSmallId: request.task,
          price: request.price,
          maxNumComputeUnits: maxUnits,
        },
      },
    ],
  });
};

/** Ends a subscription; the list keeps the number until a purchase cleans up (protocol.md 5.6). Aborts: 17, 18, 15. */
export const unsubscribe = (world: World, ids: { readonly node: bigint; readonly task: bigint }): Effect => {
  const task = taskOf(world, ids.task);
  const node = entryOf(world.nodes, ids.node);
  ensure(node.subscriptions.has(ids.task), 18);
  ensure(task.deprecatedAtEpoch === null, 15);
  const subscriptions = new Set(node.subscriptions);
  subscriptions.delete(ids.task);
  return effect(
    changed(world, ids, { ...task, offers: withoutEntry(task.offers, ids.node) }, { ...node, subscriptions }),
    {
      events: [{ name: 'NodeUnsubscribedFromTaskEvent', fields: { taskSmallId: ids.task, nodeSmallId: ids.node } }],
    },
  );
};
