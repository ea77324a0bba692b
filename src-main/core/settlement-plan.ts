/** Decides which open stacks are settled now, and for how many units (product.md, "Policies"; coordinator.md 6; protocol.md 6.4). */

/** What the jobs of one stack amount to, from the job rows. */
export type StackWork = {
  /** Units of acknowledged results. */
  readonly acceptedUnits: bigint;
  /** Results that were sent and are not acknowledged yet. */
  readonly awaitingAck: number;
  /** Requests that run now. */
  readonly running: number;
  /** When the last result was acknowledged; null when none was. */
  readonly lastAcceptedAtMs: number | null;
};

/** One stack sold to this node, as the chain and the rows show it. */
export type OpenStack = {
  readonly stackSmallId: bigint;
  readonly taskSmallId: bigint;
  /** Units bought. */
  readonly numComputeUnits: bigint;
  /** A settlement ticket exists or its transaction is under way. */
  readonly settling: boolean;
  /** False when the task was removed: settling would abort for ever (protocol.md 2.4). */
  readonly taskExists: boolean;
  /** Most units that fee or refund of a claim can hold at this stack's price (protocol.md 5.4). */
  readonly mostUnits: bigint;
  /** Paid by one direct claim, without ticket and window: a confidential stack of G2. */
  readonly direct: boolean;
  readonly firstSeenMs: number;
  /** Not tried again before this time, after a failure. */
  readonly notBeforeMs: number;
  readonly work: StackWork;
};

/** The switches that matter here. */
export type SettlementPolicies = {
  readonly autoSettle: boolean;
  readonly settleAtPercent: number;
  readonly settleWhenIdleMs: number;
};

/** Settle `stackSmallId` for `claimedUnits`, or claim it directly, because it is almost full, its task is idle, or the node leaves. */
export type Settlement = {
  readonly stackSmallId: bigint;
  readonly claimedUnits: bigint;
  readonly direct: boolean;
  readonly reason: 'full' | 'idle' | 'leaving';
};

/** Acknowledged units, never more than were bought: the chain refuses a larger claim (abort 25). Nor more than it can multiply, which would make the claim fail for ever. */
export const claimableUnits = (stack: Pick<OpenStack, 'numComputeUnits' | 'work' | 'mostUnits'>): bigint =>
  [stack.numComputeUnits, stack.mostUnits].reduce((least, limit) => (limit < least ? limit : least), stack.work.acceptedUnits);

/** False while the buyer's refund is more than the chain can multiply: a ticket made now could never be claimed. */
export const isPayable = (stack: Pick<OpenStack, 'numComputeUnits' | 'work' | 'mostUnits'>): boolean =>
  stack.numComputeUnits - claimableUnits(stack) <= stack.mostUnits;

/** True when nothing of this stack is under way: "only when none of its results awaits an acknowledgement" (coordinator.md 6). */
export const isQuiet = (work: StackWork): boolean => work.awaitingAck === 0 && work.running === 0;

const lastActivityMs = (stack: OpenStack): number => Math.max(stack.firstSeenMs, stack.work.lastAcceptedAtMs ?? 0);

/** Last sign of life per task, over all its stacks of this node; a task with running work is never idle. */
function taskIdleSince(stacks: readonly OpenStack[], taskSmallId: bigint): number {
  const own = stacks.filter((stack) => stack.taskSmallId === taskSmallId);
  return own.some((stack) => stack.work.running > 0) ? Infinity : Math.max(...own.map(lastActivityMs));
}

function reasonToSettle(
  stack: OpenStack,
  stacks: readonly OpenStack[],
  facts: { readonly nowMs: number; readonly leaving: boolean; readonly policies: SettlementPolicies },
): Settlement['reason'] | null {
  // Leaving settles every stack, also an unused one for 0 units: the buyer is refunded in full and nothing stays open.
  if (facts.leaving) return 'leaving';
  const units = claimableUnits(stack);
  // An unused stack is left alone: it has no expiry, and settling it would take from the buyer what was bought.
  if (!facts.policies.autoSettle || units === 0n) return null;
  if (units * 100n >= stack.numComputeUnits * BigInt(facts.policies.settleAtPercent)) return 'full';
  const idleSinceMs = taskIdleSince(stacks, stack.taskSmallId);
  return facts.nowMs - idleSinceMs >= facts.policies.settleWhenIdleMs ? 'idle' : null;
}

/** The settlements due now, in the order of their numbers; one transaction each (protocol.md 1.3: one call that uses Random). */
export function settlementPlan(
  stacks: readonly OpenStack[],
  facts: { readonly nowMs: number; readonly leaving: boolean; readonly policies: SettlementPolicies },
): Settlement[] {
  return stacks
    .filter((stack) => !stack.settling && stack.taskExists && stack.notBeforeMs <= facts.nowMs && isQuiet(stack.work) && isPayable(stack))
    .flatMap((stack) => {
      const reason = reasonToSettle(stack, stacks, facts);
      return reason === null ? [] : [{ stackSmallId: stack.stackSmallId, claimedUnits: claimableUnits(stack), direct: stack.direct, reason }];
    })
    .sort((left, right) => (left.stackSmallId < right.stackSmallId ? -1 : 1));
}
