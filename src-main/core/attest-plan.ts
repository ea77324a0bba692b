/** What an attestor does next with each ticket that names it, and when it must stop and ask: "a dispute has no way back on chain, for either side" (coordinator.md 7; protocol.md 5.5, 5.7, 5.8, 6.4). */
import { attestorFee, timeoutSlash } from '../../src-shared/atoma/index.ts';
import { blake2b256, committedProof, stackLeaf } from '../../src-shared/link/proof.ts';

/** A live settlement ticket, as the chain tells it. */
export type AttestTicket = {
  readonly stackSmallId: bigint;
  /** The node that settled. */
  readonly selectedNode: bigint;
  /** One place per attestation asked for; a node can stand on several, and the selected node too (protocol.md 5.5). */
  readonly requestedNodes: readonly bigint[];
  readonly attestedNodes: readonly bigint[];
  /** D: attesting is allowed up to and including this epoch, claiming from it on. */
  readonly disputeSettledAtEpoch: bigint;
  readonly isInDispute: boolean;
  readonly committedProof: Uint8Array;
  /** ℓ₀ and one slot of 32 bytes per extra node. */
  readonly leaves: Uint8Array;
};

/** Why the node stops and asks. The last three come from the history itself. */
export type HoldReason = 'difference' | 'fingerprint' | 'commitment' | 'would_dispute' | 'no_history' | 'bad_history' | 'unsupported';

/** What the operator decided: attest although the switch is off or engines differ, or stay silent and bear the penalty. */
export type AttestDecision = 'attest' | 'silent';

/** How far the re-execution of one stack is. */
export type AttestWork = {
  /** Entries with a verdict, from 0 without a gap. */
  readonly done: number;
  /** True when the history was read to its end. */
  readonly complete: boolean;
  /** Entries that differ after the second run. */
  readonly differing: number;
  /** Entries that agree although another engine computed them. */
  readonly strangers: number;
  /** Merkle root over this node's own entries; null while there is none. */
  readonly root: Uint8Array | null;
  readonly hold: HoldReason | null;
  readonly decision: AttestDecision | null;
  readonly notBeforeMs: number;
};

/** What is so now. */
export type AttestFacts = {
  readonly nodeSmallId: bigint;
  readonly nowMs: number;
  readonly epoch: bigint;
  /** The last half of the window has begun. */
  readonly urgent: boolean;
  readonly autoAttest: boolean;
  /** An attestation runs, waits in line, or is in doubt. */
  readonly submitting: boolean;
  readonly coordinator: 'none' | 'down' | 'up';
  /** Slots that paid work leaves free. */
  readonly freeSlots: number;
};

/** The next step of one ticket. */
export type AttestStep =
  | { readonly kind: 'none'; readonly why: 'attested' | 'disputed' | 'window_over' | 'silent' | 'not_named' }
  | { readonly kind: 'ask'; readonly reason: HoldReason }
  | { readonly kind: 'wait'; readonly for: 'policy' | 'backoff' | 'slot' | 'submission' | 'no_coordinator' | 'link' }
  | { readonly kind: 'rerun'; readonly after: number; readonly own: boolean }
  | { readonly kind: 'submit'; readonly root: Uint8Array };

const hashBytes = 32;
/** A stack without entries has no root; what settles it then commits to the hash of nothing. */
const emptyRoot = blake2b256(new Uint8Array());
/** The root of a history that was read to its end. */
export const finalRoot = (work: Pick<AttestWork, 'root'>): Uint8Array => work.root ?? emptyRoot;
const same = (left: Uint8Array, right: Uint8Array): boolean => left.length === right.length && left.every((byte, index) => byte === right[index]);

/** Places of a node in a ticket's list, from 0. */
export const placesOf = (ticket: Pick<AttestTicket, 'requestedNodes'>, nodeSmallId: bigint): number[] =>
  ticket.requestedNodes.flatMap((node, place) => (node === nodeSmallId ? [place] : []));

/** Requested places whose node has not attested. */
export const missingPlaces = (ticket: Pick<AttestTicket, 'requestedNodes' | 'attestedNodes'>): bigint[] => ticket.requestedNodes.filter((node) => !ticket.attestedNodes.includes(node));

/** m of protocol.md 6.4 as it was when the stack was settled: the slots beside ℓ₀. */
export const extraNodesOf = (ticket: Pick<AttestTicket, 'leaves'>): number => Math.max(0, Math.floor(ticket.leaves.length / hashBytes) - 1);

/** True when the ticket's proof is the one that this root gives. */
export const agreesWithProof = (ticket: AttestTicket, root: Uint8Array): boolean => same(committedProof(root, extraNodesOf(ticket)), ticket.committedProof);

/**
 * True when attesting would open a dispute by itself: the proof differs, or this answer is the last one and the hash over all leaves then is
 * not the proof, as when fewer attestors than m were drawn or another one's leaf is wrong (protocol.md 6.4, "Known limits").
 */
