/** What is kept of attestations and self-audits: one row per ticket that names this node, one per audited stack, one per re-executed entry (coordinator.md 7). Never a prompt or an answer. */
import type { AttestDecision, AttestTicket, HoldReason } from './attest-plan.ts';
import type { Verdict } from './attest-verdict.ts';
import type { AuditRow } from './audit-plan.ts';

/** A dispute of a stack, as its event tells it; by mismatch or by hand looks the same (protocol.md 3). */
export type DisputeFact = {
  /** The node that opened it, and what it says the commitment is; hex. */
  readonly node: bigint;
  readonly commitment: string;
  /** The commitment on the ticket; hex. */
  readonly original: string;
};

/** A live ticket that names this node, with what the money of it depends on. */
export type TicketFact = AttestTicket & {
  readonly claimedUnits: bigint;
  /** Nobody can ever claim it (core/stranded): a node that attested it needs not wait for that. Absent where it was not asked. */
  readonly neverClaimed?: boolean;
  /** Null once the stack is gone. */
  readonly stack: { readonly taskSmallId: bigint; readonly price: bigint; readonly numComputeUnits: bigint } | null;
};

/** How it ended, once the ticket is gone: this node attested; it was slashed; it had nothing to lose. */
export type AttestEnd = 'attested' | 'slashed' | 'unharmed';

/** A past error as the operator reads it. */
export type RowError = { readonly code: string; readonly message: string; readonly atMs: number };

/** One ticket that names, or named, this node. */
export type AttestationRow = {
  readonly stackSmallId: bigint;
  readonly nodeSmallId: bigint;
  /** As last read; null while only its event is known. Kept after the claim deleted it. */
  readonly ticket: TicketFact | null;
  readonly done: number;
  readonly complete: boolean;
  readonly differing: number;
  readonly strangers: number;
  readonly root: Uint8Array | null;
  readonly hold: HoldReason | null;
  readonly decision: AttestDecision | null;
  readonly attempts: number;
  readonly notBeforeMs: number;
  readonly error: RowError | null;
  /** Of this node's attestation. */
  readonly digest: string | null;
  /** What silence costs and attesting earns, as last computed; base units. */
  readonly penalty: bigint | null;
  readonly reward: bigint | null;
  /** Null while the ticket lives. */
  readonly end: AttestEnd | null;
  /** The operator has seen the end. */
  readonly dismissed: boolean;
  readonly firstSeenMs: number;
  readonly firstSeenChainMs: number | null;
  readonly updatedMs: number;
};

/** Why an entry was re-run. */
export type Purpose = 'attest' | 'audit';

/** One re-executed entry: hashes and fingerprints only. */
export type Reexecution = {
  readonly index: number;
  readonly taskId: string;
  readonly model: string;
  readonly entry: string;
  readonly fingerprint: string;
  readonly ownEntry: string;
  readonly ownFingerprint: string;
  readonly runs: number;
  readonly verdict: Verdict;
};

/** The self-audit of one stack. */
export type StackAudit = AuditRow & {
  readonly stackSmallId: bigint;
  /** Root over the stored entries, and the one kept with the receipts; hex, null before they were compared. */
  readonly rootFound: string | null;
  readonly rootKept: string | null;
  readonly sampleSize: number;
  readonly checked: number;
  readonly differing: number;
  /** Entries of the sample whose envelope is not there any more. */
  readonly missing: number;
  readonly attempts: number;
  readonly notBeforeMs: number;
  readonly error: RowError | null;
  readonly wantedMs: number;
  readonly updatedMs: number;
};

/** One entry of a history, from the coordinator or from this node's own jobs. `envelope` null: not kept any more. */
export type HistoryEntry = {
  readonly index: number;
  readonly taskId: string;
  readonly workloadClass: string;
  readonly model: string;
  readonly maxComputeUnits: number;
  readonly envelope: string | null;
  readonly entry: string;
  readonly fingerprint: string;
};
