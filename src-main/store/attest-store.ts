/** Everything of the store that attesting and auditing use, in one value (architecture.md, "Persistence"). */
import type { Reexecution } from '../core/attest-rows.ts';
import { createAuditRows, type AuditRows } from './attest-audits.ts';
import { entryHashes, listReexecutions, ownHistory } from './attest-entries.ts';
import { ownTickets, type OwnTicketRow } from './attest-own-tickets.ts';
import { createAttestRows, type AttestRows } from './attest-rows.ts';
import type { Store } from './open.ts';
import { stackRoot } from './stack-roots.ts';

/** Table groups of attestation over one database. */
export type AttestStore = {
  rows: AttestRows;
  audits: AuditRows;
  entries(stackSmallId: bigint, limit: number, only?: Reexecution['verdict'] | null): Reexecution[];
  ownHistory(stackSmallId: bigint, after: number, limit: number): ReturnType<typeof ownHistory>;
  /** Settled stacks of this node under sampling consensus, newest first. */
  ownTickets(nodeSmallId: bigint): OwnTicketRow[];
  /** Stored entries with a receipt behind `after`. */
  entryHashes(stackSmallId: bigint, after: number, limit: number): Uint8Array[];
  /** The root that was kept with the receipts. */
  keptRoot(stackSmallId: bigint): Uint8Array | null;
  /** Digest of the attestation of this stack that the lane sent with success. */
  sentDigest(stackSmallId: bigint): string | null;
};

/** Joins the table groups of an open store. */
export const createAttestStore = (store: Store): AttestStore => ({
  rows: createAttestRows(store),
  audits: createAuditRows(store),
  entries: (stackSmallId, limit, only = null) => listReexecutions(store, 'attest', stackSmallId, limit, only),
  ownHistory: (stackSmallId, after, limit) => ownHistory(store, stackSmallId, after, limit),
  ownTickets: (nodeSmallId) => ownTickets(store, nodeSmallId),
  entryHashes: (stackSmallId, after, limit) => entryHashes(store, stackSmallId, after, limit),
  keptRoot: (stackSmallId) => stackRoot(store, stackSmallId),
  sentDigest: (stackSmallId) => {
    const found = store.db.get("SELECT digest FROM chain_tx WHERE kind = 'attest' AND status = 'success' AND json_extract(intent, '$.stackSmallId') = ?", stackSmallId.toString());
    return found === null ? null : String(found['digest']);
  },
});
