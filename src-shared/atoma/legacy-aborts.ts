/** Abort codes of the dormant modules `gate` and `settlement`, the same in both generations (protocol.md 2.6). */
import { row } from './g1-aborts.ts';
import type { AbortMeaning } from './g1-aborts.ts';

/** By module: its first code, and the meanings by offset from it. */
export const LEGACY_ABORTS: Readonly<
  Record<string, { readonly base: bigint; readonly offsets: Readonly<Record<number, AbortMeaning>> }>
> = {
  gate: {
    base: 312_012_100n,
    offsets: {
      0: row('ENoEligibleEchelons', 'No hardware group can serve this prompt at that fee.'),
      1: row('ETooManyNodesToSample', 'At most 256 nodes can be asked at once.'),
      2: row('EModalityMismatch', 'The model does not do this kind of work.'),
    },
  },
  settlement: {
    base: 312_012_200n,
    offsets: {
      0: row('ENotAwaitingCommitment', 'This prompt is not waiting for a commitment of this node.'),
      1: row('EAlreadyCommitted', 'This node has committed to this prompt already.'),
      2: row('ENotReadyToSettle', 'The prompt cannot be settled yet.', 'later'),
      3: row('EBlake2b256HashMustBe32Bytes', 'Internal: the hash must be 32 bytes.'),
      4: row('EIncorrectMerkleLeavesBufferLength', 'Internal: the leaves have the wrong length.'),
      5: row('ENotAnOracle', 'Only an oracle node of that hardware group can settle this dispute.'),
      6: row('ETicketMustHaveNodes', 'The prompt has no nodes.'),
      7: row('ECrossValidationSupportedForOneNodeOnly', 'Cross-checking works for prompts of one node only.'),
    },
  },
};
