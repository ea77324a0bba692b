/** Checks and makes the signatures of the link: secp256k1 personal messages, and RSA-PSS over the canonical manifest (coordinator.md 1 and 2). */
import { constants, createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { verifyPersonalMessageSignature } from '@mysten/sui/verify';
import { canonicalJson } from '../../platform/canonical-json.ts';

const secp256k1Flag = 1;
const rsaBits = 3072;
const rsaExponent = 65_537n;
const saltLength = 32;

/** True when `signature` is a secp256k1 personal-message signature of `text` by the key of `address`. */
export async function isSignedBy(address: string, text: string, signature: string): Promise<boolean> {
  try {
    const key = await verifyPersonalMessageSignature(new TextEncoder().encode(text), signature);
    return key.flag() === secp256k1Flag && key.toSuiAddress() === address;
  } catch {
    return false; // not a signature at all: the same answer as a wrong one
  }
}

/** Reads a PEM as the node RSA key the network asks for (RSA 3072, e = 65537), or null. */
export function readNodeKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem);
    const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
    return key.asymmetricKeyType === 'rsa' && modulusLength === rsaBits && publicExponent === rsaExponent ? key : null;
  } catch {
    return null; // not a key: the derivation fails
  }
}

/** `0x` + hex of SHA-256 over the DER SubjectPublicKeyInfo. */
export const nodeIdOf = (key: KeyObject): string => `0x${createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex')}`;

/** True when the manifest's `signature` holds over its RFC 8785 bytes without that field. Unknown fields are part of them. */
export function isManifestSigned(manifest: Readonly<Record<string, unknown>>, key: KeyObject): boolean {
  const { signature, ...unsigned } = manifest;
  const hex = /^rsa\(0x((?:[0-9a-f]{2})+)\)$/.exec(String(signature))?.[1];
  if (hex === undefined) return false;
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  try {
    return verify('sha256', canonicalJson(unsigned), options, Buffer.from(hex, 'hex'));
  } catch {
    return false; // a value RFC 8785 has no form for
  }
}
