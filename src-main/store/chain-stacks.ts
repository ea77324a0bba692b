/** Stacks sold to this node and their settlement tickets, as last read from the chain (protocol.md 4.2). */
import { z } from 'zod';
import { bigintColumn, idListColumn, idListText } from './chain-columns.ts';
import { flag, plainInteger, unsignedInteger } from './columns.ts';
import { releaseEnvelopes } from './job-rows.ts';
import type { Store } from './open.ts';

const state = z.enum(['open', 'settled', 'claimed', 'gone']);
const stackRow = z
  .object({
    stack_small_id: unsignedInteger,
    task_small_id: unsignedInteger,
    node_small_id: unsignedInteger,
    owner: z.string(),
    price: bigintColumn,
    num_compute_units: bigintColumn,
    sampling_consensus: flag,
    state,
    settle_digest: z.string().nullable(),
    claim_digest: z.string().nullable(),
    attempts: plainInteger,
    not_before_ms: plainInteger,
    error_code: z.string().nullable(),
    error_message: z.string().nullable(),
    error_ms: plainInteger.nullable(),
    first_seen_ms: plainInteger,
    updated_ms: plainInteger,
  })
  .transform((columns) => ({
    stackSmallId: columns.stack_small_id,
    taskSmallId: columns.task_small_id,
    nodeSmallId: columns.node_small_id,
    owner: columns.owner,
    price: columns.price,
    numComputeUnits: columns.num_compute_units,
    samplingConsensus: columns.sampling_consensus,
    state: columns.state,
    settleDigest: columns.settle_digest,
    claimDigest: columns.claim_digest,
    attempts: columns.attempts,
    notBeforeMs: columns.not_before_ms,
    errorCode: columns.error_code,
    errorMessage: columns.error_message,
    errorMs: columns.error_ms,
    firstSeenMs: columns.first_seen_ms,
    updatedMs: columns.updated_ms,
  }));
/** A stack row. */
export type ChainStackRow = z.output<typeof stackRow>;
type NewStack = Pick<ChainStackRow, 'stackSmallId' | 'taskSmallId' | 'nodeSmallId' | 'owner' | 'price' | 'numComputeUnits' | 'samplingConsensus'>;

const ticketRow = z
  .object({
    stack_small_id: unsignedInteger,
    claimed_units: bigintColumn,
    dispute_settled_at_epoch: unsignedInteger.nullable(),
    is_in_dispute: flag,
    requested_nodes: idListColumn,
    attested_nodes: idListColumn,
    updated_ms: plainInteger,
  })
  .transform((columns) => ({
    stackSmallId: columns.stack_small_id,
    claimedUnits: columns.claimed_units,
    disputeSettledAtEpoch: columns.dispute_settled_at_epoch,
    isInDispute: columns.is_in_dispute,
    requestedNodes: columns.requested_nodes,
    attestedNodes: columns.attested_nodes,
    updatedMs: columns.updated_ms,
  }));
/** A ticket row. */
export type ChainTicketRow = z.output<typeof ticketRow>;

const stackSource = { table: 'stacks', id: ['stack_small_id'] } as const;
const ticketSource = { table: 'tickets', id: ['stack_small_id'] } as const;

