/** An attestor's next step: a table over ticket, work and facts, the contract's own end of an attestation, and what silence costs. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake2b256, committedProof, stackLeaf } from '../../src-shared/link/proof.ts';
import commitments from '../../src-shared/vectors/commitments.json' with { type: 'json' };
import {
  agreesWithProof, attestReward, attestStep, halfWindowMs, missingPlaces, nextAttestation, silencePenalty, wouldDispute,
  type AttestFacts, type AttestStep, type AttestTicket, type AttestWork,
} from './attest-plan.ts';

const me = 7n;
const root = blake2b256(Uint8Array.of(1));
const nothing = blake2b256(new Uint8Array());
/** The leaves vector as settling leaves it, then with the answers of `answered` places. */
const leavesOf = (of: Uint8Array, extra: number, answered: readonly number[] = []): Uint8Array => {
  const leaves = new Uint8Array(32 * (extra + 1));
  leaves.set(stackLeaf(0, of), 0);
  for (const place of answered) leaves.set(stackLeaf(place + 1, of), 32 * (place + 1));
  return leaves;
};
const ticketOf = (requestedNodes: readonly bigint[], extra: number, change: Partial<AttestTicket> = {}): AttestTicket => ({
  stackSmallId: 3n, selectedNode: 2n, requestedNodes, attestedNodes: [], disputeSettledAtEpoch: 10n, isInDispute: false,
  committedProof: committedProof(root, extra), leaves: leavesOf(root, extra), ...change,
});
const ticket = (change: Partial<AttestTicket> = {}): AttestTicket => ticketOf([me], 1, change);
const work = (change: Partial<AttestWork> = {}): AttestWork => ({ done: 0, complete: false, differing: 0, strangers: 0, root: null, hold: null, decision: null, notBeforeMs: 0, ...change });
const through = (change: Partial<AttestWork> = {}): AttestWork => work({ done: 4, complete: true, root, ...change });
const facts = (change: Partial<AttestFacts> = {}): AttestFacts => ({ nodeSmallId: me, nowMs: 1_000, epoch: 8n, urgent: false, autoAttest: true, submitting: false, coordinator: 'up', freeSlots: 1, ...change });
const told = (step: AttestStep): string => ('why' in step ? step.why : 'reason' in step ? `ask ${step.reason}` : 'for' in step ? `wait ${step.for}` : step.kind);

describe('the next step', () => {
  it.each<[string, AttestTicket, AttestWork, Partial<AttestFacts>, string]>([
    ['a fresh ticket is re-run', ticket(), work(), {}, 'rerun'],
    ['one that does not name this node means nothing', ticket({ requestedNodes: [9n] }), work(), {}, 'not_named'],
    ['one answered already is never answered again', ticket({ attestedNodes: [me] }), through(), {}, 'attested'],
    ['also when another place of this node is open', ticketOf([me, me], 2, { attestedNodes: [me] }), through(), {}, 'attested'],
    ['one in dispute needs nothing', ticket({ isInDispute: true }), work(), {}, 'disputed'],
    ['in epoch D it is late, and still done', ticket(), work(), { epoch: 10n }, 'rerun'],
    ['after epoch D it is over', ticket(), through(), { epoch: 11n }, 'window_over'],
    ['the operator chose silence', ticket(), work({ decision: 'silent' }), {}, 'silent'],
    ['the switch is off', ticket(), work(), { autoAttest: false }, 'wait policy'],
    ['the switch is off and the operator wants this one', ticket(), work({ decision: 'attest' }), { autoAttest: false }, 'rerun'],
    ['after a failure it waits', ticket(), work({ notBeforeMs: 1_001 }), {}, 'wait backoff'],
    ['there is no coordinator', ticket(), work(), { coordinator: 'none' }, 'wait no_coordinator'],
    ['the link is down', ticket(), work(), { coordinator: 'down' }, 'wait link'],
    ['an own stack needs no coordinator', ticket({ selectedNode: me }), work(), { coordinator: 'none' }, 'rerun'],
    ['paid work has the slots', ticket(), work(), { freeSlots: 0 }, 'wait slot'],
    ['the deadline nears', ticket(), work(), { freeSlots: 0, urgent: true }, 'rerun'],
    ['everything agrees', ticket(), through(), {}, 'submit'],
    ['everything agrees and one is on its way', ticket(), through(), { submitting: true }, 'wait submission'],
    ['everything agrees and all slots are taken', ticket(), through(), { freeSlots: 0, coordinator: 'down' }, 'submit'],
    ['an entry differs', ticket(), work({ done: 2, differing: 1 }), {}, 'ask difference'],
    ['an entry differs and the operator pressed attest', ticket(), through({ differing: 1, decision: 'attest' }), {}, 'ask difference'],
    ['another engine computed it', ticket(), through({ strangers: 4 }), {}, 'ask fingerprint'],
    ['another engine, and the operator agrees', ticket(), through({ strangers: 4, decision: 'attest' }), {}, 'submit'],
    ['another engine, not read to its end', ticket(), work({ done: 2, strangers: 2 }), {}, 'rerun'],
    ['the commitment is not over this history', ticket(), through({ root: blake2b256(Uint8Array.of(2)) }), {}, 'ask commitment'],
    ['the history was empty and the commitment is not', ticket(), through({ root: null, done: 0 }), {}, 'ask commitment'],
    ['the history was empty and so is the commitment', ticket({ committedProof: committedProof(nothing, 1), leaves: leavesOf(nothing, 1) }), through({ root: null, done: 0 }), {}, 'submit'],
    ['fewer attestors than slots, and this is the last', ticketOf([me], 2), through(), {}, 'ask would_dispute'],
    ['the buyer sealed the history', ticket(), work({ hold: 'no_history' }), {}, 'ask no_history'],
  ])('%s', (_, given, done, change, expected) => expect(told(attestStep(given, done, facts(change)))).toBe(expected));

  it('goes on behind the last entry with a verdict', () => expect(attestStep(ticket(), work({ done: 5 }), facts())).toEqual({ kind: 'rerun', after: 4, own: false }));
});

