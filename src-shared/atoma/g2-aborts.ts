/** Abort codes of the G2 contract's module `db` with the operator's sentence and whether to try again (protocol.md 2.6). */
import { G1_DB_ABORTS, row } from './g1-aborts.ts';
import type { AbortMeaning } from './g1-aborts.ts';

/** Offsets up to this one mean the same in both generations; those above differ. */
const LAST_SHARED_OFFSET = 37;

const shared = Object.fromEntries(
  Object.entries(G1_DB_ABORTS).filter(([offset]) => Number(offset) <= LAST_SHARED_OFFSET),
);

/** Module `db` of G2 by offset from DB_ABORT_BASE. 8 is unused. */
export const G2_DB_ABORTS: Readonly<Record<number, AbortMeaning>> = {
  ...shared,
  13: row(
    'ENodeMustWaitBeforeDestroy',
    'The node can be removed four epochs after it was disabled; wait for the countdown.',
    'later',
  ),
  19: row(
    'ENotEnoughEpochsPassed',
    'The task can be removed only one epoch after it was retired, by the administrator after two.',
    'later',
  ),
  29: row(
    'EStackDisputePeriodOver',
    'The attestation window has closed; this node is not paid for attesting this stack.',
  ),
  38: row(
    'ENodeDoesNotMeetTaskRequirements',
    "Your score (50) is below this task's minimum; no node can raise it today.",
  ),
  39: row('EInvalidComputeUnits', 'Buy at least one unit.'),
  40: row('EInsufficientBalance', 'Not enough USDC in the chosen coin; merge coins or add funds.'),
  41: row('EInvalidCommittedStackProof', 'Internal: the proof must be 32 bytes.'),
  42: row('EInvalidStackMerkleLeaf', 'Internal: the leaf must be 32 bytes.'),
  43: row('EInvalidMinimumReputationScore', 'The minimum score is 0 to 100.'),
  44: row('ETaskIsPublic', 'Public tasks have no whitelist.'),
  45: row(
    'ENodeNotWhitelistedForTask',
    'This task is by invitation; ask the administrator to whitelist your node number.',
    'later',
  ),
  46: row('EStackAlreadyInDispute', 'The stack is already disputed.'),
  47: row('ETaskSecurityLevelNotSamplingConsensus', 'Only sampling-consensus stacks can be disputed.'),
  48: row('EInvalidDeviceType', 'Unknown device type.'),
  49: row('EInvalidKeyRotationCounter', 'A newer key rotation happened; refresh and rotate again.', 'refresh'),
  50: row('EPublicKeyCommitmentMismatch', 'All devices of one rotation must commit the same key.'),
  51: row('ETaskIsNotConfidentialCompute', 'Use settle, then claim for this stack.'),
  52: row('EInvalidNumClaimedComputeUnitsPerStack', 'The claimed amounts are missing or exceed the stack.'),
  53: row('EStackAlreadyClaimed', 'The stack was already claimed.'),
  54: row('ENodeNotSelectedForClaim', 'This stack belongs to another node.'),
};
