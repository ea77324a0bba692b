/** Gives WebCrypto AES key wrap where the runtime's crypto library lacks it: Electron's does, and ECDH-ES+A256KW needs it (coordinator.md 4, reply_to; RFC 3394). */
import type { webcrypto } from 'node:crypto';
import { aeskw } from '@noble/ciphers/aes.js';

type Subtle = Pick<webcrypto.SubtleCrypto, 'importKey' | 'exportKey' | 'wrapKey' | 'unwrapKey'>;

const isKeyWrap = (algorithm: unknown): boolean =>
  (typeof algorithm === 'string' ? algorithm : (algorithm as { name?: unknown } | null)?.name) === 'AES-KW';

/** True when this WebCrypto wraps a key by itself. */
export async function hasKeyWrap(subtle: Subtle): Promise<boolean> {
  try {
    const [kek, key] = await Promise.all([
      subtle.importKey('raw', new Uint8Array(32), 'AES-KW', true, ['wrapKey']),
      subtle.importKey('raw', new Uint8Array(32), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']),
    ]);
    await subtle.wrapKey('raw', key, kek, 'AES-KW');
    return true;
  } catch {
    return false; // the runtime says no in its own words; there is nothing to tell beyond that
  }
}

/**
 * Adds AES key wrap for raw keys to `subtle` where it is missing; everything else stays the runtime's own.
 * The wrapping key must be extractable, which jose's are.
 */
export async function ensureKeyWrap(subtle: Subtle = globalThis.crypto.subtle): Promise<void> {
  if (await hasKeyWrap(subtle)) return;
  const native = { wrapKey: subtle.wrapKey.bind(subtle), unwrapKey: subtle.unwrapKey.bind(subtle) };
  const rawOf = async (key: webcrypto.CryptoKey): Promise<Uint8Array> => new Uint8Array(await subtle.exportKey('raw', key));
  const wrapKey: Subtle['wrapKey'] = async (format, key, wrappingKey, algorithm) => {
    if (!isKeyWrap(algorithm) || format !== 'raw') return native.wrapKey(format, key, wrappingKey, algorithm);
    return new Uint8Array(aeskw(await rawOf(wrappingKey)).encrypt(await rawOf(key))).buffer;
  };
  const unwrapKey: Subtle['unwrapKey'] = async (format, wrapped, unwrappingKey, algorithm, keyAlgorithm, extractable, usages) => {
    if (!isKeyWrap(algorithm) || format !== 'raw') return native.unwrapKey(format, wrapped, unwrappingKey, algorithm, keyAlgorithm, extractable, usages);
    const bytes = ArrayBuffer.isView(wrapped) ? new Uint8Array(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength) : new Uint8Array(wrapped);
    return subtle.importKey('raw', new Uint8Array(aeskw(await rawOf(unwrappingKey)).decrypt(bytes)), keyAlgorithm, extractable, usages);
  };
  Object.defineProperties(subtle, { wrapKey: { value: wrapKey, configurable: true }, unwrapKey: { value: unwrapKey, configurable: true } });
}
