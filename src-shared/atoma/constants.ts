/** Constants of the contract's two generations and well-known ids of the platform (protocol.md 1.1 to 1.3, 5.1). */

/** What a freshly published database holds and what is fixed at compile time. Money in base units, shares in permille, waits in epochs. */
export interface AtomaConstants {
  readonly registrationCollateral: bigint;
  readonly disputeDelayEpochs: bigint;
  readonly destroyWaitEpochs: bigint;
  readonly taskRemovalWaitEpochs: bigint;
  readonly taskRemovalByAdminWaitEpochs: bigint;
  readonly hashBytes: number;
  readonly slashOnTimeoutPermille: bigint;
  readonly oracleOnDisputePermille: bigint;
  readonly honestNodesOnDisputePermille: bigint;
  readonly crossValidationProbabilityPermille: bigint;
  readonly crossValidationExtraNodesCount: bigint;
  readonly crossValidationExtraNodesChargePermille: bigint;
  readonly samplingConsensusChargePermille: bigint;
  readonly startingReputation: number;
  readonly maxReputation: number;
  readonly firstSmallId: bigint;
  readonly maxTaskRole: number;
  /** Compute units that one price is for. */
  readonly priceUnit: bigint;
  /** Largest stack of every subscription where the contract fixes it; null where the node chooses. */
  readonly fixedMaxComputeUnits: bigint | null;
}

/** Constants of G1. */
export const G1_CONSTANTS: AtomaConstants = {
  registrationCollateral: 1_000n,
  disputeDelayEpochs: 2n,
  destroyWaitEpochs: 4n,
  taskRemovalWaitEpochs: 2n,
  taskRemovalByAdminWaitEpochs: 2n,
  hashBytes: 32,
  slashOnTimeoutPermille: 100n,
  oracleOnDisputePermille: 100n,
  honestNodesOnDisputePermille: 200n,
  crossValidationProbabilityPermille: 10n,
  crossValidationExtraNodesCount: 1n,
  crossValidationExtraNodesChargePermille: 12n,
  samplingConsensusChargePermille: 1_200n,
  startingReputation: 50,
  maxReputation: 100,
  firstSmallId: 1n,
  maxTaskRole: 7,
  priceUnit: 1n,
  fixedMaxComputeUnits: null,
};

/** Constants of G2: no collateral, one epoch instead of two for disputes and the owner's removal, price per million (protocol.md 5.1). */
export const G2_CONSTANTS: AtomaConstants = {
  ...G1_CONSTANTS,
  registrationCollateral: 0n,
  disputeDelayEpochs: 1n,
  taskRemovalWaitEpochs: 1n,
  priceUnit: 1_000_000n,
  fixedMaxComputeUnits: 1_000_000n,
};

/** Largest device number that a G2 node may commit a key for (protocol.md 5.1). */
export const G2_MAX_DEVICE_TYPE = 15_999;

/** Meaning of a task's security level, independent of the number a generation gives it. */
export type SecurityLevel = 'none' | 'sampling-consensus' | 'confidential';

/** Security level numbers of G1. */
export const G1_SECURITY_CODES: Readonly<Record<SecurityLevel, number>> = {
  none: 0,
  'sampling-consensus': 1,
  confidential: 2,
};

/** Security level numbers of G2: 1 and 2 are swapped (protocol.md 0). */
export const G2_SECURITY_CODES: Readonly<Record<SecurityLevel, number>> = {
  none: 0,
  confidential: 1,
  'sampling-consensus': 2,
};

/** Sui's shared randomness object, passed immutably (protocol.md 1.3). */
export const RANDOM_OBJECT_ID = '0x8';

/** Sui's own coin, in which gas is paid; 9 decimals (10⁹ MIST). */
export const SUI_COIN_TYPE = '0x2::sui::SUI';
