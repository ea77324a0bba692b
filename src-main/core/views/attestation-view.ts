/** Attestations, own tickets and audits as the window shows them (product.md, "Attestations and disputes"). */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { AttestationView, OwnTicketView, StackAuditView } from '../../../src-shared/bridge/attestation-calls.ts';
import { committedProof } from '../../../src-shared/link/proof.ts';
import { extraNodesOf, missingPlaces, placesOf, type AttestStep } from '../attest-plan.ts';
import type { AttestationRow, StackAudit } from '../attest-rows.ts';

/** A row with the plan of it; the plan is null once the ticket is gone, or while it is not read. One thing is done at a time: `isNext` is the one. */
export type ShownAttestation = { row: AttestationRow; plan: { step: AttestStep; urgent: boolean } | null; deadlineMs: number | null; frozen: bigint | null; isNext: boolean };

type Stand = Pick<AttestationView, 'phase' | 'waitsFor' | 'reason'>;
const stand = (phase: Stand['phase'], more: Partial<Stand> = {}): Stand => ({ phase, waitsFor: null, reason: null, ...more });

function standOf({ row, plan, isNext }: ShownAttestation): Stand {
  if (row.end !== null) return stand(row.end);
  if (plan === null) return stand('waiting', { waitsFor: 'chain' });
  const { step } = plan;
  switch (step.kind) {
    case 'rerun':
    case 'submit':
      return isNext ? stand('running') : stand('waiting', { waitsFor: 'turn' });
    case 'wait':
      return stand('waiting', { waitsFor: step.for });
    case 'ask':
      return stand('asks', { reason: step.reason });
    case 'none':
      return stand(step.why === 'not_named' ? 'unharmed' : step.why);
  }
}

/** The proof that this node's own entries give, over the slots the ticket has; null while nothing was re-run. */
export const ownProofOf = ({ root, ticket }: Pick<AttestationRow, 'root' | 'ticket'>): string | null =>
  root === null || ticket === null ? null : bytesToHex(committedProof(root, extraNodesOf(ticket)));

/** One attestation. */
export function attestationView(shown: ShownAttestation): AttestationView {
  const { row, plan, deadlineMs } = shown;
  const { ticket } = row;
  const where = standOf(shown);
  const open = row.end === null && ticket !== null && ['running', 'waiting', 'asks', 'silent'].includes(where.phase);
  // Engines that differ prove nothing; entries that differ, or a commitment over something else, are what a dispute is about.
  const evident = where.phase === 'asks' && (where.reason === 'difference' || where.reason === 'commitment');
  return {
    stackSmallId: row.stackSmallId,
    taskSmallId: ticket?.stack?.taskSmallId ?? null,
    selectedNode: ticket?.selectedNode ?? null,
    ownStack: ticket?.selectedNode === row.nodeSmallId,
    places: ticket === null ? 0 : placesOf(ticket, row.nodeSmallId).length,
    requested: [...(ticket?.requestedNodes ?? [])],
    attested: [...(ticket?.attestedNodes ?? [])],
    ...where,
    urgent: open && (plan?.urgent ?? false),
    disputeSettledAtEpoch: ticket?.disputeSettledAtEpoch ?? null,
    deadlineMs: open ? deadlineMs : null,
    penalty: row.penalty,
    reward: row.reward,
    frozen: shown.frozen,
    done: row.done,
    total: row.complete ? row.done : null,
    differing: row.differing,
    strangers: row.strangers,
    committedProof: ticket === null ? null : bytesToHex(ticket.committedProof),
    ownProof: ownProofOf(row),
    canAttest: open && ((where.phase === 'asks' && where.reason === 'fingerprint') || where.waitsFor === 'policy' || where.phase === 'silent') && row.differing === 0 && row.hold === null,
    canStaySilent: open && where.phase !== 'silent',
    canRestart: open && where.phase === 'asks',
    canDispute: open && evident && row.root !== null,
    digest: row.digest,
    lastError: row.error,
    dismissed: row.dismissed,
    updatedMs: row.updatedMs,
  };
}

/** A settled stack of this node, from its rows. */
export type OwnTicket = { stackSmallId: bigint; taskSmallId: bigint; requestedNodes: readonly bigint[]; attestedNodes: readonly bigint[]; disputeSettledAtEpoch: bigint | null; isInDispute: boolean };

/** Who was asked, who answered, what is missing and until when. */
export const ownTicketView = (ticket: OwnTicket, waitsForAttestors: boolean): OwnTicketView => {
  const missing = missingPlaces(ticket);
  const { disputeSettledAtEpoch: end } = ticket;
  return {
    stackSmallId: ticket.stackSmallId,
    taskSmallId: ticket.taskSmallId,
    requested: [...ticket.requestedNodes],
    attested: [...ticket.attestedNodes],
    missing,
    isInDispute: ticket.isInDispute,
    disputeSettledAtEpoch: end,
    waitsUntilEpoch: end === null || missing.length === 0 ? null : waitsForAttestors ? end : end - 1n,
  };
};

/** One audit. */
export const auditView = ({ stackSmallId, status, entries, sampleSize, checked, differing, missing, rootFound, rootKept, error, updatedMs }: StackAudit): StackAuditView => ({
  stackSmallId, status, entries, sampleSize, checked, differing, missing, rootFound, rootKept, lastError: error, updatedMs,
});
