/** Opens the sealed request with the node RSA key; no other algorithm is ever tried (coordinator.md 4). */
import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { AppError } from '../../src-shared/errors.ts';
import { isEnvelopeFor } from '../../src-shared/link/envelope.ts';
import { rsaPrivateKey } from './key-material.ts';
import type { Secret } from './secret.ts';

/** Opens a compact JWE that names this node and the given task; throws AppError keys.decrypt_failed. */
export type EnvelopeOpener = (jwe: string, taskId: string) => Promise<Uint8Array>;

const contentKeyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * The key is read once: opening costs one RSA operation (1 ms) and little else. It is done here and now: a turn through the thread pool
 * per step, as Web Crypto takes it, costs a third more and a busy machine stretches every one of them (product.md, Budgets: work per request).
 */
export function createEnvelopeOpener(rsa: Secret<Uint8Array>, nodeId: string): EnvelopeOpener {
  const key = { key: rsaPrivateKey(rsa), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const open = (jwe: string): Uint8Array => {
    const [header = '', ...parts] = jwe.split('.');
    const [sealedKey, nonce, ciphertext, tag] = parts.map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer, Buffer, Buffer];
    const contentKey = privateDecrypt(key, sealedKey);
    // Node.js would take shorter tags too.
    if (contentKey.length !== contentKeyBytes || nonce.length !== nonceBytes || tag.length !== tagBytes) throw new Error('a part has the wrong size');
    const decipher = createDecipheriv('aes-256-gcm', contentKey, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(header, 'latin1'));
    decipher.setAuthTag(tag);
    return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
  };
  return async (jwe, taskId) => {
    // The header is authenticated by the tag, so what is checked here is what was sealed.
    if (!isEnvelopeFor(jwe, { nodeId, taskId })) throw new AppError('keys.decrypt_failed');
    try {
      return open(jwe);
    } catch (cause) {
      throw new AppError('keys.decrypt_failed', {}, { cause });
    }
  };
}
