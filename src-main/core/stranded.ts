/** Decides whether an open stack can still ever be paid, from what was read of the things that its claim looks up (protocol.md 2.3, 2.4). Numbers are never given twice, so what is gone stays gone. */
import type { StrandedBy } from '../../src-shared/bridge/views.ts';

/** What a claim looks up, as read from the chain: there, gone, or null where it could not be read. */
export type ClaimNeeds = {
  readonly taskExists: boolean | null;
  /** Of each node that has attested the ticket; one that was asked and did not answer is not needed. Empty before settling. */
  readonly attestors: readonly (boolean | null)[];
};

/** The first thing a claim needs that is gone for ever; null while the stack can be paid, or while that is not known: unknown is never "never". */
export function strandedBy({ taskExists, attestors }: ClaimNeeds): StrandedBy | null {
  // "Settle and claim both read the task and abort with `dynamic_field` 1" (2.4).
  if (taskExists === false) return 'task_removed';
  // "`dynamic_field` 1 also when an attestor that attested has since been destroyed: that claim can never succeed" (2.3).
  return attestors.includes(false) ? 'attestor_destroyed' : null;
}

/** True when nobody can ever claim another node's ticket: it is stranded, or in dispute, or the node that settled it is gone and with it the badge that claiming needs. */
export const isNeverClaimed = (ticket: ClaimNeeds & { readonly isInDispute: boolean; readonly settlerExists: boolean | null }): boolean =>
  ticket.isInDispute || ticket.settlerExists === false || strandedBy(ticket) !== null;