describe('the contract at the end of an attestation', () => {
  const bad = blake2b256(Uint8Array.of(9));
  it.each<[string, AttestTicket, boolean]>([
    ['one attestor of one', ticketOf([me], 1), false],
    ['the first of two', ticketOf([me, 8n], 2), false],
    ['the last of two', ticketOf([8n, me], 2, { attestedNodes: [8n], leaves: leavesOf(root, 2, [0]) }), false],
    ['the last of two, the other leaf is wrong', ticketOf([8n, me], 2, { attestedNodes: [8n], leaves: leavesOf(root, 2) }), true],
    ['the first of two, whatever comes then', ticketOf([me, 8n], 2, { leaves: leavesOf(bad, 2) }), false],
    ['one drawn where two were wanted', ticketOf([me], 2), true],
    ['drawn twice, answering once', ticketOf([me, me], 2), false],
    ['a proof by the old daemon, proof = leaf', ticketOf([me], 1, { committedProof: stackLeaf(0, root) }), true],
  ])('%s', (_, given, expected) => expect(wouldDispute(given, me, root)).toBe(expected));

  it('settles for any number of distinct attestors in any order, and never before the last', () => {
    const orders = fc.integer({ min: 1, max: 6 }).chain((count) => fc.shuffledSubarray(Array.from({ length: count }, (_, place) => place), { minLength: count, maxLength: count }));
    fc.assert(
      fc.property(orders, (order) => {
        const nodes = order.map((_, place) => BigInt(place + 1));
        let given = ticketOf(nodes, order.length);
        order.forEach((place, answers) => {
          const node = nodes[place] ?? 0n;
          expect(wouldDispute(given, node, root)).toBe(false);
          given = { ...given, attestedNodes: [...given.attestedNodes, node], leaves: leavesOf(root, order.length, order.slice(0, answers + 1)) };
        });
        expect(bytesToHex(blake2b256(given.leaves))).toBe(bytesToHex(given.committedProof));
      }),
    );
  });
  it.each(commitments.cases.map((one, index) => [index, one] as const))('agrees with the committed proofs of case %i', (_, { root: hex, committed_proof_by_extra_nodes: proofs }) => {
    for (const [extra, proof] of Object.entries(proofs)) {
      const given = ticketOf([me], Number(extra), { committedProof: hexToBytes(proof as string) });
      expect(agreesWithProof(given, hexToBytes(hex))).toBe(true);
      expect(agreesWithProof(given, root)).toBe(false);
    }
  });
});

describe('several tickets', () => {
  const planned = (stackSmallId: bigint, disputeSettledAtEpoch: bigint, step: AttestStep) => ({ stackSmallId, disputeSettledAtEpoch, step });
  const rerun: AttestStep = { kind: 'rerun', after: -1, own: false };
  it('sends what is ready, then works on what ends first', () => {
    const waiting = planned(1n, 1n, { kind: 'wait', for: 'slot' });
    const [late, soon, ready] = [planned(2n, 12n, rerun), planned(3n, 11n, rerun), planned(4n, 20n, { kind: 'submit', root })];
    expect(nextAttestation([waiting, late, soon, ready])).toBe(ready);
    expect(nextAttestation([waiting, late, soon])).toBe(soon);
    expect(nextAttestation([waiting])).toBeNull();
  });
  it('knows who is missing by node, and counts every place', () => expect(missingPlaces({ requestedNodes: [1n, 2n, 1n, 3n], attestedNodes: [1n] })).toEqual([2n, 3n]));
});

describe('time and money', () => {
  it.each([
    ['settled at the begin', 8_000, 9_000],
    ['first seen within the epoch of the settlement', 8_600, 9_300],
    ['first seen after a sleep', 9_800, 9_000],
    ['seen without a chain time', null, 9_000],
  ])('half the window, %s', (_, firstSeenChainMs, half) => expect(halfWindowMs({ disputeSettledAtEpoch: 10n, delayEpochs: 2n, firstSeenChainMs, epochMs: 1_000 })).toBe(half));
  it.each([
    [1_000n, 1, 100n], [1_000n, 2, 190n], [1_000n, 3, 271n], [1_001n, 1, 101n], [9n, 1, 1n], [0n, 3, 0n],
  ])('silence with %d of collateral on %i places costs %d', (collateral, places, cost) => expect(silencePenalty(collateral, 100n, places)).toBe(cost));
  it('never costs more than there is', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 54n }), fc.bigInt({ min: 0n, max: 1_000n }), fc.integer({ min: 0, max: 5 }), (collateral, permille, places) => {
      const cost = silencePenalty(collateral, permille, places);
      expect(cost >= 0n && cost <= collateral).toBe(true);
    }));
  });
  it('pays per place what the contract credits', () => {
    expect(attestReward(114_000_000n, 1n, 1)).toBe(114_000_000n);
    expect(attestReward(100n, 3n, 2)).toBe(66n);
    expect([attestReward(null, 1n, 1), attestReward(1n, 0n, 1)]).toEqual([null, null]);
  });
});
