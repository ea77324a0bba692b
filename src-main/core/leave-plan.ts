/** Leaving as a plan: from what was asked and what the chain says now, the single next action, its reason, and whether it can still be undone (coordinator.md 8, "Leaving"). */
import type { LeaveView } from '../../src-shared/bridge/views.ts';
import { parkedPrice } from '../../src-shared/bridge/intents.ts';
import type { LeavingReason } from './node-machine.ts';

/** From the toggle to the collateral, in chain time; the network's rule, which the chain does not know. */
export const leaveCooldownMs = 7 * 24 * 3_600_000;
/** As many tickets as one claim may carry. */
const maxClaim = 50;

/** One subscription of this node on chain. */
export type Subscription = { taskSmallId: bigint; price: bigint; maxComputeUnits: bigint };

/** What is remembered of a departure; one row, written when leaving is switched on. */
export type LeaveRow = {
  /** Chain time of the toggle. */
  startedMs: number;
  startedEpoch: bigint;
  /** The subscriptions as they were at the toggle: what cancelling restores. */
  subscriptions: readonly Subscription[];
  /** Set when the operator switched leaving off again; the row goes once the plan says `cancelled`. */
  cancelRequestedMs: number | null;
  /** Set before the irreversible transaction is handed to the lane, cleared if it finally failed. From here on nothing can be cancelled. */
  disableSentMs: number | null;
  disabledAtEpoch: bigint | null;
  /** Set when the collateral is back. */
  finishedMs: number | null;
};

/** What is so now. Chain values come from the chain, never from a local timer. */
export type LeaveFacts = {
  /** Chain time; null while the chain has not been read. */
  nowMs: number | null;
  epoch: bigint | null;
  /** How the contract lets a subscription rest without harm. */
  resting: 'park' | 'unsubscribe';
  /** Tasks that are retired: their subscriptions can neither be changed nor ended, and need not be (protocol.md 2.2). */
  retiredTasks: readonly bigint[];
  /** The chain's wait between disabling and destroying, in epochs. */
  destroyWaitEpochs: bigint;
  /** This wallet still has its node on chain. */
  registered: boolean;
  /** Null while the node is enabled. */
  disabledAtEpoch: bigint | null;
  subscriptions: readonly Subscription[];
  /** Tasks that run here. */
  running: number;
  /** Results that the coordinator has not acknowledged. */
  awaitingAck: number;
  /** Stacks of this node without a settlement ticket. */
  openStacks: readonly bigint[];
  /** Stacks of this node with a ticket that is not claimed; `claimable` once their window is over. Nothing in the contract ends a dispute (protocol.md 5.8): one `isInDispute` is not waited for. */
  tickets: readonly { stackSmallId: bigint; claimable: boolean; isInDispute: boolean }[];
  /** Of both, those that can never be paid (core/stranded): nothing about them is waited for. */
  stranded: readonly bigint[];
  /** Stacks of others that this node attested, that are not claimed and still can be: destroying would block their claim for ever. */
  attestedUnclaimed: number;
  /** Least time from the toggle to disabling; a policy of the operator. */
  cancelWindowMs: number;
};

/** The one thing to do next. After it, read the chain again and ask again. */
export type LeaveAction =
  | { kind: 'none' }
  /** G1: set the price to the parked one. Ending the subscription would break the task for every buyer. */
  | { kind: 'park'; subscription: Subscription }
  /** G2: end the subscription. */
  | { kind: 'unsubscribe'; taskSmallId: bigint }
  | { kind: 'settle'; stackSmallId: bigint }
  | { kind: 'claim'; stackSmallIds: bigint[] }
  | { kind: 'disable' }
  | { kind: 'destroy' }
  /** Wait for what `for` names; until a chain time or an epoch where that is known. */
  | { kind: 'wait'; for: 'chain' | 'work' | 'window' | 'cancel_window' | 'confirmation' | 'cooldown' | 'attestations'; untilMs: number | null; untilEpoch: bigint | null }
  /** Put a subscription back: `update` of one that is parked, `subscribe` to one that was ended. */
  | { kind: 'restore'; how: 'update' | 'subscribe'; subscription: Subscription }
  /** Everything is restored: the row can be deleted. */
  | { kind: 'cancelled' }
  /** The collateral is back: the row can be marked finished. */
  | { kind: 'done' };

