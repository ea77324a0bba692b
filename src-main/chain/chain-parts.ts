/** What the chain's side of a node is built from: options, policies, and what it takes of the rest of the node. Types only. */
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { LaneBoundary } from '../core/crash-points.ts';
import type { SettlementPolicies, StackWork } from '../core/settlement-plan.ts';
import type { Logger } from '../log/logger.ts';
import type { ChainStore } from './chain-store.ts';
import type { ChainClient } from './client.ts';

/** Which network, and how patient; times in milliseconds. */
export type ChainOptions = {
  profile: NetworkProfile;
  /** Between two readings; 1 s on the sandbox, else 5 s. */
  pollMs?: number;
  /** Longest wait for one answer. */
  timeoutMs?: number;
};

/** The switches that matter to the chain's side. */
export type ChainPolicies = SettlementPolicies & { readonly autoClaim: boolean; readonly waitForAttestors: boolean; readonly gasReserveTransactions: number };

/** What a job row knows of a stack. */
export type StackJobs = StackWork & { /** Merkle root over the accepted entries; null while there is none. */ readonly root: Uint8Array | null };

/** What the chain's side takes from the rest of the node. */
export type ChainDeps = {
  store: ChainStore;
  /** Address of the operator key; null while there is none. */
  walletAddress: () => string | null;
  /** Signs transaction bytes with the operator key; AppError keys.locked while it is locked. */
  signTransaction: (bytes: Uint8Array) => Promise<string>;
  canSign: () => boolean;
  stackWork: (stackSmallId: bigint) => StackJobs;
  policies: () => ChainPolicies;
  leaving: () => boolean;
  /** What gas is worth in base units of the network's coin at the operator's rates; left out or null without them. */
  gasWorth?: (mist: bigint) => bigint | null;
  now: () => number;
  random: () => number;
  /** Sampling consensus: told when an event names this node, asked before a stack is settled by policy (its self-audit comes first). */
  attestation?: { named(stackSmallId: bigint): void; maySettle(stackSmallId: bigint): boolean };
  /** Confidential compute: this node's key, and a refusal where the machine cannot serve such tasks; left out, the machine is not looked at. */
  confidential?: { publicKey(): string | null; requireOffered(): void };
  log: Logger;
  /** The way to the full nodes where it is open already; else one of its own. */
  endpoints?: ChainClient;
  fetch?: typeof fetch;
  /** Called at the lane's boundaries; tests stop there. */
  crashPoint?: (boundary: LaneBoundary, kind: Intent['kind']) => void | Promise<void>;
};
