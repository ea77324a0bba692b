/** Seals buyers' bodies for the database: AES-256-GCM, a fresh nonce each (coordinator.md 4, "sealed at rest"). */
import { createCipheriv, createDecipheriv } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** nonce ‖ ciphertext ‖ tag. `random` gives 32 fresh bytes. */
export function sealBody(key: Uint8Array, body: string, random: () => Uint8Array): Uint8Array {
  const nonce = random().subarray(0, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(body, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what {@link sealBody} sealed; throws when it was altered. */
export function openBody(key: Uint8Array, sealed: Uint8Array): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]).toString('utf8');
}
