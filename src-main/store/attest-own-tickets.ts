/** Settled stacks of this node under sampling consensus, with who was asked and who answered (protocol.md 5.5; product.md, "Attestations and disputes"). */
import { z } from 'zod';
import { idListColumn } from './chain-columns.ts';
import { flag, unsignedInteger } from './columns.ts';
import type { Store } from './open.ts';

const row = z
  .object({ stack_small_id: unsignedInteger, task_small_id: unsignedInteger, requested_nodes: idListColumn, attested_nodes: idListColumn, dispute_settled_at_epoch: unsignedInteger.nullable(), is_in_dispute: flag })
  .transform((c) => ({
    stackSmallId: c.stack_small_id,
    taskSmallId: c.task_small_id,
    requestedNodes: c.requested_nodes,
    attestedNodes: c.attested_nodes,
    disputeSettledAtEpoch: c.dispute_settled_at_epoch,
    isInDispute: c.is_in_dispute,
  }));
/** One settled stack. */
export type OwnTicketRow = z.output<typeof row>;

/** Those with a live ticket, newest first. */
export const ownTickets = (store: Store, nodeSmallId: bigint): OwnTicketRow[] =>
  store.readAll(
    { table: 'tickets', id: ['stack_small_id'] }, row,
    `SELECT t.stack_small_id, s.task_small_id, t.requested_nodes, t.attested_nodes, t.dispute_settled_at_epoch, t.is_in_dispute
     FROM stacks s JOIN tickets t USING (stack_small_id)
     WHERE s.state = 'settled' AND s.node_small_id = ? AND s.sampling_consensus = 1 ORDER BY t.stack_small_id DESC`,
    nodeSmallId,
  );
