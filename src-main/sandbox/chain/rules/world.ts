/** The contract's state as one value, in the terms of protocol.md 4.1 and nothing of the platform: no object ids, no versions. */
import { G1_CONSTANTS } from '../../../../src-shared/atoma/index.ts';

/** Live settings of the database (protocol.md 5.1): money in base units, shares in permille. */
export interface Settings {
  readonly crossValidationProbabilityPermille: bigint;
  readonly crossValidationExtraNodesCount: bigint;
  readonly crossValidationExtraNodesChargePermille: bigint;
  readonly samplingConsensusChargePermille: bigint;
  readonly registrationCollateral: bigint;
  readonly slashOnTimeoutPermille: bigint;
  readonly oracleOnDisputePermille: bigint;
  readonly honestNodesOnDisputePermille: bigint;
  readonly isRegistrationDisabled: boolean;
}

/** A registered node. */
export interface NodeRecord {
  readonly disabledInEpoch: bigint | null;
  readonly collateral: bigint;
  readonly lastFeeEpoch: bigint;
  readonly lastFeeEpochAmount: bigint;
  readonly availableFeeAmount: bigint;
  readonly reputation: number;
  /** Tasks marked on the node's badge. */
  readonly subscriptions: ReadonlySet<bigint>;
}

/** A node's offer for a task. */
export interface Offer {
  readonly price: bigint;
  readonly maxUnits: bigint;
}

/** A task. `nodeList` may hold stale and repeated numbers; `offers` is authoritative (protocol.md 4.2, 5.6). */
export interface TaskRecord {
  readonly role: number;
  readonly modelName: string | null;
  readonly deprecatedAtEpoch: bigint | null;
  readonly security: number;
  readonly minimumReputation: number;
  readonly offers: ReadonlyMap<bigint, Offer>;
  readonly nodeList: readonly bigint[];
}

/** A bought stack. */
export interface StackRecord {
  readonly owner: string;
  readonly price: bigint;
  readonly units: bigint;
  readonly selectedNode: bigint;
  readonly task: bigint;
}

/** A settlement under way. */
export interface TicketRecord {
  readonly selectedNode: bigint;
  readonly claimedUnits: bigint;
  readonly requested: readonly bigint[];
  readonly disputeSettledAtEpoch: bigint;
  readonly proof: Uint8Array;
  readonly leaves: Uint8Array;
  readonly attested: readonly bigint[];
  readonly inDispute: boolean;
}

/** Everything the contract knows. Values are never changed in place. */
export interface World {
  readonly settings: Settings;
  readonly nextNode: bigint;
  readonly nextTask: bigint;
  readonly nextStack: bigint;
  readonly nodes: ReadonlyMap<bigint, NodeRecord>;
  readonly tasks: ReadonlyMap<bigint, TaskRecord>;
  readonly stacks: ReadonlyMap<bigint, StackRecord>;
  readonly tickets: ReadonlyMap<bigint, TicketRecord>;
  readonly feeTreasury: bigint;
  readonly communalTreasury: bigint;
}

/** The state right after publication. */
export const freshWorld = (): World => ({
  settings: {
    crossValidationProbabilityPermille: G1_CONSTANTS.crossValidationProbabilityPermille,
    crossValidationExtraNodesCount: G1_CONSTANTS.crossValidationExtraNodesCount,
    crossValidationExtraNodesChargePermille: G1_CONSTANTS.crossValidationExtraNodesChargePermille,
    samplingConsensusChargePermille: G1_CONSTANTS.samplingConsensusChargePermille,
    registrationCollateral: G1_CONSTANTS.registrationCollateral,
    slashOnTimeoutPermille: G1_CONSTANTS.slashOnTimeoutPermille,
    oracleOnDisputePermille: G1_CONSTANTS.oracleOnDisputePermille,
    honestNodesOnDisputePermille: G1_CONSTANTS.honestNodesOnDisputePermille,
    isRegistrationDisabled: false,
  },
  nextNode: G1_CONSTANTS.firstSmallId,
  nextTask: G1_CONSTANTS.firstSmallId,
  nextStack: G1_CONSTANTS.firstSmallId,
  nodes: new Map(),
  tasks: new Map(),
  stacks: new Map(),
  tickets: new Map(),
  feeTreasury: 0n,
  communalTreasury: 0n,
});

/** A copy of the map with one entry set. */
export const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  new Map(map).set(key, value);

/** A copy of the map without one entry. */
export const withoutEntry = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
};
