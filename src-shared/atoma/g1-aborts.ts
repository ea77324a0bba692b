/** Abort codes of the G1 contract and the framework with the operator's sentence and whether to try again (protocol.md 2.6). */

/** What follows from an abort: never again as it is; again with fresh data; again later, at a time the chain fixes. */
export type AbortRetry = 'never' | 'refresh' | 'later';

/** One row of the abort table. */
export interface AbortMeaning {
  readonly name: string;
  /** One sentence: what happened and what to do. */
  readonly sentence: string;
  readonly retry: AbortRetry;
}

/** First code of module `db`; code = base + offset. */
export const DB_ABORT_BASE = 312_012_000n;

/** One row; `never` unless told otherwise. */
export const row = (name: string, sentence: string, retry: AbortRetry = 'never'): AbortMeaning => ({
  name,
  sentence,
  retry,
});

/** Module `db` by offset from DB_ABORT_BASE. 8 is unused. */
export const G1_DB_ABORTS: Readonly<Record<number, AbortMeaning>> = {
  0: row('ENodeRegDisabled', 'The network is not accepting new nodes now. Try later.', 'later'),
  1: row('EModelDisabled', 'This model is switched off network-wide.'),
  2: row('ENotAuthorized', 'Only the network administrator can do this.'),
  3: row('EProtocolFeeCannotBeZero', 'The fee must be above zero.'),
  4: row('ERelativePerformanceCannotBeZero', 'The performance must be above zero.'),
  5: row('EEchelonNotFound', 'This hardware group does not exist for the model.'),
  6: row('EEchelonAlreadyExistsForModel', 'This hardware group already exists for the model.'),
  7: row('ETotalPermilleMustBeLessThan1000', 'Shares add up to more than 100 %.'),
  9: row('ENodeAlreadySubscribedToModel', 'Already subscribed to this model.'),
  10: row('ENodeNotSubscribedToModel', 'Not subscribed to this model.'),
  11: row('ENodeIndexMismatch', 'The list moved; retrying with fresh data.', 'refresh'),
  12: row('ENodeAlreadyDisabled', 'This node is already leaving.'),
  13: row(
    'ENodeMustWaitBeforeDestroy',
    'Collateral is locked for four epochs after leaving; wait for the countdown.',
    'later',
  ),
  14: row('ECannotSampleZeroNodes', 'Ask for at least one node.'),
  15: row('ETaskDeprecated', 'This task is retired; it takes no subscription changes.'),
  16: row('ENodeAlreadySubscribedToTask', 'Already subscribed; use "change price".'),
  17: row('ETaskNotFound', 'No such task; it may have been removed.'),
  18: row('ENodeNotSubscribedToTask', 'This node is not subscribed to that task.'),
  19: row('ENotEnoughEpochsPassed', 'The task can be removed only two epochs after it was retired.', 'later'),
  20: row('ETaskNotDeprecated', 'Retire the task first.'),
  21: row('ENoNodesSubscribedToTask', 'No node serves this task.', 'later'),
  22: row(
    'ENoNodesEligibleForTask',
    'No node serves this task at that price and size: raise the price or buy fewer units.',
    'later',
  ),
  23: row('ENodeNotSelectedForStack', 'This stack belongs to another node.'),
  24: row('EStackInSettlementDispute', 'Already submitted for settlement.'),
  25: row('ETooManyComputedUnits', 'You cannot claim more units than the stack holds.'),
  26: row('EStackDoesNotRequireSamplingConsensus', 'This stack needs no attestation.'),
  27: row('EStackNotFound', 'The stack no longer exists; it may have been claimed already.'),
  28: row('EStackNotInSettlementDispute', 'The node has not settled this stack yet.', 'later'),
  29: row('EStackDisputePeriodOver', 'The attestation window has closed; expect a penalty when the stack is claimed.'),
  30: row('ENodeNotSelectedForAttestation', 'Your node was not asked to attest this stack.'),
  31: row('EStackInDispute', 'The stack is disputed; the contract has no function that ends a dispute.'),
  32: row(
    'EStackDisputePeriodIsNotOver',
    'The challenge window is still open; the stack can be claimed when it ends.',
    'later',
  ),
  33: row('ENodeNotSelectedForSettlement', 'This ticket belongs to another node.'),
  34: row('ETaskAlreadyDeprecated', 'The task is already retired.'),
  35: row('EInvalidTaskRole', 'Unknown task role.'),
  36: row('EInvalidSecurityLevel', 'Unknown security level.'),
  37: row('EInvalidPricePerComputeUnit', 'The price must be above zero.'),
  38: row('EInvalidMaxNumComputeUnits', 'The capacity must be above zero.'),
  39: row(
    'ENodeDoesNotMeetTaskRequirements',
    "Your score (50) is below this task's minimum; no node can raise it today.",
  ),
  40: row('EInvalidComputeUnits', 'Buy at least one unit.'),
  41: row('EInsufficientBalance', 'Not enough TOMA in the chosen coin; merge coins or add funds.'),
  42: row('EInvalidCommittedStackProof', 'Internal: the proof must be 32 bytes.'),
  43: row('EInvalidStackMerkleLeaf', 'Internal: the leaf must be 32 bytes.'),
  44: row('EInvalidMinimumReputationScore', 'The minimum score is 0 to 100.'),
};

/** Framework modules, keyed `address::module` with the short address, then by code. Same in both generations. */
export const FRAMEWORK_ABORTS: Readonly<Record<string, Readonly<Record<string, AbortMeaning>>>> = {
  '0x2::dynamic_field': {
    0: row('EFieldAlreadyExists', 'The entry exists already.', 'refresh'),
    1: row(
      'EFieldDoesNotExist',
      'The task, stack, ticket or node is not there (any more); refresh and look again.',
      'refresh',
    ),
    2: row('EFieldTypeMismatch', 'The entry has another type than expected.'),
  },
  '0x2::balance': {
    2: row('ENotEnough', 'Not enough funds: the chosen coin or the network treasury cannot pay this amount.', 'later'),
  },
  '0x2::table_vec': {
    0: row(
      'EIndexOutOfBound',
      'The task cannot be bought: a node left it and the contract trips over the gap until that node subscribes again.',
      'later',
    ),
  },
  '0x1::option': {
    262145: row(
      'EOptionNotSet',
      'A value that must be set is missing: the node is not disabled, or the faucet is off.',
    ),
  },
};

/** What the operator reads when a transaction failed on 64-bit overflow or division by zero. */
export const ARITHMETIC_MEANING: AbortMeaning = row(
  'ArithmeticError',
  'The amounts are too large for the chain to multiply; use a smaller price or fewer units.',
);

/** What the operator reads for a code that no table knows. */
export const UNKNOWN_ABORT: AbortMeaning = row(
  'Unknown',
  'The contract refused for a reason this console does not know.',
);
