/** What the sandbox's other parts may ask of its chain; everything else goes over gRPC-web like on any network (architecture.md, sandbox/chain). */
import type { Generation } from '../../../src-shared/atoma/index.ts';
import type { Logger } from '../../log/logger.ts';
import type { Draws } from './rules/index.ts';

/** The contract's coin on this chain: TOMA on G1, USDC on G2. */
export interface SandboxCoin {
  readonly type: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Null where the coin has no faucet on chain (USDC); `faucetCoin` gives play money on both. */
  readonly faucetId: string | null;
  readonly packageId: string;
}

/** A task that the publisher creates when the chain is new. */
export interface GenesisTask {
  /** Model served by the task, or null for none. */
  readonly modelName: string | null;
  /** Task role number; 0 chat completions. */
  readonly role?: number;
  readonly security?: 'none' | 'sampling-consensus' | 'confidential';
  /** G2 only: false makes a task by invitation. Left out = public. */
  readonly isPublic?: boolean;
}

/** Disturbances for tests and the Network page. */
export interface ChainFaults {
  /** Every answer is held back this long. */
  readonly delayMs: number;
  /** Every request's connection is cut without an answer. */
  readonly drop: boolean;
  /** Transactions are executed and committed as ever, but the connection is cut before the answer to them is sent. */
  readonly loseAnswers: boolean;
  /** Every request is answered with this status instead of being looked at; null for none. */
  readonly refuse: 'UNAVAILABLE' | 'RESOURCE_EXHAUSTED' | null;
}

/** How the chain is to be set up; all but `tasks` may be left out, so that tests need no configuration. */
export interface SandboxChainOptions {
  /** Contract generation of a new chain, G1 when left out; an existing chain of the other one is refused. */
  readonly generation?: Generation;
  /** Database file; left out = a database in memory, gone when the chain stops. */
  readonly dataFile?: string;
  readonly host?: '127.0.0.1';
  /** Port; 0 or left out = any free one. */
  readonly port?: number;
  /** Tasks that exist from the beginning; numbers 1, 2, … in this order. Ignored on an existing database. */
  readonly tasks?: readonly GenesisTask[];
}

/** What the chain takes from its surroundings. */
export interface SandboxChainDeps {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 32 fresh random bytes: keys, ids and the contract's draws. */
  readonly random: () => Uint8Array;
  readonly log: Logger;
  /** For tests only: the contract's draws, where they are not to be random. */
  readonly draws?: Draws;
}

/** Something that happened on the chain, for the coordinator and the sandbox's own display. */
export type ChainNotice =
  | { readonly kind: 'transaction'; readonly digest: string; readonly checkpoint: bigint; readonly success: boolean }
  | {
      readonly kind: 'event';
      readonly digest: string;
      readonly eventIndex: number;
      readonly type: string;
      readonly sender: string;
      readonly contents: Uint8Array;
    }
  | { readonly kind: 'epoch'; readonly epoch: bigint };

/** A further server over the same chain, with faults of its own: another full node of the same network, as a client sees it. */
export interface ChainEndpoint {
  readonly url: string;
  setFaults(faults: Partial<ChainFaults>): void;
  stop(): Promise<void>;
}

/** A running chain. Ids are known as soon as it is created; `url` once it is started. */
export interface SandboxChain {
  readonly url: string;
  readonly generation: Generation;
  readonly chainId: string;
  readonly packageId: string;
  readonly atomaDbId: string;
  readonly coin: SandboxCoin;
  /** Address of the publisher: administrator and owner of the genesis tasks. */
  readonly publisher: string;
  /** Opens the gRPC-web server and creates the genesis tasks on a new chain. */
  start(): Promise<void>;
  /** Opens one more server on a free port; it stops with the chain, or alone before. */
  addEndpoint(): Promise<ChainEndpoint>;
  /** Closes the server and the database. */
  stop(): Promise<void>;
  epoch(): bigint;
  /** Lets `count` epochs pass (1 when left out). */
  advanceEpoch(count?: number): void;
  setFaults(faults: Partial<ChainFaults>): void;
  /** Sends SUI for gas from the publisher's purse, in a signed transaction; amount in MIST. */
  faucetSui(address: string, amountMist: bigint): Promise<void>;
  /** Sends the contract's coin from the publisher's purse, in a signed transaction; amount in base units. */
  faucetCoin(address: string, amount: bigint): Promise<void>;
  /** Runs one administrator call of the contract (a `set_…`, registration on or off, task creation); throws when it aborts. */
  administer(call: AdminCall): Promise<void>;
  /** Calls `listener` after each commit; returns the function that ends this. */
  on(listener: (notice: ChainNotice) => void): () => void;
}

/** Calls the publisher may be asked to make: a parameter of the database or a further task. */
export type AdminCall =
  | { readonly kind: 'create-task'; readonly task: GenesisTask }
  | { readonly kind: 'registration'; readonly open: boolean }
  /** G2: admits nodes to a task by invitation. */
  | { readonly kind: 'whitelist'; readonly task: bigint; readonly nodes: readonly bigint[] }
  /** G2: calls for new confidential keys. */
  | { readonly kind: 'rotate-network-key' }
  | {
      readonly kind: 'set';
      readonly parameter:
        | 'set_required_registration_toma_collateral'
        | 'set_permille_to_slash_node_on_timeout'
        | 'set_permille_for_oracle_on_dispute'
        | 'set_permille_for_honest_nodes_on_dispute'
        | 'set_cross_validation_probability_permille'
        | 'set_cross_validation_extra_nodes_count'
        | 'set_cross_validation_extra_nodes_charge_permille'
        | 'set_sampling_consensus_charge_permille';
      readonly value: bigint;
    };
