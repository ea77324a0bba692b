/** What is claimed together: a table of the obstacles, and the money properties of any plan. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimBatchLimit, claimPlan, splitBatch, type ClaimFacts, type OpenTicket } from './claim-plan.ts';
import { G1 } from '../../src-shared/atoma/index.ts';
import { claimCost, treasuryCost, unitsValue } from './stack-value.ts';

const facts: ClaimFacts = { nowMs: 1_000, epoch: 7n, treasury: 1_000n, withdrawableFees: 0n, lastClaimEpoch: null, autoClaim: true, leaving: false };
const ticket = (change: Partial<OpenTicket> = {}): OpenTicket => ({
  stackSmallId: 1n, disputeSettledAtEpoch: 7n, isInDispute: false, strandedBy: null, treasuryCost: 100n, claiming: false, notBeforeMs: 0, ...change,
});

describe('one ticket', () => {
  it.each<[string, Partial<OpenTicket>, Partial<ClaimFacts>, bigint[], string[]]>([
    ['in the epoch its window ends', {}, {}, [1n], []],
    ['one epoch early', { disputeSettledAtEpoch: 8n }, {}, [], ['window_open']],
    ['in dispute', { isInDispute: true }, {}, [], ['disputed']],
    ['of a removed task', { strandedBy: 'task_removed' }, {}, [], ['task_removed']],
    ['whose attestor was destroyed', { strandedBy: 'attestor_destroyed' }, {}, [], ['attestor_destroyed']],
    ['whose amounts overflow', { treasuryCost: null }, {}, [], ['overflow']],
    ['that is being claimed', { claiming: true }, {}, [], ['claiming']],
    ['that failed and waits', { notBeforeMs: 1_001 }, {}, [], ['waiting']],
    ['beyond the treasury', { treasuryCost: 1_001n }, {}, [], ['treasury_short']],
    ['beyond what the fees leave of the treasury', { treasuryCost: 1_000n }, { withdrawableFees: 1n }, [], ['treasury_short']],
    ['exactly the treasury', { treasuryCost: 1_000n }, {}, [1n], []],
    ['after the claim of this epoch', {}, { lastClaimEpoch: 7n }, [], ['waiting']],
    ['after a claim of the epoch before', {}, { lastClaimEpoch: 6n }, [1n], []],
    ['in epoch D with an attestor missing', { missingAttestors: 1 }, { waitForAttestors: true }, [], ['attestor_late']],
    ['in the epoch after with an attestor missing', { missingAttestors: 1 }, { waitForAttestors: true, epoch: 8n }, [1n], []],
    ['in epoch D with all attestors there', { missingAttestors: 0 }, { waitForAttestors: true }, [1n], []],
    ['in epoch D with an attestor missing and the switch off', { missingAttestors: 1 }, { waitForAttestors: false }, [1n], []],
    ['in epoch D with an attestor missing, while leaving', { missingAttestors: 1 }, { waitForAttestors: true, leaving: true }, [1n], []],
    ['whose gas is worth more', { fee: 9n }, { gasWorth: 10n }, [], ['gas_worth_more']],
    ['whose gas is worth as much', { fee: 10n }, { gasWorth: 10n }, [1n], []],
    ['whose gas is worth more, while leaving', { fee: 9n }, { gasWorth: 10n, leaving: true }, [1n], []],
    ['whose gas is worth nothing that is known', { fee: 0n }, { gasWorth: null }, [1n], []],
    ['whose own worth is unknown', { fee: null }, { gasWorth: 10n }, [1n], []],
    ['with the switch off', {}, { autoClaim: false }, [], ['waiting']],
    ['with the switch off while leaving', {}, { autoClaim: false, leaving: true, lastClaimEpoch: 7n }, [1n], []],
  ])('%s', (_, change, situation, claim, left) => {
    const plan = claimPlan([ticket(change)], { ...facts, ...situation });
    expect([plan.claim, plan.left.map(({ why }) => why)]).toEqual([claim, left]);
  });
});

describe('several tickets', () => {
  it('come oldest first, and a small one passes a large one that the treasury cannot pay', () => {
    const plan = claimPlan([ticket({ stackSmallId: 3n, treasuryCost: 400n }), ticket({ stackSmallId: 2n, disputeSettledAtEpoch: 5n, treasuryCost: 500n }), ticket({ stackSmallId: 1n, treasuryCost: 600n })], facts);
    expect(plan).toEqual({ claim: [2n, 3n], left: [{ stackSmallId: 1n, why: 'treasury_short' }] });
  });
  it('wait for each other while the gas is worth more than all of them', () => {
    const small = (stackSmallId: bigint): OpenTicket => ticket({ stackSmallId, fee: 4n });
    expect(claimPlan([small(1n), small(2n)], { ...facts, gasWorth: 10n }).claim).toEqual([]);
    expect(claimPlan([small(1n), small(2n), small(3n)], { ...facts, gasWorth: 10n }).claim).toEqual([1n, 2n, 3n]);
  });
  it('fill one transaction at most', () => {
    const many = Array.from({ length: claimBatchLimit + 5 }, (_, index) => ticket({ stackSmallId: BigInt(index + 1), treasuryCost: 1n }));
    expect(claimPlan(many, facts).claim).toHaveLength(claimBatchLimit);
  });
  it('are split until one is left', () => {
    expect(splitBatch([1n, 2n, 3n])).toEqual([[1n, 2n], [3n]]);
    fc.assert(fc.property(fc.array(fc.bigInt(), { minLength: 2 }), (ids) => {
      const [left, right] = splitBatch(ids);
      expect([...left, ...right]).toEqual(ids);
      expect(Math.min(left.length, right.length)).toBeGreaterThan(0);
    }));
  });
});

describe('money', () => {
  const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const settings = { samplingConsensusChargePermille: 1_200n, crossValidationExtraNodesChargePermille: 12n };
  it('a plan never takes more than the treasury holds, and names every ticket once', () => {
    const any = fc.record({ stackSmallId: u64, disputeSettledAtEpoch: fc.bigInt({ min: 0n, max: 14n }), isInDispute: fc.boolean(), strandedBy: fc.constantFrom<OpenTicket['strandedBy']>(null, 'task_removed', 'attestor_destroyed'), treasuryCost: fc.option(fc.bigInt({ min: 0n, max: 900n })), claiming: fc.boolean(), notBeforeMs: fc.nat(2_000) });
    fc.assert(fc.property(fc.uniqueArray(any, { selector: (one) => one.stackSmallId }), fc.bigInt({ min: 0n, max: 5_000n }), fc.bigInt({ min: 0n, max: 900n }), (tickets, treasury, withdrawableFees) => {
      const plan = claimPlan(tickets, { ...facts, treasury, withdrawableFees });
      const cost = plan.claim.reduce((sum, id) => sum + (tickets.find((one) => one.stackSmallId === id)?.treasuryCost ?? 0n), 0n);
      expect(cost === 0n || cost + withdrawableFees <= treasury).toBe(true);
      expect([...plan.claim, ...plan.left.map(({ stackSmallId }) => stackSmallId)].sort()).toEqual(tickets.map(({ stackSmallId }) => stackSmallId).sort());
      expect(tickets.filter((one) => plan.claim.includes(one.stackSmallId)).every((one) => !one.isInDispute && one.strandedBy === null && one.disputeSettledAtEpoch <= facts.epoch)).toBe(true);
    }));
  });
  it('fee and refund together never exceed what the units bought are worth, and without consensus are exactly it', () => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: 2n ** 32n }), fc.bigInt({ min: 1n, max: 2n ** 20n }), fc.bigInt({ min: 0n, max: 2n ** 20n }), fc.boolean(), (price, units, asked, samplingConsensus) => {
      const claimed = asked > units ? units : asked;
      const cost = treasuryCost({ price, numComputeUnits: units, samplingConsensus }, claimed, G1, settings);
      if (cost === null) throw new Error('these amounts do not overflow');
      const whole = unitsValue({ price, samplingConsensus }, units, G1, settings) ?? -1n;
      expect(cost <= whole && whole - cost <= 1n).toBe(true);
      if (!samplingConsensus) expect(cost).toBe(price * units);
    }));
  });
  it('is unknown where the chain would overflow, never wrong', () => {
    fc.assert(fc.property(u64, u64, (price, units) => {
      const value = unitsValue({ price, samplingConsensus: false }, units, G1, settings);
      expect(value).toBe(price * units < 2n ** 64n ? price * units : null);
    }));
  });
});

describe('a node that was drawn for its own stack', () => {
  const settings = { samplingConsensusChargePermille: 1_200n, crossValidationExtraNodesChargePermille: 12n, crossValidationExtraNodesCount: 2n };
  const stack = { price: 100n, numComputeUnits: 1_000n, samplingConsensus: true };
  it.each<[string, bigint[], bigint[], bigint]>([
    ['and answered takes its credit with the claim', [7n, 9n], [9n, 7n], 48_000n],
    ['twice and answered once takes both', [7n, 7n], [7n], 96_000n],
    ['and did not answer takes none', [7n, 9n], [9n], 0n],
    ['of another node takes none', [9n, 8n], [9n, 8n], 0n],
  ])('%s', (_, requestedNodes, attestedNodes, credit) => {
    const cost = treasuryCost(stack, 800n, G1, settings) ?? 0n;
    expect(claimCost(stack, { claimedUnits: 800n, requestedNodes, attestedNodes }, 7n, G1, settings)).toBe(cost + credit);
  });
});
