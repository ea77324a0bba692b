/** The driver over a small chain in memory: a mark without a transaction does not hold leaving up, one with a transaction does (coordinator.md 8, "Leaving"). */
import { describe, expect, it } from 'vitest';
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { LeaveFacts, LeaveRow } from '../core/leave-plan.ts';
import { silentLogger } from '../log/logger.ts';
import { createLeaveDriver } from './leave-driver.ts';

const success: Outcome = { digest: 'd', status: 'success', gasMist: 1n, error: null, effects: null };
const leaving: LeaveRow = { startedMs: 1_000, startedEpoch: 1n, subscriptions: [], cancelRequestedMs: null, disableSentMs: null, disabledAtEpoch: null, finishedMs: null };

function bench(start: Partial<LeaveRow>, given: { isDisabling?: () => boolean; execute?: () => Promise<Outcome> } = {}) {
  let row: LeaveRow | null = { ...leaving, ...start };
  const executed: Intent[] = [];
  const facts: LeaveFacts = {
    nowMs: 2_000, epoch: 2n, resting: 'park', retiredTasks: [], destroyWaitEpochs: 4n, registered: true, disabledAtEpoch: null, subscriptions: [],
    running: 0, awaitingAck: 0, openStacks: [], tickets: [], stranded: [], attestedUnclaimed: 0, cancelWindowMs: 0,
  };
  const driver = createLeaveDriver({
    row: { read: () => row, write: (next) => void (row = next) },
    facts: () => facts,
    reconcile: async () => undefined,
    execute: async (intent) => {
      executed.push(intent);
      const outcome = await (given.execute?.() ?? Promise.resolve(success));
      facts.disabledAtEpoch = 2n;
      return outcome;
    },
    isDisabling: given.isDisabling ?? (() => false),
    refresh: async () => undefined,
    now: () => 5,
    log: silentLogger,
  });
  return { driver, facts, executed, row: () => row };
}

describe('the mark of disabling', () => {
  it('that no transaction stands for is dropped, and the node disabled', async () => {
    const { driver, executed, row } = bench({ disableSentMs: 3 });
    expect(driver.plan().canCancel).toBe(false);
    await driver.advance();
    expect(executed).toEqual([{ kind: 'disable' }]);
    expect(row()).toMatchObject({ disableSentMs: 5, disabledAtEpoch: 2n });
  });
  it('waits while a transaction may have been sent', async () => {
    const { driver, executed, row } = bench({ disableSentMs: 3 }, { isDisabling: () => true });
    await driver.advance();
    expect([executed, row()?.disableSentMs]).toEqual([[], 3]);
  });
  it('stays when the chain says that the node is disabled', async () => {
    const { driver, facts, executed, row } = bench({ disableSentMs: 3 });
    facts.disabledAtEpoch = 2n;
    await driver.advance();
    expect([executed, row()?.disableSentMs]).toEqual([[], 3]);
  });
  it('waits for the chain when it was not read', async () => {
    const { driver, facts, row } = bench({ disableSentMs: 3 });
    facts.nowMs = null;
    await driver.advance();
    expect(row()?.disableSentMs).toBe(3);
  });
  it('is gone when the chain refused, so that leaving can still be cancelled', async () => {
    const { driver, row } = bench({}, { execute: () => Promise.reject(new AppError('chain.rejected', { detail: 'no' })) });
    await expect(driver.advance()).rejects.toMatchObject({ code: 'chain.rejected' });
    expect(row()?.disableSentMs).toBeNull();
    expect(driver.problem()).toMatch(/no/);
    driver.cancel();
    await driver.advance();
    expect([row(), driver.problem()]).toEqual([null, null]);
  });
});

it('advances once however often it is asked', async () => {
  const { driver, executed } = bench({});
  await Promise.all([driver.advance(), driver.advance(), driver.advance()]);
  expect(executed).toHaveLength(1);
});
