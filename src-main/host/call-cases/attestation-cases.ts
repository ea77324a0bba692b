/** Samples of the calls about attestations (the table of the parity test). */
import type { AttestationView, OwnTicketView, StackAuditView, attestationCalls } from '../../../src-shared/bridge/attestation-calls.ts';
import { coin, done, shownError, type CasesOf } from './samples.ts';

const hash = 'ab'.repeat(32);
const attestation: AttestationView = {
  stackSmallId: 3n, taskSmallId: 2n, selectedNode: 2n, ownStack: false, places: 1, requested: [7n, 9n], attested: [9n], phase: 'asks', waitsFor: null, reason: 'difference', urgent: true,
  disputeSettledAtEpoch: 10n, deadlineMs: 99, penalty: 100n, reward: 570_000_000_000_000_000_000n, frozen: 9n, done: 3, total: null, differing: 1, strangers: 0, committedProof: hash, ownProof: null,
  canAttest: false, canStaySilent: true, canRestart: true, canDispute: true, digest: null, lastError: shownError, dismissed: false, updatedMs: 4,
};
const ownTicket: OwnTicketView = { stackSmallId: 12n, taskSmallId: 2n, requested: [9n], attested: [], missing: [9n], isInDispute: false, disputeSettledAtEpoch: 10n, waitsUntilEpoch: 10n };
const stackAudit: StackAuditView = {
  stackSmallId: 3n, status: 'failed', entries: 40, sampleSize: 3, checked: 3, differing: 1, missing: 0, rootFound: hash, rootKept: hash, lastError: null, updatedMs: 4,
};

export const attestationCases: CasesOf<typeof attestationCalls> = {
  'attestations.list': {
    input: {},
    output: { coin, nodeSmallId: 7n, epoch: 8n, readAtMs: 5, hasCoordinator: true, autoAttest: true, selfAuditSample: 3, asked: [attestation], own: [ownTicket], audits: [stackAudit] },
  },
  'attestations.get': {
    input: { stackSmallId: '3' },
    output: {
      coin, epoch: 8n, attestation, own: null, frozen: 1_240n, disputes: [{ node: 9n, commitment: hash }], audit: stackAudit,
      commitment: { proof: hash, leaves: [hash, '0'.repeat(64)] },
      computed: { root: hash, proof: hash, leaf: null },
      entries: [{ index: 2, taskId: '01M7XPG0PVERF7HENE4K5HTVH9', model: 'sandbox/tiny-chat@1', entry: hash, fingerprint: 'engine/1', ownEntry: hash, ownFingerprint: 'engine/2', runs: 2, verdict: 'differs' }],
    },
  },
  'attestations.evidence': { input: { stackSmallId: '3' }, output: { fileName: 'stack-3-evidence.json', json: '{"format":"x"}' } },
  'attestations.decide': { input: { stackSmallId: '3', decision: 'silent' }, output: done },
  'attestations.restart': { input: { stackSmallId: '3' }, output: done },
  'attestations.overrule': { input: { stackSmallId: '3' }, output: done },
  'attestations.dismiss': { input: { stackSmallId: '3' }, output: done },
};
