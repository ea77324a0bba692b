/** Opens the sealed request with the node RSA key; no other algorithm is ever tried (coordinator.md 4). */
import { webcrypto } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { AppError } from '../../src-shared/errors.ts';
import type { Secret } from './secret.ts';

/** Opens a compact JWE that names this node and the given task; throws AppError keys.decrypt_failed. */
export type EnvelopeOpener = (jwe: string, taskId: string) => Promise<Uint8Array>;

/** The key is imported once, not extractable: opening costs one RSA operation and little else. */
export async function createEnvelopeOpener(rsa: Secret<Uint8Array>, nodeId: string): Promise<EnvelopeOpener> {
  const key = await webcrypto.subtle.importKey('pkcs8', new Uint8Array(rsa.reveal()), { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['decrypt', 'unwrapKey']);
  const only = { keyManagementAlgorithms: ['RSA-OAEP-256'], contentEncryptionAlgorithms: ['A256GCM'] };
  return async (jwe, taskId) => {
    const opened = await compactDecrypt(jwe, key, only).catch((cause: unknown) => {
      throw new AppError('keys.decrypt_failed', {}, { cause });
    });
    // The link has checked the header before; here the authenticated one is held against it once more.
    if (opened.protectedHeader['tid'] !== taskId || opened.protectedHeader.kid !== nodeId) throw new AppError('keys.decrypt_failed');
    return opened.plaintext;
  };
}