/** Stacks of an open store. */
export function createStackTable(store: Store) {
  const { db } = store;
  const all = (where: string, ...params: readonly bigint[]): ChainStackRow[] =>
    store.readAll(stackSource, stackRow, `SELECT * FROM stacks WHERE ${where} ORDER BY stack_small_id`, ...params);
  // The index is named: by its statistics SQLite would walk through every stack of the node instead.
  const unfinished = (nodeSmallId: bigint): ChainStackRow[] =>
    store.readAll(
      stackSource, stackRow,
      "SELECT * FROM stacks INDEXED BY stacks_by_state WHERE state IN ('open', 'settled') AND node_small_id = ? ORDER BY stack_small_id",
      nodeSmallId,
    );
  return {
    /** Adds a stack when it is new; what is known already stays. */
    add(stack: NewStack): void {
      const now = BigInt(store.now());
      const added = db.run(
        `INSERT INTO stacks (stack_small_id, task_small_id, node_small_id, owner, price, num_compute_units, sampling_consensus, state, first_seen_ms, updated_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?) ON CONFLICT (stack_small_id) DO NOTHING`,
        stack.stackSmallId, stack.taskSmallId, stack.nodeSmallId, stack.owner, stack.price.toString(), stack.numComputeUnits.toString(),
        stack.samplingConsensus ? 1n : 0n, now, now,
      );
      if (added.changes > 0n) store.announce('stacks');
    },
    get: (stackSmallId: bigint): ChainStackRow | null => all('stack_small_id = ?', stackSmallId)[0] ?? null,
    /** Stacks whose money is still on the way, and the newest `finishedLimit` of the others: a node has more of these with every year. Oldest first. */
    list(nodeSmallId: bigint, finishedLimit: number): ChainStackRow[] {
      const finished = store.readAll(
        stackSource, stackRow,
        "SELECT * FROM stacks INDEXED BY stacks_by_node WHERE node_small_id = ? AND state IN ('claimed', 'gone') ORDER BY stack_small_id DESC LIMIT ?",
        nodeSmallId, BigInt(finishedLimit),
      );
      return [...unfinished(nodeSmallId), ...finished].sort((left, right) => (left.stackSmallId < right.stackSmallId ? -1 : 1));
    },
    /** How many stacks one claim paid. */
    claimedBy: (digest: string): number => Number(db.get('SELECT count(*) AS n FROM stacks WHERE claim_digest = ?', digest)?.['n'] ?? 0n),
    /** Stacks whose money is still on the way. */
    unfinished,
    /** Moves a stack on; a claimed one stays claimed, and what was kept to prove its work is let go in the same commit. */
    setState: (stackSmallId: bigint, next: ChainStackRow['state'], digests: { settleDigest?: string; claimDigest?: string } = {}): void => store.transaction(() => {
      const changed = db.run(
        `UPDATE stacks SET state = CASE WHEN state = 'claimed' THEN state ELSE ? END,
           settle_digest = coalesce(?, settle_digest), claim_digest = coalesce(?, claim_digest), updated_ms = ?
         WHERE stack_small_id = ? AND (state <> ? OR ? IS NOT NULL OR ? IS NOT NULL)`,
        next, digests.settleDigest ?? null, digests.claimDigest ?? null, BigInt(store.now()),
        stackSmallId, next, digests.settleDigest ?? null, digests.claimDigest ?? null,
      );
      if (changed.changes === 0n) return;
      if (next === 'claimed') releaseEnvelopes(store, stackSmallId);
      store.announce('stacks');
    }),
    /** Notes a failure and when to try again; null clears it. */
    setError(stackSmallId: bigint, error: { code: string; message: string; attempts: number; notBeforeMs: number } | null): void {
      const now = BigInt(store.now());
      const changed = db.run(
        `UPDATE stacks SET error_code = ?, error_message = ?, error_ms = ?, attempts = ?, not_before_ms = ?, updated_ms = ?
         WHERE stack_small_id = ? AND (? IS NOT NULL OR error_code IS NOT NULL)`,
        error?.code ?? null, error?.message ?? null, error ? now : null, BigInt(error?.attempts ?? 0), BigInt(error?.notBeforeMs ?? 0), now,
        stackSmallId, error?.code ?? null,
      );
      if (changed.changes > 0n) store.announce('stacks');
    },
  };
}

/** Tickets of an open store. */
export function createTicketTable(store: Store) {
  return {
    /** Stores a ticket as read now. */
    put(ticket: Omit<ChainTicketRow, 'updatedMs'>): void {
      store.db.run(
        `INSERT INTO tickets (stack_small_id, claimed_units, dispute_settled_at_epoch, is_in_dispute, requested_nodes, attested_nodes, updated_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (stack_small_id) DO UPDATE SET claimed_units = excluded.claimed_units,
           dispute_settled_at_epoch = coalesce(excluded.dispute_settled_at_epoch, dispute_settled_at_epoch), is_in_dispute = excluded.is_in_dispute,
           requested_nodes = excluded.requested_nodes, attested_nodes = excluded.attested_nodes, updated_ms = excluded.updated_ms`,
        ticket.stackSmallId, ticket.claimedUnits.toString(), ticket.disputeSettledAtEpoch, ticket.isInDispute ? 1n : 0n,
        idListText(ticket.requestedNodes), idListText(ticket.attestedNodes), BigInt(store.now()),
      );
      store.announce('stacks');
    },
    get: (stackSmallId: bigint): ChainTicketRow | null =>
      store.readOne(ticketSource, ticketRow, 'SELECT * FROM tickets WHERE stack_small_id = ?', stackSmallId),
  };
}
