/** What the rest of the node sees of its keys: the vault, its signers, and the keychain it may lean on (coordinator.md 1). Types only. */
import type { ConfidentialKey } from './confidential-key.ts';
import type { BegunKey } from './sealed-file.ts';

/** The public side of the keys; safe to show and to log. */
export type NodeIdentity = {
  /** `0x` and hex of SHA-256 over the DER SubjectPublicKeyInfo of the node RSA key. */
  nodeId: string;
  /** Sui address of the operator key. */
  walletAddress: string;
  /** Sui address of the liveness key. */
  livenessAddress: string;
  /** SPKI PEM of the node RSA key, as it stands in the manifest. */
  publicKeyPem: string;
};

/** What the unlocked keys can do. Everything returned is public; nothing here returns a key. */
export interface Signers {
  readonly identity: NodeIdentity;
  /** Operator key over serialized transaction data: the serialized Sui signature in base64. */
  signTransaction(bytes: Uint8Array): Promise<string>;
  /** Liveness key over a text as a Sui personal message, in base64 (coordinator.md 3). */
  signLiveness(text: string): Promise<string>;
  /** Operator key over `node-link:bind:…`: the manifest's wallet_sig (coordinator.md 2). */
  walletBinding(): Promise<string>;
  /** RSA-PSS, SHA-256, salt 32, over the RFC 8785 bytes of the manifest without `signature`: `rsa(0x<hex>)`. */
  signManifest(manifestWithoutSignature: object): Promise<string>;
  /** Opens a sealed request: plaintext bytes. Throws AppError keys.decrypt_failed when it does not open, or names another node or task. */
  openEnvelope(jwe: string, taskId: string): Promise<Uint8Array>;
  /** The X25519 key of confidential compute, which lives as long as the unlocked keys (protocol.md 7.7). */
  readonly confidential: ConfidentialKey;
  /**
   * Operator key over the BLAKE2b-256 hash of a JSON object's text, without an intent, as buyers verify answers (protocol.md 7.6): both in base64.
   * Nothing else has such a text's first byte, so no signature made here is one of a transaction or a personal message.
   * @throws AppError bug.unexpected for another text
   */
  signJson(json: string): Promise<{ hash: string; signature: string }>;
  /**
   * Operator key over BLAKE2b-256(node_small_id as i64 LE ‖ zlib bytes), without an intent, in base64: the evidence that goes to the network's proxy (protocol.md 7.7).
   * No transaction and no personal message of this wallet has such bytes.
   * @throws AppError bug.unexpected for number 0 or bytes that are not zlib's
   */
  signEvidence(nodeSmallId: bigint, compressed: Uint8Array): Promise<string>;
  /** Seals bytes that wait on this disk (AES-256-GCM under a key derived from the node RSA key). */
  sealLocal(bytes: Uint8Array): Promise<Uint8Array>;
  /** Opens what {@link sealLocal} made. Throws AppError keys.decrypt_failed. */
  openLocal(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Where the wrapping key comes from: the OS keychain, or a passphrase through scrypt. */
export type KeyStoreKind = 'keychain' | 'passphrase';

/** What may be shown of the vault. `store` is the one in use, or the one a new vault would use. */
export type VaultStatus = {
  exists: boolean;
  unlocked: boolean;
  store: { kind: KeyStoreKind; name: string };
  backupConfirmed: boolean;
  /** Known also while locked; null while there is no readable vault. */
  identity: NodeIdentity | null;
};

/**
 * Keeps the operator key, the liveness key and the node RSA key in one sealed file. Never makes a key on its own.
 * Texts that come back from `create` belong on a secure page only, never on the bridge or in a log.
 */
export interface Vault {
  status(): VaultStatus;
  /**
   * Makes new keys in memory and returns the 24-word recovery phrase; nothing is written before {@link confirmBackup}.
   * With a passphrase the vault will be sealed under it, else under the OS keychain.
   * Throws keys.exists, keys.missing (a registration is known: restore instead), keys.weak_passphrase, keys.keychain_unavailable.
   */
  create(o: { passphrase?: string }): Promise<{ phrase: string }>;
  /** The re-entered phrase proves the backup; writes and unlocks the vault. Throws keys.phrase_mismatch, keys.not_created. */
  confirmBackup(phrase: string): Promise<void>;
  /** Takes an operator key from 24 words or a `suiprivkey…` of a secp256k1 key, with new node keys. Throws keys.exists, keys.bad_phrase, keys.bad_secret. */
  importOperator(o: { secret: string; passphrase?: string }): Promise<void>;
  /**
   * Opens the sealed file; a key that was begun from the same passphrase is taken where it is this file's. Throws keys.not_created or keys.missing, keys.locked (a passphrase is needed), keys.wrong_passphrase,
   * keys.keychain_unavailable, keys.keychain_key_missing, keys.damaged.
   */
  unlock(passphrase?: string, begun?: BegunKey): Promise<void>;
  /** Forgets the open keys; signers handed out before keep working until they are dropped. */
  lock(): void;
  /** True when the vault is under a passphrase and this is the one; false under the OS keychain. */
  verifyPassphrase(passphrase: string): Promise<boolean>;
  /**
   * Opens the sealed file once more, as proof that the operator agrees, and forgets it: with the passphrase, or by asking the OS keychain again.
   * False when it does not open. Throws keys.locked (a passphrase is needed), keys.keychain_unavailable, keys.keychain_key_missing.
   */
  prove(passphrase?: string): Promise<boolean>;
  /** The liveness and RSA keys, sealed under a passphrase of their own, for a backup beside the phrase. Throws keys.locked, keys.weak_passphrase. */
  exportNodeKeys(passphrase: string): Promise<Uint8Array>;
  /**
   * Tries the backup without changing anything: the words (or `suiprivkey…`) must bring back this wallet, and a node-key backup, where one is given, these node keys.
   * Throws keys.not_created, keys.bad_phrase, keys.bad_secret, keys.rehearsal_failed, and of the file keys.wrong_passphrase, keys.damaged, keys.other_node or keys.old_backup.
   */
  rehearse(o: { phrase: string; nodeKeys?: Uint8Array; nodeKeysPassphrase?: string }): Promise<void>;
  /**
   * Puts a new liveness key in the place of the old one, which signs nothing any more; node_id and wallet stay, and the operator key binds the new address (coordinator.md 2).
   * Needs the passphrase where the file is sealed under one. Throws keys.locked, keys.wrong_passphrase, keys.keychain_unavailable, keys.keychain_key_missing.
   */
  rotateLiveness(passphrase?: string): Promise<void>;
  /**
   * Rebuilds the vault from the recovery phrase (or `suiprivkey…`) where none opens; the old file is kept aside.
   * Without the node-key backup new node keys are made: a new node_id, which the operator key binds again (coordinator.md 1).
   * Throws keys.exists (an open vault, or one of another wallet), keys.bad_phrase, keys.bad_secret, keys.wrong_passphrase or keys.damaged (of the backup).
   */
  restore(o: { phrase: string; nodeKeys?: Uint8Array; nodeKeysPassphrase?: string; passphrase?: string }): Promise<void>;
  /** The open keys. Throws keys.locked, keys.missing (a registration is known), keys.not_created. */
  signers(): Signers;
}

/** The four functions over the system's keychain, and its name for the operator. Each rejects with keys.keychain_unavailable. */
export type Keychain = {
  /** What the operator knows the keychain by, for example "Secret Service". */
  readonly name: string;
  /** The stored text, or null when there is none. */
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** False when there was nothing to delete. */
  deletePassword(service: string, account: string): Promise<boolean>;
  findCredentials(service: string): Promise<readonly { account: string }[]>;
};
