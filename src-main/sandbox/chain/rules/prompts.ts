/** What is left of the prompt flow: no prompt can be sent, so every call that names a ticket finds none (protocol.md 2.5, 2.6, 5.10). */
import { abortWith, NotExecuted } from './outcome.ts';
import type { Effect } from './outcome.ts';

const HASH_BYTES = 32;
const SETTLEMENT_BASE = 312_012_200n;
const HASH_MUST_BE_32_BYTES = 3n;

/** Legacy ids are wrapped as objects, so a missing ticket aborts in `dynamic_field` with 1. */
export const withoutTicket = (): Effect => abortWith('sui::dynamic_field', 1n);

/** A node's commitment to a prompt's result. Aborts: `settlement` 3 for a hash of another length, then `dynamic_field` 1. */
export const submitCommitment = (merkleRoot: Uint8Array, chunkHash: Uint8Array): Effect =>
  merkleRoot.length === HASH_BYTES && chunkHash.length === HASH_BYTES
    ? withoutTicket()
    : abortWith('atoma::settlement', SETTLEMENT_BASE + HASH_MUST_BE_32_BYTES);

/** An oracle's word in a dispute. With a proper root only the missing ticket can stop it; which check comes first otherwise is not known. */
export const settleDispute = (merkleRoot: Uint8Array): Effect => {
  if (merkleRoot.length !== HASH_BYTES)
    throw new NotExecuted('settlement::settle_dispute with a root of another length than 32 bytes');
  return withoutTicket();
};
