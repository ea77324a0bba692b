/** Tickets that name this node and how far their re-execution is; progress is rows, so a restart goes on where it stopped (coordinator.md 7; architecture.md, "Persistence"). */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { createStackRoot } from '../../src-shared/link/proof.ts';
import type { AttestDecision, HoldReason } from '../core/attest-plan.ts';
import type { AttestationRow, AttestEnd, Reexecution, RowError, TicketFact } from '../core/attest-rows.ts';
import { putReexecution, dropReexecutions } from './attest-entries.ts';
import { bigintColumn, idListColumn, idListText, safeJson } from './chain-columns.ts';
import { flag, plainInteger, unsignedInteger } from './columns.ts';
import type { Store } from './open.ts';

const hex = z.string().regex(/^([0-9a-f]{64})*$/).transform((text) => hexToBytes(text));
const ticketJson = z.object({
  selectedNode: bigintColumn,
  claimedUnits: bigintColumn,
  requested: idListColumn,
  attested: idListColumn,
  epoch: bigintColumn,
  isInDispute: z.boolean(),
  neverClaimed: z.boolean().optional(),
  proof: hex,
  leaves: hex,
  stack: z.object({ taskSmallId: bigintColumn, price: bigintColumn, numComputeUnits: bigintColumn }).nullable(),
});
const ticketText = (ticket: TicketFact): string =>
  JSON.stringify({
    selectedNode: ticket.selectedNode.toString(),
    claimedUnits: ticket.claimedUnits.toString(),
    requested: idListText(ticket.requestedNodes),
    attested: idListText(ticket.attestedNodes),
    epoch: ticket.disputeSettledAtEpoch.toString(),
    isInDispute: ticket.isInDispute,
    ...(ticket.neverClaimed === undefined ? {} : { neverClaimed: ticket.neverClaimed }),
    proof: bytesToHex(ticket.committedProof),
    leaves: bytesToHex(ticket.leaves),
    stack: ticket.stack === null ? null : { taskSmallId: ticket.stack.taskSmallId.toString(), price: ticket.stack.price.toString(), numComputeUnits: ticket.stack.numComputeUnits.toString() },
  });
const errorJson = z.object({ code: z.string(), message: z.string(), atMs: z.number() });
const jsonColumn = <T>(schema: z.ZodType<T>) =>
  z.string().transform((text, context): T => {
    const parsed = schema.safeParse(safeJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'not what was stored' });
    return z.NEVER;
  });

const row = z
  .object({
    stack_small_id: unsignedInteger,
    node_small_id: unsignedInteger,
    ticket: jsonColumn(ticketJson).nullable(),
    done: plainInteger,
    complete: flag,
    differing: plainInteger,
    strangers: plainInteger,
    peaks: z.instanceof(Uint8Array),
    hold: z.enum(['difference', 'fingerprint', 'commitment', 'would_dispute', 'no_history', 'bad_history', 'unsupported']).nullable(),
    decision: z.enum(['attest', 'silent']).nullable(),
    attempts: plainInteger,
    not_before_ms: plainInteger,
    error: jsonColumn(errorJson).nullable(),
    digest: z.string().nullable(),
    penalty: bigintColumn.nullable(),
    reward: bigintColumn.nullable(),
    ended: z.enum(['attested', 'slashed', 'unharmed']).nullable(),
    dismissed: flag,
    first_seen_ms: plainInteger,
    first_seen_chain_ms: plainInteger.nullable(),
    updated_ms: plainInteger,
  })
  .transform((c): AttestationRow => ({
    stackSmallId: c.stack_small_id,
    nodeSmallId: c.node_small_id,
    ticket:
      c.ticket === null
        ? null
        : {
            stackSmallId: c.stack_small_id,
            selectedNode: c.ticket.selectedNode,
            requestedNodes: c.ticket.requested,
            attestedNodes: c.ticket.attested,
            disputeSettledAtEpoch: c.ticket.epoch,
            isInDispute: c.ticket.isInDispute,
            ...(c.ticket.neverClaimed === undefined ? {} : { neverClaimed: c.ticket.neverClaimed }),
            committedProof: c.ticket.proof,
            leaves: c.ticket.leaves,
            claimedUnits: c.ticket.claimedUnits,
            stack: c.ticket.stack,
          },
    done: c.done,
    complete: c.complete,
    differing: c.differing,
    strangers: c.strangers,
    root: c.peaks.length === 0 ? null : createStackRoot(c.peaks).root(),
    hold: c.hold,
    decision: c.decision,
    attempts: c.attempts,
    notBeforeMs: c.not_before_ms,
    error: c.error,
    digest: c.digest,
    penalty: c.penalty,
    reward: c.reward,
    end: c.ended,
    dismissed: c.dismissed,
    firstSeenMs: c.first_seen_ms,
    firstSeenChainMs: c.first_seen_chain_ms,
    updatedMs: c.updated_ms,
  }));

const source = { table: 'attestations', id: ['stack_small_id'] };

/** Rows of tickets that name this node. */
export type AttestRows = ReturnType<typeof createAttestRows>;

