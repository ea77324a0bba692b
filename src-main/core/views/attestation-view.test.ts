/** What the window is told of attestations: phases, what may be done, who is missing, which alerts stand, and evidence without any prompt. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { blake2b256, committedProof, stackLeaf } from '../../../src-shared/link/proof.ts';
import { computedOf, evidenceOf } from '../attest-evidence.ts';
import type { AttestStep } from '../attest-plan.ts';
import type { AttestationRow, Reexecution, StackAudit, TicketFact } from '../attest-rows.ts';
import { amountText, attestationAlerts } from './attestation-alerts.ts';
import { attestationView, auditView, ownTicketView, type OwnTicket } from './attestation-view.ts';

const root = blake2b256(Uint8Array.of(1));
const ticket: TicketFact = {
  stackSmallId: 3n, selectedNode: 2n, requestedNodes: [7n, 9n], attestedNodes: [9n], disputeSettledAtEpoch: 10n, isInDispute: false,
  committedProof: committedProof(root, 2), leaves: new Uint8Array(96), claimedUnits: 5n, stack: { taskSmallId: 2n, price: 5n, numComputeUnits: 9n },
};
const row = (change: Partial<AttestationRow> = {}): AttestationRow => ({
  stackSmallId: 3n, nodeSmallId: 7n, ticket, done: 2, complete: false, differing: 0, strangers: 0, root, hold: null, decision: null, attempts: 0, notBeforeMs: 0, error: null,
  digest: null, penalty: 1_500_000_000n, reward: 570n, end: null, dismissed: false, firstSeenMs: 1, firstSeenChainMs: 1, updatedMs: 4, ...change,
});
const view = (step: AttestStep | null, change: Partial<AttestationRow> = {}, urgent = false) => attestationView({ row: row(change), plan: step === null ? null : { step, urgent }, deadlineMs: 99, frozen: 700n, isNext: true });

describe('an attestation', () => {
  it.each<[string, AttestStep | null, Partial<AttestationRow>, object]>([
    ['re-run', { kind: 'rerun', after: 1, own: false }, {}, { phase: 'running', canStaySilent: true, canAttest: false, canDispute: false, deadlineMs: 99 }],
    ['waiting for the switch', { kind: 'wait', for: 'policy' }, {}, { phase: 'waiting', waitsFor: 'policy', canAttest: true }],
    ['waiting for a slot', { kind: 'wait', for: 'slot' }, {}, { phase: 'waiting', waitsFor: 'slot', canAttest: false }],
    ['a difference', { kind: 'ask', reason: 'difference' }, { differing: 1 }, { phase: 'asks', reason: 'difference', canAttest: false, canRestart: true, canDispute: true }],
    ['another engine', { kind: 'ask', reason: 'fingerprint' }, { strangers: 2, complete: true }, { phase: 'asks', canAttest: true, canDispute: false, total: 2 }],
    ['a history that cannot be run', { kind: 'ask', reason: 'bad_history' }, { hold: 'bad_history' }, { canAttest: false, canRestart: true, canDispute: false }],
    ['silent', { kind: 'none', why: 'silent' }, { decision: 'silent' }, { phase: 'silent', canStaySilent: false, canAttest: true, canDispute: false }],
    ['in dispute', { kind: 'none', why: 'disputed' }, {}, { phase: 'disputed', canStaySilent: false, canAttest: false, canDispute: false, deadlineMs: null }],
    ['attested', { kind: 'none', why: 'attested' }, { digest: 'D' }, { phase: 'attested', canStaySilent: false, deadlineMs: null }],
    ['slashed', null, { end: 'slashed' }, { phase: 'slashed', canStaySilent: false, canDispute: false }],
    ['not read yet', null, { ticket: null }, { phase: 'waiting', waitsFor: 'chain', places: 0, committedProof: null, ownProof: null, canStaySilent: false }],
  ])('%s', (_, step, change, expected) => expect(view(step, change)).toMatchObject(expected));
  it('that is not the next one waits for its turn', () =>
    expect(attestationView({ row: row(), plan: { step: { kind: 'rerun', after: 1, own: false }, urgent: false }, deadlineMs: null, frozen: null, isNext: false })).toMatchObject({ phase: 'waiting', waitsFor: 'turn' }));
  it('shows both commitments', () => {
    const shown = view({ kind: 'rerun', after: 1, own: false });
    expect([shown.committedProof, shown.ownProof]).toEqual([bytesToHex(ticket.committedProof), bytesToHex(ticket.committedProof)]);
    expect(computedOf(row())).toEqual({ root: bytesToHex(root), proof: bytesToHex(ticket.committedProof), leaf: bytesToHex(stackLeaf(1, root)) });
  });
});

describe('an own ticket', () => {
  const own: OwnTicket = { stackSmallId: 4n, taskSmallId: 2n, requestedNodes: [7n, 9n, 9n], attestedNodes: [7n], disputeSettledAtEpoch: 10n, isInDispute: false };
  it.each<[string, Partial<OwnTicket>, boolean, bigint[], bigint | null]>([
    ['waits through epoch D', {}, true, [9n, 9n], 10n],
    ['is claimed in epoch D with the switch off', {}, false, [9n, 9n], 9n],
    ['has nobody missing', { attestedNodes: [7n, 9n] }, true, [], null],
    ['whose object was not read', { disputeSettledAtEpoch: null }, true, [9n, 9n], null],
  ])('%s', (_, change, waits, missing, until) => expect(ownTicketView({ ...own, ...change }, waits)).toMatchObject({ missing, waitsUntilEpoch: until }));
});

const coin = { type: '0x1::t::T', symbol: 'TOMA', decimals: 9 };
const audit = (change: Partial<StackAudit> = {}): StackAudit => ({
  stackSmallId: 5n, status: 'failed', entries: 9, rootFound: 'a', rootKept: 'a', sampleSize: 3, checked: 3, differing: 1, missing: 0, attempts: 0, notBeforeMs: 0, error: null, wantedMs: 1, updatedMs: 2, ...change,
});

describe('alerts', () => {
  const alerts = (attestations: ReturnType<typeof view>[], audits: StackAudit[] = []) => attestationAlerts({ coin, attestations, audits: audits.map(auditView) }).map(({ code, level, message }) => [code, level, message]);
  it('name deadline and penalty in tokens', () =>
    expect(alerts([view({ kind: 'rerun', after: 1, own: false })])).toEqual([['attest_asked', 'info', 'Stack #3: this node is asked to check it by the end of epoch 9; silence costs 1.5 TOMA.']]));
  it('say why it waits', () =>
    expect(alerts([view({ kind: 'wait', for: 'link' })])).toEqual([['attest_asked', 'warning', 'Stack #3: this node is asked to check it by the end of epoch 9; silence costs 1.5 TOMA. It waits: the link to the coordinator is down.']]));
  it.each<[string, ReturnType<typeof view>[], StackAudit[], string[]]>([
    ['half the window', [view({ kind: 'wait', for: 'slot' }, {}, true)], [], ['attest_half_window']],
    ['a question', [view({ kind: 'ask', reason: 'commitment' })], [], ['attest_asks']],
    ['a slash', [view(null, { end: 'slashed' })], [], ['attest_slashed']],
    ['a slash that was seen', [view(null, { end: 'slashed', dismissed: true })], [], []],
    ['silence by choice', [view({ kind: 'none', why: 'silent' })], [], []],
    ['what is answered', [view({ kind: 'none', why: 'attested' })], [], []],
    ['a failed audit', [], [audit()], ['audit_failed']],
    ['an audit that cannot go on', [], [audit({ status: 'wanted', error: { code: 'c', message: 'm', atMs: 1 } })], ['audit_waits']],
    ['an audit that passed', [], [audit({ status: 'passed' })], []],
  ])('of %s', (_, attestations, audits, codes) => expect(alerts(attestations, audits).map(([code]) => code)).toEqual(codes));
  it.each([[0n, '0 TOMA'], [1_000n, '0.000001 TOMA'], [1_500_000_000n, '1.5 TOMA'], [2n * 10n ** 27n, '2000000000000000000 TOMA']])('write %d exactly', (value, text) => expect(amountText(value, coin)).toBe(text));
});

describe('evidence', () => {
  const entry: Reexecution = { index: 2, taskId: '01M7XPG0PVERF7HENE4K5HTVH9', model: 'm@1', entry: 'aa', fingerprint: 'f', ownEntry: 'bb', ownFingerprint: 'g', runs: 2, verdict: 'differs' };
  it('holds hashes, fingerprints, commitments and the signed acknowledgement, and is plain JSON', () => {
    const value = evidenceOf({
      stackSmallId: 3n, nodeSmallId: 7n, network: { id: 'sandbox', chainId: 'c', atomaPackageId: '0x1', atomaDbId: '0x2' }, coordinatorId: '0x3', atMs: 1,
      ticket, disputes: [{ node: 9n, commitment: 'cc', original: 'dd' }], attestation: row({ differing: 1 }), audit: audit(), keptRoot: null, attested: [entry], audited: [],
      ack: () => ({ coordinatorId: '0x3', status: 'accepted', entryIndex: 2, reason: null, sig: 'S' }),
    });
    expect(JSON.parse(JSON.stringify(value))).toMatchObject({
      stack_small_id: '3',
      ticket: { selected_node: '2', stack_merkle_leaves: ['0'.repeat(64), '0'.repeat(64), '0'.repeat(64)] },
      re_execution: { differing: 1, computed: { root: bytesToHex(root) }, results: [{ index: 2, entry: 'aa', own_entry: 'bb', verdict: 'differs', acknowledgement: { entry_index: 2, sig: 'S' } }] },
      disputes: [{ attestation_node: '9', attestation_commitment: 'cc', original_commitment: 'dd' }],
      self_audit: { status: 'failed', root_kept: 'a' },
    });
  });
  it('of an own stack shows that the commitment on chain is the one its receipts give', () => {
    const own = { ...ticket, selectedNode: 7n, committedProof: committedProof(root, 2) };
    const value = evidenceOf({ stackSmallId: 3n, nodeSmallId: 7n, network: { id: 'n', chainId: null, atomaPackageId: '', atomaDbId: '' }, coordinatorId: null, atMs: 1, ticket: own, disputes: [], attestation: null, audit: null, keptRoot: root, attested: [], audited: [], ack: () => null });
    expect(value.settlement).toEqual({ root: bytesToHex(root), proof: value.ticket?.committed_stack_proof, leaf: bytesToHex(stackLeaf(0, root)) });
  });
  it('says what is not there', () => {
    const value = evidenceOf({ stackSmallId: 3n, nodeSmallId: null, network: { id: 'n', chainId: null, atomaPackageId: '', atomaDbId: '' }, coordinatorId: null, atMs: 1, ticket: null, disputes: [], attestation: null, audit: null, keptRoot: null, attested: [], audited: [], ack: () => null });
    expect([value.ticket, value.settlement, value.re_execution, value.self_audit]).toEqual([null, null, null, null]);
  });
});