type Step = LeaveView['steps'][number];
type StepName = Step['step'];

/** The plan. `reason` is the state's reason while leaving; null when not leaving, cancelling or done. */
export type LeavePlan = {
  action: LeaveAction;
  reason: LeavingReason | null;
  steps: Step[];
  canCancel: boolean;
  cancelBlockedBy: LeaveView['cancelBlockedBy'];
  cancelWindowEndsMs: number | null;
  cooldownEndsMs: number | null;
  collateralUnlocksAtEpoch: bigint | null;
};

const stepNames: readonly StepName[] = ['toggle', 'park', 'finish_work', 'settle', 'window', 'claim', 'cancel_window', 'disable', 'cooldown', 'destroy'];

const reasonOf: Readonly<Record<Exclude<StepName, 'toggle'>, LeavingReason>> = {
  park: 'leaving_finishing_work',
  finish_work: 'leaving_finishing_work',
  settle: 'leaving_settling',
  window: 'leaving_waiting_window',
  claim: 'leaving_settling',
  cancel_window: 'leaving_waiting_cancel_window',
  disable: 'leaving_disabling',
  cooldown: 'leaving_waiting_collateral',
  destroy: 'leaving_destroying',
};

/** Computes the plan; `row` is null when leaving is off. */
export function leavePlan(row: LeaveRow | null, facts: LeaveFacts): LeavePlan {
  if (row === null) return outside({ kind: 'none' }, 'waiting', 'not_leaving');
  if (row.finishedMs !== null) return outside({ kind: 'none' }, 'done', 'disabled');
  const disabledAt = facts.disabledAtEpoch ?? row.disabledAtEpoch;
  const irreversible = disabledAt !== null || row.disableSentMs !== null;
  if (row.cancelRequestedMs !== null && !irreversible) return outside(restoring(row, facts), 'waiting', 'not_leaving');
  const { nowMs, epoch } = facts;
  if (nowMs !== null && epoch !== null && !facts.registered) return outside({ kind: 'done' }, 'done', 'disabled');

  const { action, step } = nowMs === null || epoch === null ? unread(irreversible) : advance(row, facts, { nowMs, epoch, disabledAt });
  return {
    action,
    reason: reasonOf[step],
    steps: stepsAt(step, disabledAt !== null),
    canCancel: !irreversible,
    cancelBlockedBy: irreversible ? 'disabled' : null,
    cancelWindowEndsMs: row.startedMs + facts.cancelWindowMs,
    cooldownEndsMs: row.startedMs + leaveCooldownMs,
    collateralUnlocksAtEpoch: disabledAt === null ? null : disabledAt + facts.destroyWaitEpochs,
  };
}

type Decision = { action: LeaveAction; step: Exclude<StepName, 'toggle'> };
type Now = { nowMs: number; epoch: bigint; disabledAt: bigint | null };
const wait = (what: Extract<LeaveAction, { kind: 'wait' }>['for'], untilMs: number | null = null, untilEpoch: bigint | null = null): LeaveAction => ({ kind: 'wait', for: what, untilMs, untilEpoch });

const unread = (irreversible: boolean): Decision => ({ action: wait('chain'), step: irreversible ? 'cooldown' : 'park' });

/** "Nothing new is taken; running work finishes; open stacks are settled, their windows waited out, and claimed", then the irreversible part. */
function advance(row: LeaveRow, facts: LeaveFacts, now: Now): Decision {
  return (now.disabledAt === null ? park(facts) : null) ?? windUp(facts) ?? (now.disabledAt === null ? disable(row, facts, now.nowMs) : collect(row, facts, now, now.disabledAt));
}

/** A disabled node is sampled no more, so only an enabled one has to be parked. */
function park({ subscriptions, resting, retiredTasks }: LeaveFacts): Decision | null {
  const open = subscriptions.find(({ taskSmallId, price }) => !retiredTasks.includes(taskSmallId) && (resting === 'unsubscribe' || price !== parkedPrice));
  if (open === undefined) return null;
  return { step: 'park', action: resting === 'unsubscribe' ? { kind: 'unsubscribe', taskSmallId: open.taskSmallId } : { kind: 'park', subscription: open } };
}

