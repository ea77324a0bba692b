/** Leaving as a table, and as a whole journey against a small chain, in both generations, with and without a change of mind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parkedPrice } from '../../src-shared/bridge/intents.ts';
import { leaveCooldownMs, leavePlan, type LeaveAction, type LeaveFacts, type LeaveRow, type Subscription } from './leave-plan.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const sub: Subscription = { taskSmallId: 3n, price: 100n, maxComputeUnits: 5_000n };
const parked: Subscription = { ...sub, price: parkedPrice };
const row = (over: Partial<LeaveRow> = {}): LeaveRow => ({
  startedMs: 1_000, startedEpoch: 10n, subscriptions: [sub], cancelRequestedMs: null, disableSentMs: null, disabledAtEpoch: null, finishedMs: null, ...over,
});
/** Everything wound up, the cancel window over, not disabled. */
const facts = (over: Partial<LeaveFacts> = {}): LeaveFacts => ({
  nowMs: 1_000 + dayMs, epoch: 11n, resting: 'park', retiredTasks: [], destroyWaitEpochs: 4n, registered: true, disabledAtEpoch: null, subscriptions: [parked],
  running: 0, awaitingAck: 0, openStacks: [], tickets: [], stranded: [], attestedUnclaimed: 0, cancelWindowMs: dayMs, ...over,
});
const waits = (what: string, untilMs: number | null = null, untilEpoch: bigint | null = null): unknown => ({ kind: 'wait', for: what, untilMs, untilEpoch });
const disabledFacts = (over: Partial<LeaveFacts> = {}): LeaveFacts => facts({ disabledAtEpoch: 11n, nowMs: 1_000 + leaveCooldownMs, epoch: 15n, ...over });

