/** Leaving as the window shows it: consequences first, then the steps (product.md, Leave). */
import { strandedBySchema, type LeaveView, type StrandedBy } from '../../../src-shared/bridge/views.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import type { LeaveFacts, LeavePlan, LeaveRow } from '../leave-plan.ts';

/** A request to check another node's stack that is open, and what silence on it takes; null while that was not read. */
type OpenRequest = { penalty: bigint | null };

/** Money that is still on its way when the operator leaves, and what can still be taken. Base units of `coin`; null is unknown. */
export type LeaveMoney = {
  coin: Coin;
  openValue: bigint | null;
  claimableValue: bigint | null;
  disputedValue: bigint | null;
  /** Stacks that can never be paid. */
  stranded: readonly { why: StrandedBy; value: bigint }[];
  requests: readonly OpenRequest[];
  collateral: bigint | null;
  chainReadAtMs: number | null;
};

/** What silence on every request takes; one that is not known makes the sum unknown. */
const penaltyOf = (requests: readonly OpenRequest[]): bigint | null =>
  requests.reduce<bigint | null>((sum, { penalty }) => (sum === null || penalty === null ? null : sum + penalty), 0n);

/** Joins row, plan, facts and money into the view; `problem` is what the last try of the current step ended in. */
export function leaveView(row: LeaveRow | null, plan: LeavePlan, facts: LeaveFacts, money: LeaveMoney, problem: string | null): LeaveView {
  const leaving = row !== null && row.finishedMs === null && row.cancelRequestedMs === null;
  const chain = <T>(value: T | null) => ({ value, source: 'chain' as const, readAtMs: money.chainReadAtMs });
  const disputed = facts.tickets.filter(({ isInDispute }) => isInDispute).length;
  return {
    leaving,
    startedMs: leaving ? row.startedMs : null,
    startedEpoch: leaving ? row.startedEpoch : null,
    canCancel: plan.canCancel,
    cancelBlockedBy: plan.cancelBlockedBy,
    cancelWindowEndsMs: plan.cancelWindowEndsMs,
    disabledAtEpoch: facts.disabledAtEpoch,
    collateralUnlocksAtEpoch: plan.collateralUnlocksAtEpoch,
    cooldownEndsMs: plan.cooldownEndsMs,
    left: row !== null && row.finishedMs !== null && !facts.registered,
    consequences: {
      openStacks: facts.openStacks.length + facts.tickets.length - disputed - facts.stranded.length,
      openValue: chain(money.openValue),
      claimableValue: chain(money.claimableValue),
      disputedStacks: disputed,
      disputedValue: chain(money.disputedValue),
      stranded: strandedBySchema.options.flatMap((why) => {
        const values = money.stranded.filter((stack) => stack.why === why).map(({ value }) => value);
        return values.length === 0 ? [] : [{ why, stacks: values.length, value: chain(values.reduce((sum, value) => sum + value, 0n)) }];
      }),
      openRequests: money.requests.length,
      penalty: chain(penaltyOf(money.requests)),
      runningJobs: facts.running,
      subscriptions: facts.subscriptions.length,
      collateral: chain(money.collateral),
      epochsToWait: Number(facts.destroyWaitEpochs),
      coin: money.coin,
    },
    steps: plan.steps.map((step) => (step.status === 'current' ? { ...step, detail: problem } : step)),
  };
}
