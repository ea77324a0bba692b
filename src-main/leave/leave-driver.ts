/** Drives leaving: keeps its row, asks the plan for the one next action, does it, and asks again; survives restarts because only the row and the chain decide (coordinator.md 8). */
import { z } from 'zod';
import { parkedPrice, type Intent, type Outcome } from '../../src-shared/bridge/intents.ts';
import { bigintText } from '../../src-shared/domain/amounts.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { leavePlan, type LeaveAction, type LeaveFacts, type LeavePlan, type LeaveRow, type Subscription } from '../core/leave-plan.ts';
import type { Logger } from '../log/logger.ts';

const subscriptionSchema = z.object({ taskSmallId: bigintText, price: bigintText, maxComputeUnits: bigintText });
const maybeMs = z.number().nullable();

/** The row as it is kept: JSON with amounts as text. */
export const leaveRowSchema = z.object({
  startedMs: z.number(),
  startedEpoch: bigintText,
  subscriptions: z.array(subscriptionSchema),
  cancelRequestedMs: maybeMs,
  disableSentMs: maybeMs,
  disabledAtEpoch: bigintText.nullable(),
  finishedMs: maybeMs,
});

/** Facts without the parts that are the driver's own. */
export type LeaveDriverDeps = {
  row: { read(): LeaveRow | null; write(row: LeaveRow | null): void };
  /** What the chain, the jobs and the policies say now. */
  facts(): LeaveFacts;
  /** Lets the reconciler settle and claim what leaving asks for; it is the only one that decides about money. */
  reconcile(): Promise<void>;
  execute(intent: Intent): Promise<Outcome>;
  /** A transaction that disables the node runs, or may have been sent. */
  isDisabling(): boolean;
  /** Reads the chain again after an action. */
  refresh(): Promise<void>;
  now(): number;
  log: Logger;
};

/** The leaving procedure of one node on one network. */
export type LeaveDriver = {
  plan(): LeavePlan;
  row(): LeaveRow | null;
  /** What the last round ended in, in words; null while nothing holds leaving up. */
  problem(): string | null;
  /** The toggle on. @throws AppError leave.not_possible when already leaving, chain.not_ready, chain.not_registered */
  start(): void;
  /** The toggle off, while nothing irreversible was sent. @throws AppError leave.not_possible */
  cancel(): void;
  /** Does what the plan names until it has to wait; call whenever a fact may have changed. Never runs twice at once. */
  advance(): Promise<void>;
};

const maxActionsInARow = 50;

/** Creates the driver; the row of an earlier run is taken up where it was left. */
export function createLeaveDriver(deps: LeaveDriverDeps): LeaveDriver {
  const plan = (): LeavePlan => leavePlan(deps.row.read(), deps.facts());
  let advancing: Promise<void> | null = null;
  let problem: AppError | null = null;

  const change = (change: Partial<LeaveRow>): void => {
    const row = deps.row.read();
    if (row !== null) deps.row.write({ ...row, ...change });
  };

  const perform = async (action: LeaveAction): Promise<void> => {
    switch (action.kind) {
      case 'park':
        return void (await succeed(deps.execute(update({ ...action.subscription, price: parkedPrice }))));
      case 'unsubscribe':
        return void (await succeed(deps.execute({ kind: 'unsubscribe', taskSmallId: action.taskSmallId })));
      case 'settle':
      case 'claim':
        return deps.reconcile();
      case 'restore':
        return void (await succeed(deps.execute(action.how === 'update' ? update(action.subscription) : { ...action.subscription, kind: 'subscribe' })));
      case 'disable':
        return disable();
      case 'destroy':
        return void (await succeed(deps.execute({ kind: 'destroy' })));
      case 'cancelled':
        return deps.row.write(null);
      case 'done':
        return change({ finishedMs: deps.now() });
      case 'wait':
      case 'none':
        return;
    }
  };

  /** The mark is durable before the lane has it: after a crash nobody offers to cancel what may be on its way. */
  const disable = async (): Promise<void> => {
    change({ disableSentMs: deps.now() });
    const outcome = await deps.execute({ kind: 'disable' }).catch((error: unknown) => {
      change({ disableSentMs: null }); // nothing was sent: the lane throws only before it submits
      throw error;
    });
    if (outcome.status === 'failed') change({ disableSentMs: null });
    await succeed(Promise.resolve(outcome));
  };

  /** The mark of a disabling that came to nothing goes: the process ended before the lane had it, or its transaction expired. Else leaving would wait for it for ever. */
  const dropVainMark = async (): Promise<void> => {
    if ((deps.row.read()?.disableSentMs ?? null) === null || deps.facts().disabledAtEpoch !== null || deps.isDisabling()) return;
    await deps.refresh(); // what the chain says now, and not before the transaction ended
    const { registered, disabledAtEpoch, nowMs } = deps.facts();
    if (nowMs !== null && registered && disabledAtEpoch === null && !deps.isDisabling()) change({ disableSentMs: null });
  };

  const run = async (): Promise<void> => {
    await dropVainMark();
    let before: LeaveAction | null = null;
    for (let count = 0; count < maxActionsInARow; count += 1) {
      const { action } = plan();
      if (action.kind === 'wait' || action.kind === 'none' || isSame(action, before)) return;
      before = action;
      deps.log.info('leave.action', { action: action.kind });
      await perform(action);
      await deps.refresh();
      const disabledAtEpoch = deps.facts().disabledAtEpoch;
      if (disabledAtEpoch !== null && deps.row.read()?.disabledAtEpoch !== disabledAtEpoch) change({ disabledAtEpoch });
    }
  };

  return {
    plan,
    row: () => deps.row.read(),
    problem: () => problem?.message ?? null,
    start() {
      const facts = deps.facts();
      if (facts.epoch === null || facts.nowMs === null) throw new AppError('chain.not_ready');
      if (!facts.registered) throw new AppError('chain.not_registered');
      const row = deps.row.read();
      if (row !== null && row.finishedMs === null) throw new AppError('leave.not_possible', { detail: 'leaving is under way already' });
      deps.row.write({
        startedMs: facts.nowMs,
        startedEpoch: facts.epoch,
        subscriptions: facts.subscriptions,
        cancelRequestedMs: null,
        disableSentMs: null,
        disabledAtEpoch: null,
        finishedMs: null,
      });
    },
    cancel() {
      const current = plan();
      if (!current.canCancel) throw new AppError('leave.not_possible', { detail: current.cancelBlockedBy === 'disabled' ? 'the node is disabled on chain' : 'leaving is not switched on' });
      change({ cancelRequestedMs: deps.now() });
    },
    advance() {
      advancing ??= run()
        .then(
          () => {
            problem = null;
          },
          (error: unknown) => {
            problem = toAppError(error);
            throw problem;
          },
        )
        .finally(() => {
          advancing = null;
        });
      return advancing;
    },
  };
}

/** An action that left no trace is not repeated at once; the next change of facts asks again. */
const isSame = (action: LeaveAction, before: LeaveAction | null): boolean => {
  const text = (value: unknown): string => JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
  return text(action) === text(before);
};

const update = (subscription: Subscription): Intent => ({ ...subscription, kind: 'update_subscription' });

/** An action that did not succeed ends this round; the next one asks the plan again. */
async function succeed(outcome: Promise<Outcome>): Promise<Outcome> {
  const done = await outcome;
  if (done.status === 'in_doubt') throw new AppError('chain.in_doubt');
  if (done.status === 'failed') throw new AppError('chain.rejected', { detail: done.error?.message ?? '' });
  return done;
}
