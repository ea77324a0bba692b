/** Leaving as the window shows it: consequences first, then the steps (product.md, Leave). */
import type { LeaveView } from '../../../src-shared/bridge/views.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import type { LeaveFacts, LeavePlan, LeaveRow } from '../leave-plan.ts';

/** Money that is still on its way when the operator leaves. Base units of `coin`. */
export type LeaveMoney = { coin: Coin; openValue: bigint; claimableValue: bigint; collateral: bigint | null; chainReadAtMs: number | null };

/** Joins row, plan, facts and money into the view. */
export function leaveView(row: LeaveRow | null, plan: LeavePlan, facts: LeaveFacts, money: LeaveMoney): LeaveView {
  const leaving = row !== null && row.finishedMs === null && row.cancelRequestedMs === null;
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
      openStacks: facts.openStacks.length + facts.tickets.length,
      openValue: money.openValue,
      claimableValue: money.claimableValue,
      runningJobs: facts.running,
      subscriptions: facts.subscriptions.length,
      collateral: { value: money.collateral, source: 'chain', readAtMs: money.chainReadAtMs },
      epochsToWait: Number(facts.destroyWaitEpochs),
      coin: money.coin,
    },
    steps: plan.steps,
  };
}
