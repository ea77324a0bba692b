/** What this folder tells the rest of the node about the chain, as plain values; null always means "not known" (product.md: unknown is never shown as 0). */
import type { AtomaDb, SecurityLevel } from '../../src-shared/atoma/index.ts';
import type { ChainHealth } from './client.ts';

/** The chain's epoch; the end is known only where the chain tells its epochs' length. */
export type EpochFact = { epoch: bigint; startMs: number; durationMs: number | null };

/** This wallet's node. Amounts in base units of the network's coin. */
export type NodeFact = {
  nodeSmallId: bigint;
  badgeId: string;
  collateral: bigint;
  reputation: number;
  /** Epoch in which leaving became final, or null. */
  disabledAtEpoch: bigint | null;
  /** Fees a withdrawal would pay now, and those still locked (protocol.md 4.2). */
  fees: { free: bigint; locked: bigint };
};

/** A node's offer on a task. */
export type SubscriberFact = { nodeSmallId: bigint; price: bigint; maxComputeUnits: bigint };

/** A purchase on a task: the price the buyer named, in the generation's unit, and the compute units bought. */
export type RecentStack = { price: bigint; computeUnits: bigint };

/** One task on chain. */
export type TaskFact = {
  taskSmallId: bigint;
  role: number;
  modelName: string | null;
  securityLevel: SecurityLevel | 'unknown';
  minimumReputation: number;
  isDeprecated: boolean;
  subscribers: readonly SubscriberFact[];
  /** What buyers bought lately, newest first: the cap they named, and how many units. */
  recentStacks: readonly RecentStack[];
};

/** A stack as the dispatch rules need it (coordinator.md, "Dispatch rules"). */
export type StackFact = {
  stackSmallId: bigint;
  taskSmallId: bigint;
  selectedNode: bigint;
  owner: string;
  numComputeUnits: bigint;
  price: bigint;
  /** A settlement ticket exists or its transaction is under way: nothing more may be served on it. */
  settling: boolean;
  mine: boolean;
  samplingConsensus: boolean;
};

/** Everything last read, in one value. */
export type ChainSnapshot = {
  health: ChainHealth;
  epoch: EpochFact | null;
  /** The contract's settings and treasury. */
  db: AtomaDb | null;
  /** Null while unknown; `registered: false` is known. */
  registration: { registered: false } | { registered: true; node: NodeFact } | null;
  /** SUI in MIST, and the network's coin in base units. */
  balances: { suiMist: bigint; coin: bigint } | null;
  tasks: readonly TaskFact[] | null;
  /** My offers, by task. */
  subscriptions: ReadonlyMap<bigint, SubscriberFact> | null;
  /** When all of this was read; null before the first time. */
  readAtMs: number | null;
};
