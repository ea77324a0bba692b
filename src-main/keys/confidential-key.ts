/** The X25519 key of confidential compute: lives in memory only, is made anew at each start and rotation, and opens requests and seals answers without leaving this folder (protocol.md 7.7). */
import { createCipheriv, createDecipheriv, createPublicKey, createSecretKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { AppError } from '../../src-shared/errors.ts';

/** The four parts of a request that the cipher needs; raw bytes. */
export type ConfidentialSealed = {
  /** 32 bytes: the buyer's X25519 public key. */
  clientPublicKey: Uint8Array;
  /** 16 bytes: salt of HKDF. */
  salt: Uint8Array;
  /** 12 bytes. */
  nonce: Uint8Array;
  /** AES-256-GCM ciphertext followed by its tag of 16 bytes. */
  ciphertext: Uint8Array;
};

/** An opened request, and the way back to its sender. */
export type ConfidentialExchange = {
  plaintext: Uint8Array;
  /** Seals a piece of the answer under the request's secret with a nonce of its own: "one nonce per stream is reused for all chunks (a weakness to know about, not to copy)". */
  seal(bytes: Uint8Array): { nonce: Uint8Array; ciphertext: Uint8Array };
};

/** What the node may do with its confidential key. Everything returned is public, or the content of a request. */
export type ConfidentialKey = {
  /** The current public key, 32 bytes as hex; null before the first {@link rotate}. */
  publicKey(): string | null;
  /** Makes a new pair, forgets the one before, and returns the new public key as hex. */
  rotate(): string;
  /** Forgets the pair: nothing opens any more. */
  forget(): void;
  /** Opens a request that was sealed to the current key. @throws AppError keys.decrypt_failed */
  open(sealed: ConfidentialSealed): ConfidentialExchange;
};

const keyBytes = 32;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
/** DER of a SubjectPublicKeyInfo for X25519 without its 32 key bytes (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b656e032100', 'hex');

/** Creates the holder, without a key yet. */
export function createConfidentialKey(): ConfidentialKey {
  let pair: { privateKey: KeyObject; publicKey: string } | null = null;
  const secretWith = (clientPublicKey: Uint8Array, salt: Uint8Array): KeyObject => {
    if (pair === null) throw new Error('there is no key');
    const publicKey = createPublicKey({ key: Buffer.concat([spkiPrefix, clientPublicKey]), format: 'der', type: 'spki' });
    // A point of low order is refused by the library: its secret would be known to everybody.
    const shared = diffieHellman({ privateKey: pair.privateKey, publicKey });
    return createSecretKey(new Uint8Array(hkdfSync('sha256', shared, salt, new Uint8Array(), keyBytes)));
  };
  return {
    publicKey: () => pair?.publicKey ?? null,
    rotate() {
      const { privateKey, publicKey } = generateKeyPairSync('x25519');
      pair = { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length).toString('hex') };
      return pair.publicKey;
    },
    forget() {
      pair = null;
    },
    open({ clientPublicKey, salt, nonce, ciphertext }) {
      try {
        if (clientPublicKey.length !== keyBytes || salt.length !== saltBytes || nonce.length !== nonceBytes || ciphertext.length < tagBytes) throw new Error('a part has the wrong size');
        const secret = secretWith(clientPublicKey, salt);
        return { plaintext: decrypt(secret, nonce, ciphertext), seal: (bytes) => encrypt(secret, bytes) };
      } catch (cause) {
        throw new AppError('keys.decrypt_failed', {}, { cause });
      }
    },
  };
}

function decrypt(secret: KeyObject, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]));
}

function encrypt(secret: KeyObject, bytes: Uint8Array): { nonce: Uint8Array; ciphertext: Uint8Array } {
  const nonce = new Uint8Array(randomBytes(nonceBytes));
  const cipher = createCipheriv('aes-256-gcm', secret, nonce, { authTagLength: tagBytes });
  return { nonce, ciphertext: new Uint8Array(Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])) };
}
