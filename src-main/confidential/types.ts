/** What confidential compute needs of its neighbours, and what it offers; structural, so that nothing is imported (architecture.md, "Who may import whom"). */
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import type { Tee, TeeSign } from '../core/tee.ts';

/** The node's X25519 key, so far as requests need it. */
export type ConfidentialOpener = {
  publicKey(): string | null;
  open(sealed: { clientPublicKey: Uint8Array; salt: Uint8Array; nonce: Uint8Array; ciphertext: Uint8Array }): {
    plaintext: Uint8Array;
    seal(bytes: Uint8Array): { nonce: Uint8Array; ciphertext: Uint8Array };
  };
};

/** The key with its life. */
export type ConfidentialKeys = ConfidentialOpener & { rotate(): string; forget(): void };

/** What the chain tells of keys; null while it was not read. */
export type RotationFacts = {
  /** `key_rotation_counter` and `nonce` of the contract's database. */
  counter: bigint;
  nonce: bigint;
  /** Registered, not disabled, and subscribed to a confidential task. */
  serves: boolean;
} | null;

export type RotationChain = { facts(): RotationFacts; execute(intent: Extract<Intent, { kind: 'rotate_key' }>): Promise<Outcome> };

/** The key as it stands on chain. */
export type Announced = { publicKey: string; counter: bigint; atMs: number; digest: string };

/** What is shown of confidential compute. */
export type ConfidentialStatus = { tee: Tee; signs: readonly TeeSign[]; publicKey: string | null; announced: Announced | null; problem: { code: string; message: string } | null };
