/** Seals bytes that wait on this disk, such as results in the outbox, under a key derived from the node RSA key (architecture.md, "Persistence"). */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../../src-shared/errors.ts';
import type { Secret } from './secret.ts';

const version = Uint8Array.of(1);
const nonceBytes = 12;
const tagBytes = 16;
const purpose = 'operator-console/local-seal/v1';

/** Both directions of the seal. */
export type LocalSeal = { seal(bytes: Uint8Array): Uint8Array; open(sealed: Uint8Array): Uint8Array };

/** The key follows from the RSA key and its node_id, so a restored node still opens what it sealed before. */
export function createLocalSeal(rsa: Secret<Uint8Array>, nodeId: string): LocalSeal {
  const key = createSecretKey(new Uint8Array(hkdfSync('sha256', rsa.reveal(), Buffer.from(nodeId.slice(2), 'hex'), purpose, 32)));
  return {
    seal(bytes) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(version);
      return new Uint8Array(Buffer.concat([version, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]));
    },
    open(sealed) {
      if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== version[0]) throw new AppError('keys.decrypt_failed');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(version);
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      try {
        return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]));
      } catch (cause) {
        throw new AppError('keys.decrypt_failed', {}, { cause });
      }
    },
  };
}