/** Creates the table group over an open store. */
export function createAttestRows(store: Store) {
  const { db } = store;
  const change = (stackSmallId: bigint, sets: string, ...values: (string | bigint | Uint8Array | null)[]): void => {
    const done = db.run(`UPDATE attestations SET ${sets}, updated_ms = ? WHERE stack_small_id = ?`, ...values, BigInt(store.now()), stackSmallId);
    if (done.changes > 0n) store.announce('attestations');
  };
  const peaksOf = (stackSmallId: bigint): Uint8Array => {
    const peaks = db.get('SELECT peaks FROM attestations WHERE stack_small_id = ?', stackSmallId)?.['peaks'];
    return peaks instanceof Uint8Array ? peaks : new Uint8Array();
  };
  return {
    /** An event or a scan says that this ticket names the node; what is known already stays. */
    note(stackSmallId: bigint, nodeSmallId: bigint): void {
      const now = BigInt(store.now());
      const added = db.run(
        'INSERT INTO attestations (stack_small_id, node_small_id, peaks, first_seen_ms, updated_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT (stack_small_id) DO NOTHING',
        stackSmallId, nodeSmallId, new Uint8Array(), now, now,
      );
      if (added.changes > 0n) store.announce('attestations');
    },
    get: (stackSmallId: bigint): AttestationRow | null => store.readOne(source, row, 'SELECT * FROM attestations WHERE stack_small_id = ?', stackSmallId),
    /** Those whose ticket lives, or is not read yet. */
    open: (nodeSmallId: bigint): AttestationRow[] => store.readAll(source, row, 'SELECT * FROM attestations WHERE node_small_id = ? AND ended IS NULL ORDER BY stack_small_id', nodeSmallId),
    /** Open ones, and the newest `limit` others; newest first. */
    list: (nodeSmallId: bigint, limit: number): AttestationRow[] =>
      store.readAll(
        source, row,
        `SELECT * FROM attestations WHERE node_small_id = ?1 AND (ended IS NULL OR stack_small_id IN
           (SELECT stack_small_id FROM attestations WHERE node_small_id = ?1 AND ended IS NOT NULL ORDER BY stack_small_id DESC LIMIT ?2))
         ORDER BY stack_small_id DESC`,
        nodeSmallId, BigInt(limit),
      ),
    /** The ticket as read now; the first reading also fixes the chain time it was seen at. */
    putTicket(stackSmallId: bigint, ticket: TicketFact, money: { penalty: bigint | null; reward: bigint | null; chainMs: number | null }): void {
      const text = ticketText(ticket);
      const [penalty, reward] = [money.penalty?.toString() ?? null, money.reward?.toString() ?? null];
      const same = db.get('SELECT 1 AS same FROM attestations WHERE stack_small_id = ? AND ticket = ? AND penalty IS ? AND reward IS ?', stackSmallId, text, penalty, reward);
      if (same !== null) return;
      change(stackSmallId, 'ticket = ?, penalty = ?, reward = ?, first_seen_chain_ms = coalesce(first_seen_chain_ms, ?)', text, penalty, reward, money.chainMs === null ? null : BigInt(Math.trunc(money.chainMs)));
    },
    end: (stackSmallId: bigint, end: AttestEnd): void => change(stackSmallId, 'ended = ?', end),
    /** Nothing was ever read of it: the ticket was gone before this node looked. */
    forget(stackSmallId: bigint): void {
      db.run('DELETE FROM attestations WHERE stack_small_id = ? AND ticket IS NULL', stackSmallId);
      store.announce('attestations');
    },
    /** Keeps the verdict of the next entry and moves counters and root with it, in one commit. An entry out of turn changes nothing. */
    keepEntry(stackSmallId: bigint, entry: Reexecution): void {
      store.transaction(() => {
        const peaks = createStackRoot(peaksOf(stackSmallId));
        if (peaks.count !== entry.index) return;
        peaks.append(hexToBytes(entry.ownEntry));
        putReexecution(store, 'attest', stackSmallId, entry);
        change(
          stackSmallId, 'done = done + 1, differing = differing + ?, strangers = strangers + ?, peaks = ?, attempts = 0, not_before_ms = 0, error = NULL',
          entry.verdict === 'differs' ? 1n : 0n, entry.verdict === 'stranger' ? 1n : 0n, peaks.save(),
        );
      }, 'ordered'); // lost in a power cut it is run once more
    },
    setComplete: (stackSmallId: bigint): void => change(stackSmallId, 'complete = 1'),
    setHold: (stackSmallId: bigint, hold: HoldReason): void => change(stackSmallId, 'hold = ?', hold),
    decide: (stackSmallId: bigint, decision: AttestDecision | null): void => change(stackSmallId, 'decision = ?, attempts = 0, not_before_ms = 0, error = NULL', decision),
    setError: (stackSmallId: bigint, error: RowError | null, wait: { attempts: number; notBeforeMs: number }): void =>
      change(stackSmallId, 'error = ?, attempts = ?, not_before_ms = ?', error === null ? null : JSON.stringify(error), BigInt(wait.attempts), BigInt(wait.notBeforeMs)),
    setDigest: (stackSmallId: bigint, digest: string): void => change(stackSmallId, 'digest = ?', digest),
    dismiss: (stackSmallId: bigint): void => change(stackSmallId, 'dismissed = 1'),
    /** Forgets the verdicts: the whole history is asked for and run again. */
    restart(stackSmallId: bigint): void {
      store.transaction(() => {
        dropReexecutions(store, 'attest', stackSmallId);
        change(stackSmallId, 'done = 0, complete = 0, differing = 0, strangers = 0, peaks = ?, hold = NULL, decision = NULL, attempts = 0, not_before_ms = 0, error = NULL', new Uint8Array());
      });
    },
    /** Attested tickets that are not claimed yet: destroying the node would block their claim for ever (protocol.md 5.2). One in dispute, or that lacks what claiming needs, is never claimed anyway. */
    attestedUnclaimed: (nodeSmallId: bigint): number => createAttestRows(store).open(nodeSmallId).filter(({ ticket }) => ticket !== null && !ticket.isInDispute && ticket.neverClaimed !== true && ticket.attestedNodes.includes(nodeSmallId)).length,
  };
}
