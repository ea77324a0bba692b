/** What the host's own pages may ask of the node: keys and confirmations, never over the bridge (architecture.md, "Loopback host"). */
import type { Proposal } from '../../src-shared/bridge/intents.ts';
import type { KeysView } from '../../src-shared/bridge/views.ts';

/** A page outside the console's window: one act each. */
export type SecurePage =
  { kind: 'create' | 'import' | 'restore' | 'unlock' | 'backup' | 'rehearse' | 'rotate' } | { kind: 'confirm'; proposalId: string };

/** The acts behind those pages. Every promise rejects with an AppError whose sentence is shown to the operator. */
export type SecureApi = {
  keys(): KeysView;
  /** True when there is no keychain, so that making or restoring keys needs a passphrase to seal them under. */
  needsNewPassphrase(): boolean;
  /** How a confirmation is proved: by the button of a desktop window, or by the passphrase. */
  grave(): 'button' | 'passphrase';
  /** Makes a key and returns its phrase; nothing is kept until {@link SecureApi.confirmBackup}. */
  createKey(options: { passphrase: string | null }): Promise<{ phrase: string }>;
  /** Keeps the new key; called after the operator has proved that the phrase was written down. */
  confirmBackup(phrase: string): Promise<void>;
  importKey(options: { secret: string; passphrase: string | null }): Promise<void>;
  restore(options: {
    phrase: string;
    nodeKeys: Uint8Array | null;
    nodeKeysPassphrase: string | null;
    passphrase: string | null;
  }): Promise<void>;
  /** `null` where the keychain opens the keys. */
  unlock(passphrase: string | null): Promise<void>;
  /** The node keys (not the operator key) sealed under a passphrase of their own. */
  exportNodeKeys(passphrase: string): Promise<Uint8Array>;
  /** Tries the recovery phrase, and the node-key backup where one is given; changes nothing. */
  rehearse(options: { phrase: string; nodeKeys: Uint8Array | null; nodeKeysPassphrase: string | null }): Promise<void>;
  /** Replaces the liveness key; `null` where the keychain opens the keys. */
  rotateLiveness(passphrase: string | null): Promise<void>;
  /** The proposal while it waits, else null. */
  proposal(id: string): Proposal | null;
  /** Signs and sends; ends when the execution has begun. `keys.wrong_passphrase` when the proof fails. */
  approve(id: string, passphrase: string | null): Promise<void>;
  decline(id: string): void;
};
