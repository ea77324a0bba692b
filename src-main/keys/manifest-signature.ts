/** The manifest's signature: RSA-PSS, SHA-256, salt of 32 bytes, over the RFC 8785 bytes without `signature` (coordinator.md 2). */
import { constants, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { canonicalJson } from '../platform/canonical-json.ts';

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const;
const signAsync = promisify<string, Uint8Array, { key: KeyObject; padding: number; saltLength: number }, Buffer>(sign);

/** What is signed: the canonical bytes of the manifest, its `signature` left out. */
export function manifestBytes(manifest: object): Uint8Array {
  const { signature: _signature, ...unsigned } = manifest as { signature?: unknown };
  return canonicalJson(unsigned);
}

/** `rsa(0x<hex>)` over {@link manifestBytes}. */
export async function signManifest(manifest: object, privateKey: KeyObject): Promise<string> {
  return `rsa(0x${(await signAsync('sha256', manifestBytes(manifest), { key: privateKey, ...pss })).toString('hex')})`;
}

/** True when the manifest's own `pubkey_rsa` made its `signature`. */
export function verifyManifest(manifest: { pubkey_rsa: string; signature: string }): boolean {
  const hex = /^rsa\(0x([0-9a-f]+)\)$/.exec(manifest.signature)?.[1];
  if (hex === undefined) return false;
  return verify('sha256', manifestBytes(manifest), { key: createPublicKey(manifest.pubkey_rsa), ...pss }, Buffer.from(hex, 'hex'));
}