describe('leave plan', () => {
  it.each<[string, LeaveRow | null, LeaveFacts, unknown, string | null]>([
    ['off', null, facts(), { kind: 'none' }, null],
    ['chain not read', row(), facts({ nowMs: null, registered: false }), waits('chain'), 'leaving_finishing_work'],
    ['G1 parks', row(), facts({ subscriptions: [sub], running: 1 }), { kind: 'park', subscription: sub }, 'leaving_finishing_work'],
    ['G2 ends', row(), facts({ resting: 'unsubscribe', subscriptions: [sub] }), { kind: 'unsubscribe', taskSmallId: 3n }, 'leaving_finishing_work'],
    ['a task runs', row(), facts({ running: 1, openStacks: [1n] }), waits('work'), 'leaving_finishing_work'],
    ['a result awaits its acknowledgement', row(), facts({ awaitingAck: 1, openStacks: [1n] }), waits('work'), 'leaving_finishing_work'],
    ['stacks are open', row(), facts({ openStacks: [4n, 5n], tickets: [{ stackSmallId: 1n, claimable: true, isInDispute: false }] }), { kind: 'settle', stackSmallId: 4n }, 'leaving_settling'],
    ['a window lasts', row(), facts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: false }] }), waits('window'), 'leaving_waiting_window'],
    ['one of two is claimable', row(), facts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: false }, { stackSmallId: 2n, claimable: true, isInDispute: false }] }), { kind: 'claim', stackSmallIds: [2n] }, 'leaving_waiting_window'],
    ['all are claimable', row(), facts({ tickets: [{ stackSmallId: 2n, claimable: true, isInDispute: false }] }), { kind: 'claim', stackSmallIds: [2n] }, 'leaving_settling'],
    ['a stack in dispute is not waited for', row(), facts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: true }] }), { kind: 'disable' }, 'leaving_disabling'],
    ['a ticket that can never be claimed is not waited for', row(), facts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: false }], stranded: [1n] }), { kind: 'disable' }, 'leaving_disabling'],
    ['a stack that can never be settled is not waited for', row(), facts({ openStacks: [1n], stranded: [1n] }), { kind: 'disable' }, 'leaving_disabling'],
    ['of two open stacks the one that can be settled is', row(), facts({ openStacks: [1n, 4n], stranded: [1n] }), { kind: 'settle', stackSmallId: 4n }, 'leaving_settling'],
    ['of two tickets the one that can be claimed is waited for', row(), facts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: false }, { stackSmallId: 2n, claimable: false, isInDispute: false }], stranded: [1n] }), waits('window'), 'leaving_waiting_window'],
    ['the one ticket that can be claimed is the last step', row(), facts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: false }, { stackSmallId: 2n, claimable: true, isInDispute: false }], stranded: [1n] }), { kind: 'claim', stackSmallIds: [2n] }, 'leaving_settling'],
    ['requests on a stack that can never be paid are still finished', row(), facts({ running: 1, openStacks: [1n], stranded: [1n] }), waits('work'), 'leaving_finishing_work'],
    ['the cancel window has a millisecond left', row(), facts({ nowMs: 999 + dayMs }), waits('cancel_window', 1_000 + dayMs), 'leaving_waiting_cancel_window'],
    ['it is over', row(), facts(), { kind: 'disable' }, 'leaving_disabling'],
    ['no cancel window', row(), facts({ cancelWindowMs: 0, nowMs: 1_000 }), { kind: 'disable' }, 'leaving_disabling'],
    ['disabling is under way', row({ disableSentMs: 5 }), facts(), waits('confirmation'), 'leaving_disabling'],
    ['disabled, both waits', row(), disabledFacts({ nowMs: 2_000, epoch: 12n }), waits('cooldown', 1_000 + leaveCooldownMs, 15n), 'leaving_waiting_collateral'],
    ['7 days over, epochs not', row(), disabledFacts({ epoch: 14n }), waits('cooldown', null, 15n), 'leaving_waiting_collateral'],
    ['epochs over, 7 days not', row(), disabledFacts({ nowMs: 999 + leaveCooldownMs }), waits('cooldown', 1_000 + leaveCooldownMs), 'leaving_waiting_collateral'],
    ['attested for others', row(), disabledFacts({ attestedUnclaimed: 1 }), waits('attestations'), 'leaving_waiting_collateral'],
    ['both over', row(), disabledFacts(), { kind: 'destroy' }, 'leaving_destroying'],
    ['both over, a ticket can never be claimed', row(), disabledFacts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: false }], stranded: [1n] }), { kind: 'destroy' }, 'leaving_destroying'],
    ['both over, a subscription was never parked', row(), disabledFacts({ subscriptions: [sub] }), { kind: 'destroy' }, 'leaving_destroying'],
    ['both over, a stack is still open', row(), disabledFacts({ openStacks: [9n] }), { kind: 'settle', stackSmallId: 9n }, 'leaving_settling'],
    ['disabled by the row alone', row({ disabledAtEpoch: 11n }), facts({ epoch: 15n, nowMs: 1_000 + leaveCooldownMs }), { kind: 'destroy' }, 'leaving_destroying'],
    ['the node is gone', row(), disabledFacts({ registered: false }), { kind: 'done' }, null],
    ['finished', row({ finishedMs: 9 }), disabledFacts({ registered: false }), { kind: 'none' }, null],
    ['cancelled on G1', row({ cancelRequestedMs: 5 }), facts(), { kind: 'restore', how: 'update', subscription: sub }, null],
    ['a retired task, which can only be left', row(), facts({ resting: 'unsubscribe', subscriptions: [sub], retiredTasks: [3n] }), { kind: 'disable' }, 'leaving_disabling'],
    ['cancelled after its task was retired', row({ cancelRequestedMs: 5 }), facts({ resting: 'unsubscribe', subscriptions: [], retiredTasks: [3n] }), { kind: 'cancelled' }, null],
    ['cancelled on G2', row({ cancelRequestedMs: 5 }), facts({ resting: 'unsubscribe', subscriptions: [] }), { kind: 'restore', how: 'subscribe', subscription: sub }, null],
    ['cancelled, the operator ended it on G1', row({ cancelRequestedMs: 5 }), facts({ subscriptions: [] }), { kind: 'cancelled' }, null],
    ['cancelled, the operator set another price', row({ cancelRequestedMs: 5 }), facts({ subscriptions: [{ ...sub, price: 7n }] }), { kind: 'cancelled' }, null],
    ['cancelled, the chain is not read', row({ cancelRequestedMs: 5 }), facts({ nowMs: null }), waits('chain'), null],
    ['cancelled too late', row({ cancelRequestedMs: 5 }), disabledFacts(), { kind: 'destroy' }, 'leaving_destroying'],
  ])('%s', (_, leaving, now, action, reason) => expect(leavePlan(leaving, now)).toMatchObject({ action, reason }));

  it.each<[string, LeaveRow | null, LeaveFacts, boolean, string | null]>([
    ['off', null, facts(), false, 'not_leaving'],
    ['waiting', row(), facts({ nowMs: 2_000 }), true, null],
    ['about to disable', row(), facts(), true, null],
    ['disabling was sent', row({ disableSentMs: 5 }), facts(), false, 'disabled'],
    ['disabled', row(), disabledFacts(), false, 'disabled'],
    ['already cancelling', row({ cancelRequestedMs: 5 }), facts(), false, 'not_leaving'],
  ])('can be cancelled: %s', (_, leaving, now, canCancel, cancelBlockedBy) => expect(leavePlan(leaving, now)).toMatchObject({ canCancel, cancelBlockedBy }));

  it('shows the steps before the current one as done, and the dates', () => {
    const plan = leavePlan(row(), facts({ tickets: [{ stackSmallId: 1n, claimable: false, isInDispute: false }] }));
    expect(plan.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'toggle done', 'park done', 'finish_work done', 'settle done', 'window current', 'claim waiting', 'cancel_window waiting', 'disable waiting', 'cooldown waiting', 'destroy waiting',
    ]);
    expect(plan).toMatchObject({ cancelWindowEndsMs: 1_000 + dayMs, cooldownEndsMs: 1_000 + leaveCooldownMs, collateralUnlocksAtEpoch: null });
    expect(leavePlan(row(), disabledFacts()).collateralUnlocksAtEpoch).toBe(15n);
    expect(leavePlan(row(), disabledFacts({ openStacks: [9n] })).steps.filter(({ status }) => status === 'done').map(({ step }) => step)).toEqual(['toggle', 'park', 'finish_work', 'cancel_window', 'disable']);
  });

  it('claims at most fifty at once', () => {
    const tickets = Array.from({ length: 51 }, (_, i) => ({ stackSmallId: BigInt(i), claimable: true, isInDispute: false }));
    expect(leavePlan(row(), facts({ tickets })).action).toMatchObject({ stackSmallIds: { length: 50 } });
  });
});