/** Work and money. Also asked after disabling: once the badge is gone, nothing can be claimed. */
function windUp({ running, awaitingAck, openStacks, tickets: all, stranded }: LeaveFacts): Decision | null {
  if (running > 0 || awaitingAck > 0) return { step: 'finish_work', action: wait('work') };
  const tickets = all.filter(({ stackSmallId, isInDispute }) => !isInDispute && !stranded.includes(stackSmallId));
  const [unsettled] = openStacks.filter((id) => !stranded.includes(id));
  if (unsettled !== undefined) return { step: 'settle', action: { kind: 'settle', stackSmallId: unsettled } };
  const claimable = tickets.filter((ticket) => ticket.claimable).map(({ stackSmallId }) => stackSmallId);
  if (claimable.length > 0) {
    return { step: claimable.length === tickets.length ? 'claim' : 'window', action: { kind: 'claim', stackSmallIds: claimable.slice(0, maxClaim) } };
  }
  return tickets.length > 0 ? { step: 'window', action: wait('window') } : null;
}

/** "When nothing is open and the cancel window has passed": permanently_disable_node, from which there is no way back. */
function disable(row: LeaveRow, { cancelWindowMs }: LeaveFacts, nowMs: number): Decision {
  if (row.disableSentMs !== null) return { step: 'disable', action: wait('confirmation') };
  const endsMs = row.startedMs + cancelWindowMs;
  return nowMs < endsMs ? { step: 'cancel_window', action: wait('cancel_window', endsMs) } : { step: 'disable', action: { kind: 'disable' } };
}

/** "When both the 7 days since the toggle and the chain's 4 epochs since disabling have passed": destroy_disabled_node. */
function collect(row: LeaveRow, facts: LeaveFacts, { nowMs, epoch }: Now, disabledAt: bigint): Decision {
  const endsMs = row.startedMs + leaveCooldownMs;
  const unlocks = disabledAt + facts.destroyWaitEpochs;
  if (nowMs < endsMs || epoch < unlocks) {
    return { step: 'cooldown', action: wait('cooldown', nowMs < endsMs ? endsMs : null, epoch < unlocks ? unlocks : null) };
  }
  if (facts.attestedUnclaimed > 0) return { step: 'cooldown', action: wait('attestations') };
  return { step: 'destroy', action: { kind: 'destroy' } };
}

/** "Toggling off cancels: subscriptions are restored." One that the operator changed meanwhile is left as it is. */
function restoring(row: LeaveRow, { nowMs, subscriptions, resting, retiredTasks }: LeaveFacts): LeaveAction {
  if (nowMs === null) return wait('chain');
  for (const subscription of row.subscriptions) {
    if (retiredTasks.includes(subscription.taskSmallId)) continue;
    const found = subscriptions.find(({ taskSmallId }) => taskSmallId === subscription.taskSmallId);
    if (found?.price === parkedPrice && subscription.price !== parkedPrice) return { kind: 'restore', how: 'update', subscription };
    // On G1 leaving never ends a subscription, so an absent one was ended by the operator.
    if (found === undefined && resting === 'unsubscribe') return { kind: 'restore', how: 'subscribe', subscription };
  }
  return { kind: 'cancelled' };
}

function stepsAt(current: StepName, disabled: boolean): Step[] {
  const at = stepNames.indexOf(current);
  const behindDisabling: readonly StepName[] = disabled ? ['park', 'cancel_window', 'disable'] : [];
  return stepNames.map((step, index) => ({
    step,
    status: index === at ? 'current' : index < at || behindDisabling.includes(step) ? 'done' : 'waiting',
    detail: null,
  }));
}

const outside = (action: LeaveAction, status: Step['status'], cancelBlockedBy: LeaveView['cancelBlockedBy']): LeavePlan => ({
  action,
  reason: null,
  steps: stepNames.map((step) => ({ step, status, detail: null })),
  canCancel: false,
  cancelBlockedBy,
  cancelWindowEndsMs: null,
  cooldownEndsMs: null,
  collateralUnlocksAtEpoch: null,
});
