/** The contract's state as one value, in the terms of protocol.md 4.1 and nothing of the platform: no object ids, no versions. */
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import { idMapOf } from './id-map.ts';
import { termsOf } from './terms.ts';

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

/** The confidential key that a G2 node committed to, and for which devices (protocol.md 4.1). */
export interface KeyCommitment {
  readonly counter: bigint;
  readonly epoch: bigint;
  readonly publicKey: Uint8Array;
  readonly deviceTypes: readonly number[];
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
  /** Models marked on the node's badge, with the echelon; of the dormant model interface (protocol.md 2.5). */
  readonly models: ReadonlyMap<string, bigint>;
  /** G2 only; null until the node commits to a key. */
  readonly keyCommitment: KeyCommitment | null;
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
  /** G1 tasks are all public. */
  readonly isPublic: boolean;
  /** Nodes admitted to a private task; entries are never removed (protocol.md 2.7). */
  readonly whitelist: readonly bigint[];
}

/** A bought stack. */
export interface StackRecord {
  readonly owner: string;
  readonly price: bigint;
  readonly units: bigint;
  readonly selectedNode: bigint;
  readonly task: bigint;
  /** Paid by the direct claim of G2, which keeps the stack. */
  readonly isClaimed: boolean;
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

/** A group of nodes that serve a model (protocol.md 4.1); `oracles` and `nodes` are node numbers. */
export interface EchelonRecord {
  readonly id: bigint;
  readonly settlementTimeoutMs: bigint;
  readonly inputFeePerToken: bigint;
  readonly outputFeePerToken: bigint;
  readonly relativePerformance: bigint;
  readonly oracles: readonly bigint[];
  readonly nodes: readonly bigint[];
}

/** A model of the dormant interface. */
export interface ModelRecord {
  readonly modality: bigint;
  readonly isDisabled: boolean;
  readonly echelons: readonly EchelonRecord[];
}

/** A prompt under way in the dormant flow: who must commit and who has, what they said, and what was paid (protocol.md 2.5, 4.1). */
export interface PromptTicket {
  readonly model: string;
  readonly echelon: bigint;
  readonly all: readonly bigint[];
  readonly completed: readonly bigint[];
  readonly merkleRoot: Uint8Array;
  readonly merkleLeaves: Uint8Array;
  readonly inputFeePerToken: bigint;
  readonly outputFeePerToken: bigint;
  readonly collectedFee: bigint;
  readonly payer: string;
  readonly inputTokens: bigint | null;
  readonly outputTokens: bigint | null;
  readonly isDisputed: boolean;
  readonly tokenCountsDisputedBy: bigint | null;
  readonly timeout: {
    readonly timedOutCount: bigint;
    readonly timeoutMs: bigint;
    readonly startedInEpoch: bigint;
    readonly startedAtEpochTimestampMs: bigint;
  };
  readonly crossValidation: { readonly probabilityPermille: bigint; readonly howManyExtraNodes: bigint } | null;
}

/** Everything the contract knows. Values are never changed in place. */
export interface World {
  readonly generation: Generation;
  readonly settings: Settings;
  readonly nextNode: bigint;
  readonly nextTask: bigint;
  readonly nextStack: bigint;
  readonly nodes: ReadonlyMap<bigint, NodeRecord>;
  readonly tasks: ReadonlyMap<bigint, TaskRecord>;
  readonly stacks: ReadonlyMap<bigint, StackRecord>;
  readonly tickets: ReadonlyMap<bigint, TicketRecord>;
  readonly models: ReadonlyMap<string, ModelRecord>;
  /** By the ticket's object id. */
  readonly prompts: ReadonlyMap<string, PromptTicket>;
  readonly feeTreasury: bigint;
  readonly communalTreasury: bigint;
  /** G2: how often the administrator called for new keys, and the number their evidence must contain. */
  readonly keyRotation: { readonly counter: bigint; readonly nonce: bigint };
}

/** The state right after publication. */
export const freshWorld = (generation: Generation = 'G1'): World => {
  const { constants } = termsOf(generation);
  return {
    generation,
    settings: {
      crossValidationProbabilityPermille: constants.crossValidationProbabilityPermille,
      crossValidationExtraNodesCount: constants.crossValidationExtraNodesCount,
      crossValidationExtraNodesChargePermille: constants.crossValidationExtraNodesChargePermille,
      samplingConsensusChargePermille: constants.samplingConsensusChargePermille,
      registrationCollateral: constants.registrationCollateral,
      slashOnTimeoutPermille: constants.slashOnTimeoutPermille,
      oracleOnDisputePermille: constants.oracleOnDisputePermille,
      honestNodesOnDisputePermille: constants.honestNodesOnDisputePermille,
      isRegistrationDisabled: false,
    },
    nextNode: constants.firstSmallId,
    nextTask: constants.firstSmallId,
    nextStack: constants.firstSmallId,
    nodes: new Map(),
    tasks: new Map(),
    stacks: new Map(),
    tickets: new Map(),
    models: new Map(),
    prompts: new Map(),
    feeTreasury: 0n,
    communalTreasury: 0n,
    keyRotation: { counter: 0n, nonce: 0n },
  };
};

/** A copy of the map with one entry set; under an id, what does not change is shared between the two. */
export const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => {
  if (typeof key !== 'bigint') return new Map(map).set(key, value);
  return idMapOf(map as ReadonlyMap<bigint, V>).with(key, value) as unknown as ReadonlyMap<K, V>;
};

/** A copy of the map without one entry. */
export const withoutEntry = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  if (typeof key === 'bigint')
    return idMapOf(map as ReadonlyMap<bigint, V>).without(key) as unknown as ReadonlyMap<K, V>;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
};
