/** What the composition root is given: what the entry knows, and what the host supplies. Types only. */
import type { BrowserSession } from '../../src-shared/bridge/remote-calls.ts';
import type { Generation, NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { AppError } from '../../src-shared/errors.ts';
import type { NodeCrashHook } from '../core/crash-points.ts';
import type { Inference } from '../inference/types.ts';
import type { BegunKey } from '../keys/sealed-file.ts';
import type { Keychain } from '../keys/vault.ts';
import type { LogEvent, LogLevel, Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';

/** What the entry knows. */
export type NodeOptions = {
  dataDir: string;
  version: string;
  host: 'desktop' | 'headless';
  /** Version of Electron, or null. */
  electron: string | null;
  /** The only network, from --network FILE. */
  fixedNetwork: NetworkProfile | null;
  modelRoots: readonly string[];
  /** Module of the inference process. */
  inferenceModule: string;
  /** Module of the process of a WASM function; without it the node offers none. */
  wasmModule?: string;
  /** Opens the keys at the start, where they are sealed under a passphrase. */
  passphrase?: string | null;
  /** The vault's key under that passphrase, where its derivation has begun. */
  begunKey?: BegunKey | null;
  /** Folder that all consoles of this user share: who holds a wallet's key says so there. Left out, two nodes may work with one key, as tests do one after the other. */
  keyLockFolder?: string;
  /** Opened for one verb of the command line: keys and chain, but no link, no inference and no reconciling (decision 0013). */
  command?: CommandOptions;
};

/** Which network a verb works on: none, the one chosen in the set-up, or another by its id; the choice of the set-up stays. */
export type CommandOptions = { network: 'none' | 'chosen' | { id: string } };

type SecurePage = { kind: 'create' | 'import' | 'restore' | 'unlock' | 'backup' } | { kind: 'confirm'; proposalId: string };

/** The browsers that are signed in, as the host keeps them. */
export type Browsers = {
  served(): { address: string | null; tls: boolean; hostNames: string[] };
  list(): BrowserSession[];
  end(id: string): boolean;
  endOthers(): void;
  /** Told when one signs in or out. */
  onChange(listener: () => void): void;
};

/** What the host supplies. */
export type NodeDeps = {
  spawn: SpawnChild;
  /** The OS keychain; null where keys are sealed under a passphrase. */
  keychain: Keychain | null;
  /** Starts the embedded network of a contract generation. */
  startSandbox(dataDir: string, generation: Generation): Promise<{ profile: NetworkProfile; stop(): Promise<void> }>;
  openSecurePage(page: SecurePage): Promise<{ url: string | null }>;
  log: Logger;
  logRing(query: { limit: number; level: LogLevel; text: string }): LogEvent[];
  /** Browsers that the host serves; a desktop window has none. */
  browsers?: Browsers;
  now(): number;
  random(): number;
  onFatal(error: AppError): void;
  /** Tests stop the process at the named boundaries. */
  crashPoint?: NodeCrashHook;
  /** Puts something around the engine; the console itself never does. */
  decorateInference?: (inference: Inference) => Inference;
};
