/** What a session is built from, and what it gives: types of the second half of the composition root (decision 0005). */
import type { Policies } from '../../src-shared/bridge/views.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { NodeState } from '../../src-shared/domain/node-state.ts';
import type { Manifest } from '../../src-shared/link/manifest.ts';
import type { GpuGauge } from '../../src-shared/link/messages.ts';
import type { AttestDriver } from '../attest/attest-driver.ts';
import type { ChainClient } from '../chain/client.ts';
import type { Chain } from '../chain/create-chain.ts';
import type { NodeCrashHook } from '../core/crash-points.ts';
import type { LeaveFacts } from '../core/leave-plan.ts';
import type { Ingress } from '../ingress/types.ts';
import type { Inference, ReadyModel } from '../inference/types.ts';
import type { Jobs } from '../job/types.ts';
import type { Signers } from '../keys/vault.ts';
import type { LeaveDriver } from '../leave/leave-driver.ts';
import type { Link } from '../link/types.ts';
import type { Logger } from '../log/logger.ts';
import type { AttestStore } from '../store/attest-store.ts';
import type { JobTables } from '../store/job-store.ts';
import type { Store } from '../store/open.ts';
import type { Settings } from '../store/settings.ts';
import type { Hardware } from '../system/hardware.ts';
import type { WasmEngine } from '../wasm/types.ts';
import type { Proposals } from '../wallet/proposals.ts';
import type { SessionConfidential } from './session-confidential.ts';

/** Switches of the operator, read whenever a decision needs them. */
export type SessionSwitches = { policies(): Policies; paused(): boolean; started(): boolean };

/** What a session is built from. */
export type SessionParts = {
  profile: NetworkProfile;
  version: string;
  /** The database of this network, already open. */
  store: Store;
  settings: Settings;
  /** The way to this network's full nodes; left out, the session opens one. */
  endpoints?: ChainClient;
  signers: Signers;
  inference: Pick<Inference, 'run' | 'perform'>;
  models(): readonly ReadyModel[];
  /** The engine of WASM functions; absent or null where none runs. */
  wasm?: () => WasmEngine | null;
  hardware: Hardware;
  gauges(): GpuGauge[];
  /** A manifest was signed for a hello. */
  manifestSigned?(manifest: Manifest): void;
  switches: SessionSwitches;
  /** What gas is worth in base units of the network's coin at the operator's rates; null without them. */
  gasWorth?(mist: bigint): bigint | null;
  /** The derived state, for heartbeats. */
  state(): NodeState;
  /** Some fact changed: derive the state anew, tell the window. */
  changed(topic: 'node' | 'chain' | 'jobs' | 'stacks' | 'ingress' | 'confidential'): void;
  now(): number;
  random(): number;
  log: Logger;
  /** Tests stop the process at the named boundaries. */
  crashPoint?: NodeCrashHook;
};

/** A running session. */
export type Session = {
  profile: NetworkProfile;
  chain: Chain;
  jobs: Jobs;
  /** Null where the network has no coordinator. */
  link: Link | null;
  leave: LeaveDriver;
  leaveFacts(): LeaveFacts;
  proposals: Proposals;
  /** The node's own API for buyers of its stacks. */
  ingress: Ingress;
  /** Tasks that run in protected memory, and the key that their buyers encrypt to. */
  confidential: SessionConfidential;
  /** Attesting for others, and the audit of own stacks. */
  attest: AttestDriver;
  attestTables: AttestStore;
  tables: JobTables;
  /** Tasks subscribed at a real price whose model is on disk and verified. */
  servedTasks(): bigint[];
  /** Begins to read the chain and, once the set-up is done, to link. */
  start(): void;
  /** Links now if the set-up is done and it is not linked. */
  connect(): void;
  stop(mode: 'finish' | 'now'): Promise<void>;
};
