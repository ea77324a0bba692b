/** What an operation breaks or costs beyond its amounts, in sentences for the preview (product.md: no irreversible act without its consequences; protocol.md 2.4, 5.4, 5.6, 5.8). */
import type { ChargeSettings, Contract } from '../../src-shared/atoma/index.ts';
import { parkedPrice, type Intent } from '../../src-shared/bridge/intents.ts';

/** What the warnings depend on; null stands for "not known". */
export type WarningFacts = {
  readonly contract: Pick<Contract, 'resting' | 'money' | 'restrictsDisputes'>;
  /** The task that the intent is about. */
  readonly task: { readonly samplingConsensus: boolean; readonly subscribers: number } | null;
  /** Stacks of this node on that task whose money is still on the way. */
  readonly openStacks: number;
  readonly settings: ChargeSettings | null;
  /** The simulated attestation opened a dispute. */
  readonly opensDispute: boolean;
  /** Reputation of a new node, and the task's minimum is compared with it. */
  readonly startingReputation: number;
};

/** The sentences, the most serious first. */
export function intentWarnings(intent: Intent, facts: WarningFacts): string[] {
  switch (intent.kind) {
    case 'unsubscribe':
      return [...brokenTask(intent.taskSmallId, facts), ...openStacks(facts)];
    case 'subscribe':
    case 'update_subscription':
      return offer(intent, facts);
    case 'dispute':
      return [frozen, ...(facts.contract.restrictsDisputes ? [] : ['The chain does not check who disputes, nor why: make sure that this is the stack you mean.'])];
    case 'attest':
      return facts.opensDispute ? [`The root differs from what the node committed: this attestation opens a dispute. ${frozen}`] : [];
    case 'remove_task':
      return ['Stacks on this task that are not claimed yet can never be settled or claimed after it is removed.'];
    case 'deprecate_task':
      return ['Stacks can still be bought on a retired task; its subscriptions cannot be changed or ended any more.'];
    case 'create_task':
      return intent.minimumReputation > facts.startingReputation
        ? [`No node can subscribe: every node has a reputation of ${facts.startingReputation}, and nothing raises it.`]
        : [];
    default:
      return [];
  }
}

const frozen = 'Nothing in the contract ends a dispute: the money of this stack is frozen for ever, neither node nor buyer is paid.';

/** On G1 the next purchase walks past the end of the cleaned list, and its abort undoes the cleaning (protocol.md 5.6). */
function brokenTask(taskSmallId: bigint, { contract, task }: WarningFacts): string[] {
  if (contract.resting === 'unsubscribe') return [];
  const others = task === null ? 'other nodes' : task.subscribers <= 1 ? 'nodes that come later' : `the ${task.subscribers - 1} other nodes`;
  return [
    `Ending the subscription makes task #${taskSmallId} unbuyable, for ${others} too, until this same node subscribes again; if it was destroyed by then, for ever. Park the subscription instead: its price goes out of reach and nothing breaks.`,
  ];
}

const openStacks = ({ openStacks: count }: WarningFacts): string[] =>
  count === 0 ? [] : [`${count === 1 ? 'One stack' : `${count} stacks`} of this task ${count === 1 ? 'is' : 'are'} still open; settle and claim ${count === 1 ? 'it' : 'them'} as well.`];

function offer(intent: { price: bigint; maxComputeUnits: bigint }, { contract, task, settings }: WarningFacts): string[] {
  if (intent.price === parkedPrice || settings === null) return [];
  const highest = contract.money.highestPrice(intent.maxComputeUnits, task?.samplingConsensus ?? false, settings);
  if (intent.price <= highest) return [];
  return [`A stack of ${intent.maxComputeUnits} units at this price is more than the contract can multiply: it could not be bought, or be bought and never claimed in full. The highest safe price is ${highest}.`];
}
