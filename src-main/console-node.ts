/** The running node as hosts, the command line and tests use it. Types only. */
import type { KeysView } from '../src-shared/bridge/views.ts';
import type { Handlers, Topic } from '../src-shared/bridge/index.ts';
import type { Proposal } from '../src-shared/bridge/intents.ts';
import type { HostReaders } from './node/node-remote.ts';

/** What the console's own pages may ask: texts of keys never stand on the bridge (architecture.md, "The bridge"). */
export type SecureCalls = {
  keys(): KeysView;
  needsNewPassphrase(): boolean;
  grave(): 'button' | 'passphrase';
  createKey(o: { passphrase: string | null }): Promise<{ phrase: string }>;
  confirmBackup(phrase: string): Promise<void>;
  importKey(o: { secret: string; passphrase: string | null }): Promise<void>;
  restore(o: { phrase: string; nodeKeys: Uint8Array | null; nodeKeysPassphrase: string | null; passphrase: string | null }): Promise<void>;
  unlock(passphrase: string | null): Promise<void>;
  exportNodeKeys(passphrase: string): Promise<Uint8Array>;
  rehearse(o: { phrase: string; nodeKeys: Uint8Array | null; nodeKeysPassphrase: string | null }): Promise<void>;
  rotateLiveness(passphrase: string | null): Promise<void>;
  proposal(id: string): Proposal | null;
  approve(id: string, passphrase: string | null): Promise<void>;
  decline(id: string): void;
};

/** What the command line needs besides the calls of the bridge (decision 0013). */
export type CommandCalls = {
  confirmedBy(): 'passphrase' | 'keychain';
  /** Opens the key file once more as proof, then signs and sends. */
  approve(id: string, passphrase: string | null): Promise<void>;
  decline(id: string): void;
  /** Reads the chain once, where the keys are open and nothing else reads it. */
  readChain(): Promise<void>;
};

/** The running node. */
export type ConsoleNode = {
  handlers: Handlers;
  secure: SecureCalls;
  command: CommandCalls;
  /** What programs may read with a token. */
  readers: HostReaders;
  onTopic(listener: (topic: Topic) => void): () => void;
  /** Requests that run now. */
  running(): number;
  /** The machine slept: links anew and reads the chain again. */
  woke(): void;
  stop(mode: 'finish' | 'now'): Promise<void>;
};
