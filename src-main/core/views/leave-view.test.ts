/** Leaving as it is shown: what is not known stays unknown, a dispute is told apart, and the step that waits says why (product.md, Leave and "Rules"). */
import { expect, it } from 'vitest';
import { leavePlan, type LeaveFacts, type LeaveRow } from '../leave-plan.ts';
import { leaveView, type LeaveMoney } from './leave-view.ts';

const row: LeaveRow = { startedMs: 1_000, startedEpoch: 1n, subscriptions: [], cancelRequestedMs: null, disableSentMs: null, disabledAtEpoch: null, finishedMs: null };
const facts: LeaveFacts = {
  nowMs: 2_000, epoch: 2n, resting: 'park', retiredTasks: [], destroyWaitEpochs: 4n, registered: true, disabledAtEpoch: null, subscriptions: [],
  running: 0, awaitingAck: 0, openStacks: [1n], stranded: [], attestedUnclaimed: 0, cancelWindowMs: 0,
  tickets: [{ stackSmallId: 2n, claimable: false, isInDispute: false }, { stackSmallId: 3n, claimable: false, isInDispute: true }],
};
const money: LeaveMoney = { coin: { type: '0x1::toma::TOMA', symbol: 'TOMA', decimals: 9 }, openValue: 5n, claimableValue: 0n, disputedValue: 7n, stranded: [], requests: [], collateral: 1_000n, chainReadAtMs: 3 };
const shown = (change: Partial<LeaveMoney> = {}, problem: string | null = null) => leaveView(row, leavePlan(row, facts), facts, { ...money, ...change }, problem);

it('counts a stack in dispute by itself', () => {
  expect(shown().consequences).toMatchObject({ openStacks: 2, disputedStacks: 1, disputedValue: { value: 7n, source: 'chain', readAtMs: 3 } });
});

it('sums what can never be paid by what it lacks, and counts it among the open stacks no more', () => {
  const stranded = [{ why: 'attestor_destroyed' as const, value: 5n }, { why: 'task_removed' as const, value: 2n }, { why: 'attestor_destroyed' as const, value: 6n }];
  const view = leaveView(row, leavePlan(row, facts), { ...facts, openStacks: [1n, 4n, 5n], stranded: [4n, 5n, 6n], tickets: [...facts.tickets, { stackSmallId: 6n, claimable: false, isInDispute: false }] }, { ...money, stranded }, null);
  expect(view.consequences).toMatchObject({
    openStacks: 2,
    stranded: [{ why: 'task_removed', stacks: 1, value: { value: 2n } }, { why: 'attestor_destroyed', stacks: 2, value: { value: 11n, source: 'chain', readAtMs: 3 } }],
  });
});

it.each([
  [[], 0n],
  [[{ penalty: 100n }, { penalty: 90n }], 190n],
  [[{ penalty: 100n }, { penalty: null }], null],
])('sums what silence on %o costs', (requests, value) => {
  expect(shown({ requests }).consequences).toMatchObject({ openRequests: requests.length, penalty: { value } });
});

it('leaves unknown what was not read', () => {
  expect(shown({ openValue: null, claimableValue: null, collateral: null }).consequences).toMatchObject({ openValue: { value: null }, claimableValue: { value: null }, collateral: { value: null } });
});

it('says at the current step what holds it up, and at no other', () => {
  expect(shown({}, 'No gas.').steps.filter(({ detail }) => detail !== null)).toEqual([{ step: 'settle', status: 'current', detail: 'No gas.' }]);
  expect(shown().steps.every(({ detail }) => detail === null)).toBe(true);
});