/** Carries out one action on the facts, as a chain would, or lets time pass. */
function perform(action: LeaveAction, leaving: LeaveRow, now: LeaveFacts): { leaving: LeaveRow; now: LeaveFacts } {
  const epoch = now.epoch ?? 0n;
  const nowMs = now.nowMs ?? 0;
  const replace = (wanted: Subscription): Subscription[] => [...now.subscriptions.filter(({ taskSmallId }) => taskSmallId !== wanted.taskSmallId), wanted];
  switch (action.kind) {
    case 'park': return { leaving, now: { ...now, subscriptions: replace({ ...action.subscription, price: parkedPrice }) } };
    case 'unsubscribe': return { leaving, now: { ...now, subscriptions: now.subscriptions.filter(({ taskSmallId }) => taskSmallId !== action.taskSmallId) } };
    case 'settle': return { leaving, now: { ...now, openStacks: now.openStacks.filter((id) => id !== action.stackSmallId), tickets: [...now.tickets, { stackSmallId: action.stackSmallId, claimable: false, isInDispute: false }] } };
    case 'claim': return { leaving, now: { ...now, tickets: now.tickets.filter(({ stackSmallId }) => !action.stackSmallIds.includes(stackSmallId)) } };
    case 'disable': return { leaving: { ...leaving, disableSentMs: nowMs }, now: { ...now, disabledAtEpoch: epoch } };
    case 'destroy': return { leaving, now: { ...now, registered: false } };
    case 'restore': return { leaving, now: { ...now, subscriptions: replace(action.subscription) } };
    default: {
      const [first] = now.tickets.filter(({ claimable }) => !claimable);
      const tickets = now.tickets.map((ticket) => (ticket === first ? { ...ticket, claimable: true } : ticket));
      return { leaving, now: { ...now, nowMs: nowMs + 6 * hourMs, epoch: epoch + 1n, tickets, running: Math.max(0, now.running - 1), awaitingAck: Math.max(0, now.awaitingAck - 1) } };
    }
  }
}

describe('a whole departure', () => {
  const start = fc.record({
    resting: fc.constantFrom('park' as const, 'unsubscribe' as const),
    tasks: fc.uniqueArray(fc.bigInt({ min: 1n, max: 9n }), { maxLength: 3 }),
    stacks: fc.uniqueArray(fc.bigInt({ min: 1n, max: 90n }), { maxLength: 4 }),
    running: fc.integer({ min: 0, max: 3 }),
    awaitingAck: fc.integer({ min: 0, max: 3 }),
    cancelAt: fc.option(fc.integer({ min: 0, max: 30 })),
  });

  it('ends with the collateral back and nothing left behind, or with everything as it was', () => {
    fc.assert(fc.property(start, ({ resting, tasks, stacks, running, awaitingAck, cancelAt }) => {
      const subscriptions = tasks.map((taskSmallId) => ({ ...sub, taskSmallId }));
      let leaving = row({ subscriptions });
      let now = facts({ nowMs: 1_000, epoch: 10n, resting, subscriptions, running, awaitingAck, openStacks: stacks });
      let disabledMs: number | null = null;
      for (let turn = 0; turn < 400; turn += 1) {
        if (turn === cancelAt && leavePlan(leaving, now).canCancel) leaving = { ...leaving, cancelRequestedMs: now.nowMs };
        const { action } = leavePlan(leaving, now);
        if (action.kind === 'disable') {
          disabledMs = now.nowMs;
          expect([now.openStacks, now.tickets, now.running, now.awaitingAck]).toEqual([[], [], 0, 0]);
          expect((now.nowMs ?? 0) - leaving.startedMs).toBeGreaterThanOrEqual(dayMs);
        }
        if (action.kind === 'destroy') {
          expect((now.nowMs ?? 0) - leaving.startedMs).toBeGreaterThanOrEqual(leaveCooldownMs);
          expect((now.epoch ?? 0n) - (now.disabledAtEpoch ?? 0n)).toBeGreaterThanOrEqual(4n);
        }
        if (action.kind === 'cancelled') {
          expect(disabledMs).toBeNull();
          expect([...now.subscriptions].sort((a, b) => Number(a.taskSmallId - b.taskSmallId))).toEqual([...subscriptions].sort((a, b) => Number(a.taskSmallId - b.taskSmallId)));
          return;
        }
        if (action.kind === 'done') {
          expect([disabledMs === null, now.registered, leaving.cancelRequestedMs]).toEqual([false, false, null]);
          return;
        }
        ({ leaving, now } = perform(action, leaving, now));
      }
      expect.unreachable('leaving did not end');
    }));
  });
});