export function wouldDispute(ticket: AttestTicket, nodeSmallId: bigint, root: Uint8Array): boolean {
  if (!agreesWithProof(ticket, root)) return true;
  const [place] = placesOf(ticket, nodeSmallId);
  if (place === undefined || ticket.attestedNodes.length + 1 !== ticket.requestedNodes.length) return false;
  const leaves = ticket.leaves.slice();
  if ((place + 2) * hashBytes > leaves.length) return true;
  leaves.set(stackLeaf(place + 1, root), (place + 1) * hashBytes);
  return !same(blake2b256(leaves), ticket.committedProof);
}

/** The first reason to ask the operator before anything is sent; null when everything agrees so far. */
export function holdOf(ticket: AttestTicket, work: AttestWork, nodeSmallId: bigint): HoldReason | null {
  if (work.hold !== null) return work.hold;
  if (work.differing > 0) return 'difference';
  if (!work.complete) return null;
  if (!agreesWithProof(ticket, finalRoot(work))) return 'commitment';
  if (wouldDispute(ticket, nodeSmallId, finalRoot(work))) return 'would_dispute';
  return work.strangers > 0 && work.decision !== 'attest' ? 'fingerprint' : null;
}

/** The next step of one ticket; nothing in it depends on what was done before but through rows and chain. */
export function attestStep(ticket: AttestTicket, work: AttestWork, facts: AttestFacts): AttestStep {
  const { nodeSmallId } = facts;
  if (placesOf(ticket, nodeSmallId).length === 0) return { kind: 'none', why: 'not_named' };
  // "Duplicate attestation by one node is not refused: it counts twice." One answer serves all places of a node (5.7).
  if (ticket.attestedNodes.includes(nodeSmallId)) return { kind: 'none', why: 'attested' };
  if (ticket.isInDispute) return { kind: 'none', why: 'disputed' };
  if (facts.epoch > ticket.disputeSettledAtEpoch) return { kind: 'none', why: 'window_over' };
  if (work.decision === 'silent') return { kind: 'none', why: 'silent' };
  const reason = holdOf(ticket, work, nodeSmallId);
  if (reason !== null) return { kind: 'ask', reason };
  if (!facts.autoAttest && work.decision !== 'attest') return { kind: 'wait', for: 'policy' };
  if (work.notBeforeMs > facts.nowMs) return { kind: 'wait', for: 'backoff' };
  if (work.complete) return facts.submitting ? { kind: 'wait', for: 'submission' } : { kind: 'submit', root: finalRoot(work) };
  const own = ticket.selectedNode === nodeSmallId;
  if (!own && facts.coordinator !== 'up') return { kind: 'wait', for: facts.coordinator === 'none' ? 'no_coordinator' : 'link' };
  // Paid work comes first, until the penalty comes near.
  return facts.freeSlots > 0 || facts.urgent ? { kind: 'rerun', after: work.done - 1, own } : { kind: 'wait', for: 'slot' };
}

/** A ticket with its step. */
export type PlannedAttestation = { readonly stackSmallId: bigint; readonly disputeSettledAtEpoch: bigint; readonly step: AttestStep };

const rank: Readonly<Record<AttestStep['kind'], number>> = { submit: 0, rerun: 1, ask: 2, wait: 2, none: 2 };

/** The one thing to do now: what is ready is sent first, then the work whose window ends first. Null when there is nothing but waiting. */
export function nextAttestation(planned: readonly PlannedAttestation[]): PlannedAttestation | null {
  const [first] = planned
    .filter(({ step }) => rank[step.kind] < 2)
    .sort((a, b) => rank[a.step.kind] - rank[b.step.kind] || Number(a.disputeSettledAtEpoch - b.disputeSettledAtEpoch) || Number(a.stackSmallId - b.stackSmallId));
  return first ?? null;
}

/** When the second half of the window begins, in chain time: between the settlement (at the latest when it was first seen) and the end of epoch D − 1. */
export function halfWindowMs(window: { readonly disputeSettledAtEpoch: bigint; readonly delayEpochs: bigint; readonly firstSeenChainMs: number | null; readonly epochMs: number }): number {
  const endMs = Number(window.disputeSettledAtEpoch) * window.epochMs;
  const beginMs = Number(window.disputeSettledAtEpoch - window.delayEpochs) * window.epochMs;
  // A node that slept does not get a later alarm: only within the epoch of the settlement is the first sight the better begin.
  const seenMs = window.firstSeenChainMs;
  const startMs = seenMs !== null && seenMs > beginMs && seenMs < beginMs + window.epochMs ? seenMs : beginMs;
  return startMs + (endMs - startMs) / 2;
}

/** What silence costs: one slash per place, each ⌈collateral × permille / 1000⌉ of what is left (protocol.md 5.7). Base units. Raises U64ArithmeticError where the chain would. */
export function silencePenalty(collateral: bigint, permille: bigint, places: number): bigint {
  let left = collateral;
  for (let place = 0; place < places; place += 1) left -= timeoutSlash(left, permille);
  return collateral - left;
}

/** What attesting earns: ⌊node fee / extra_nodes_count⌋ per place (protocol.md 5.4, 5.7); null where it cannot be computed. Base units. */
export const attestReward = (nodeFee: bigint | null, extraNodesCount: bigint, places: number): bigint | null =>
  nodeFee === null || extraNodesCount === 0n ? null : attestorFee(nodeFee, extraNodesCount) * BigInt(places);
