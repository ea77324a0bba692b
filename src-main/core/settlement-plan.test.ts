/** When a stack is settled and for how many units: a table of the rules, and properties over any stacks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settlementPlan, type OpenStack, type StackWork } from './settlement-plan.ts';

const nowMs = 1_000_000;
const policies = { autoSettle: true, settleAtPercent: 95, settleWhenIdleMs: 60_000 };
const idle: StackWork = { acceptedUnits: 0n, awaitingAck: 0, running: 0, lastAcceptedAtMs: null };
type Change = Omit<Partial<OpenStack>, 'work'> & { work?: Partial<StackWork> };
const stack = ({ work, ...change }: Change = {}): OpenStack => ({
  stackSmallId: 1n, taskSmallId: 1n, numComputeUnits: 1_000n, settling: false, taskExists: true, mostUnits: 2n ** 64n - 1n, direct: false, firstSeenMs: nowMs - 10, notBeforeMs: 0, ...change, work: { ...idle, ...work },
});
const plan = (stacks: OpenStack[], change: { leaving?: boolean; policies?: Partial<typeof policies> } = {}) =>
  settlementPlan(stacks, { nowMs, leaving: change.leaving ?? false, policies: { ...policies, ...change.policies } }).map(({ stackSmallId, claimedUnits, reason }) => `${stackSmallId}:${claimedUnits}:${reason}`);

describe('one stack', () => {
  it.each<[string, Change, string[]]>([
    ['below the percentage', { work: { acceptedUnits: 949n, lastAcceptedAtMs: nowMs } }, []],
    ['at the percentage', { work: { acceptedUnits: 950n, lastAcceptedAtMs: nowMs } }, ['1:950:full']],
    ['full', { work: { acceptedUnits: 1_000n } }, ['1:1000:full']],
    ['with more acknowledged than bought', { work: { acceptedUnits: 1_001n } }, ['1:1000:full']],
    ['while a result awaits its receipt', { work: { acceptedUnits: 1_000n, awaitingAck: 1 } }, []],
    ['while a request runs', { work: { acceptedUnits: 1_000n, running: 1 } }, []],
    ['idle for long enough', { firstSeenMs: 0, work: { acceptedUnits: 1n, lastAcceptedAtMs: nowMs - 60_000 } }, ['1:1:idle']],
    ['idle a moment too short', { firstSeenMs: 0, work: { acceptedUnits: 1n, lastAcceptedAtMs: nowMs - 59_999 } }, []],
    ['never used', { firstSeenMs: 0 }, []],
    ['settling already', { settling: true, work: { acceptedUnits: 1_000n } }, []],
    ['of which the chain cannot multiply all', { mostUnits: 960n, work: { acceptedUnits: 1_000n } }, ['1:960:full']],
    ['whose refund the chain cannot multiply yet', { mostUnits: 400n, work: { acceptedUnits: 950n } }, []],
    ['of a removed task', { taskExists: false, work: { acceptedUnits: 1_000n } }, []],
    ['that failed and waits', { notBeforeMs: nowMs + 1, work: { acceptedUnits: 1_000n } }, []],
    ['that failed and may be tried again', { notBeforeMs: nowMs, work: { acceptedUnits: 1_000n } }, ['1:1000:full']],
  ])('%s', (_, change, expected) => expect(plan([stack(change)])).toEqual(expected));
  it('is left alone when the switch is off, except when leaving', () => {
    const full = stack({ work: { acceptedUnits: 1_000n } });
    expect(plan([full], { policies: { autoSettle: false } })).toEqual([]);
    expect(plan([full], { policies: { autoSettle: false }, leaving: true })).toEqual(['1:1000:leaving']);
  });
  it('unused is settled for nothing when leaving, but not while work is under way', () => {
    expect(plan([stack()], { leaving: true })).toEqual(['1:0:leaving']);
    expect(plan([stack({ work: { running: 1 } })], { leaving: true })).toEqual([]);
  });
});

describe('several stacks', () => {
  it('of a task that works elsewhere are not idle', () => {
    const old = stack({ firstSeenMs: 0, work: { acceptedUnits: 5n, lastAcceptedAtMs: 0 } });
    expect(plan([old])).toEqual(['1:5:idle']);
    expect(plan([old, stack({ stackSmallId: 2n, work: { running: 1 } })])).toEqual([]);
    expect(plan([old, stack({ stackSmallId: 2n, work: { acceptedUnits: 1n, lastAcceptedAtMs: nowMs } })])).toEqual([]);
    expect(plan([old, stack({ stackSmallId: 2n, taskSmallId: 2n, work: { running: 1 } })])).toEqual(['1:5:idle']);
  });
  it('come in the order of their numbers', () => {
    expect(plan([stack({ stackSmallId: 9n, work: { acceptedUnits: 1_000n } }), stack({ stackSmallId: 2n, work: { acceptedUnits: 999n } })])).toEqual(['2:999:full', '9:1000:full']);
  });
});

describe('any stacks', () => {
  const anyStack = fc.record({
    stackSmallId: fc.bigInt({ min: 1n, max: 30n }), taskSmallId: fc.bigInt({ min: 1n, max: 3n }), numComputeUnits: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), settling: fc.boolean(), taskExists: fc.boolean(), direct: fc.boolean(),
    mostUnits: fc.oneof(fc.constant(2n ** 64n - 1n), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })),
    firstSeenMs: fc.nat(nowMs), notBeforeMs: fc.nat(2 * nowMs),
    work: fc.record({ acceptedUnits: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), awaitingAck: fc.nat(2), running: fc.nat(2), lastAcceptedAtMs: fc.option(fc.nat(nowMs)) }),
  });
  it('never claim more than was acknowledged or bought, and never touch work under way', () => {
    fc.assert(fc.property(fc.uniqueArray(anyStack, { selector: (one) => one.stackSmallId }), fc.boolean(), (stacks, leaving) => {
      for (const { stackSmallId, claimedUnits } of settlementPlan(stacks, { nowMs, leaving, policies })) {
        const of = stacks.find((one) => one.stackSmallId === stackSmallId);
        if (of === undefined) throw new Error('a settlement of no stack');
        expect(claimedUnits <= of.work.acceptedUnits && claimedUnits <= of.numComputeUnits && claimedUnits <= of.mostUnits && of.numComputeUnits - claimedUnits <= of.mostUnits).toBe(true);
        expect([of.settling, of.taskExists, of.work.awaitingAck, of.work.running]).toEqual([false, true, 0, 0]);
      }
    }));
  });
});
