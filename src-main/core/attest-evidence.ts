/** The evidence of an attestation or a self-audit as one JSON value: hashes, fingerprints, commitments and signed acknowledgements, nothing of any prompt or answer (coordinator.md 7). */
import { bytesToHex } from '@noble/hashes/utils.js';
import { committedProof, stackLeaf } from '../../src-shared/link/proof.ts';
import { extraNodesOf, placesOf } from './attest-plan.ts';
import type { AttestationRow, DisputeFact, Reexecution, StackAudit, TicketFact } from './attest-rows.ts';
import type { JobAck } from './job.ts';

/** What goes into it. */
export type EvidenceParts = {
  stackSmallId: bigint;
  nodeSmallId: bigint | null;
  network: { id: string; chainId: string | null; atomaPackageId: string; atomaDbId: string };
  coordinatorId: string | null;
  atMs: number;
  ticket: TicketFact | null;
  disputes: readonly DisputeFact[];
  attestation: AttestationRow | null;
  audit: StackAudit | null;
  /** Root kept with the receipts of an own stack; null for another node's. */
  keptRoot: Uint8Array | null;
  attested: readonly Reexecution[];
  audited: readonly Reexecution[];
  /** The coordinator's receipt of a result of this node; null for another node's request. */
  ack(taskId: string): JobAck | null;
};

const hashBytes = 32;

/** The slots of a leaves vector; hex. */
export const leavesOf = (leaves: Uint8Array): string[] =>
  Array.from({ length: Math.floor(leaves.length / hashBytes) }, (_, slot) => bytesToHex(leaves.slice(slot * hashBytes, (slot + 1) * hashBytes)));

/** What this node computed from its own entries: root, proof over the ticket's slots, and its leaf; null while nothing was re-run. */
export function computedOf({ root, ticket, nodeSmallId }: Pick<AttestationRow, 'root' | 'ticket' | 'nodeSmallId'>): { root: string; proof: string; leaf: string | null } | null {
  if (root === null || ticket === null) return null;
  const [place] = placesOf(ticket, nodeSmallId);
  return { root: bytesToHex(root), proof: bytesToHex(committedProof(root, extraNodesOf(ticket))), leaf: place === undefined ? null : bytesToHex(stackLeaf(place + 1, root)) };
}

/** The same for a stack that this node settled, from the root that was kept with its receipts: ℓ₀ is its leaf. */
export const settledOf = (root: Uint8Array | null, ticket: TicketFact | null): { root: string; proof: string; leaf: string } | null =>
  root === null || ticket === null ? null : { root: bytesToHex(root), proof: bytesToHex(committedProof(root, extraNodesOf(ticket))), leaf: bytesToHex(stackLeaf(0, root)) };

const ids = (list: readonly bigint[]): string[] => list.map(String);

/** The value; amounts and ids as decimal text. */
export function evidenceOf(parts: EvidenceParts) {
  const { ticket, attestation, audit, ack } = parts;
  const isOwn = ticket !== null && ticket.selectedNode === parts.nodeSmallId;
  const entries = (list: readonly Reexecution[]) =>
    list.map((one) => {
      const receipt = ack(one.taskId);
      return {
        index: one.index,
        task_id: one.taskId,
        model: one.model,
        entry: one.entry,
        fingerprint: one.fingerprint,
        own_entry: one.ownEntry,
        own_fingerprint: one.ownFingerprint,
        runs: one.runs,
        verdict: one.verdict,
        acknowledgement: receipt === null ? null : { coordinator_id: receipt.coordinatorId, status: receipt.status, entry_index: receipt.entryIndex, sig: receipt.sig },
      };
    });
  return {
    format: 'node-console-attestation-evidence/1',
    made_at_ms: parts.atMs,
    network: { id: parts.network.id, chain_id: parts.network.chainId, atoma_package: parts.network.atomaPackageId, atoma_db: parts.network.atomaDbId },
    coordinator_id: parts.coordinatorId,
    stack_small_id: String(parts.stackSmallId),
    node_small_id: parts.nodeSmallId === null ? null : String(parts.nodeSmallId),
    ticket:
      ticket === null
        ? null
        : {
            selected_node: String(ticket.selectedNode),
            claimed_units: String(ticket.claimedUnits),
            requested_attestation_nodes: ids(ticket.requestedNodes),
            already_attested_nodes: ids(ticket.attestedNodes),
            dispute_settled_at_epoch: String(ticket.disputeSettledAtEpoch),
            is_in_dispute: ticket.isInDispute,
            committed_stack_proof: bytesToHex(ticket.committedProof),
            stack_merkle_leaves: leavesOf(ticket.leaves),
          },
    disputes: parts.disputes.map(({ node, commitment, original }) => ({ attestation_node: String(node), attestation_commitment: commitment, original_commitment: original })),
    settlement: isOwn ? settledOf(parts.keptRoot, ticket) : null,
    re_execution:
      attestation === null
        ? null
        : { entries: attestation.done, complete: attestation.complete, differing: attestation.differing, other_engine: attestation.strangers, computed: computedOf(attestation), transaction: attestation.digest, results: entries(parts.attested) },
    self_audit:
      audit === null
        ? null
        : { status: audit.status, entries: audit.entries, root_over_stored_entries: audit.rootFound, root_kept: audit.rootKept, sample: audit.sampleSize, without_envelope: audit.missing, results: entries(parts.audited) },
  };
}
