/** Who sent a request: the wallet whose signature stands over the hash of its body, without an intent (protocol.md 7.6). */
import { parseSerializedSignature } from '@mysten/sui/cryptography';
import { publicKeyFromRawBytes } from '@mysten/sui/verify';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import { IngressRefusal } from './answers.ts';

/** The headers that a request for an answer carries. */
export type IngressHeaders = { signature: string; stackSmallId: bigint; txDigest: string | null; requestId: string | null };

const schemes = ['ED25519', 'Secp256k1', 'Secp256r1'] as const;
const base58Digest = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const maxStack = 2n ** 63n - 1n;

/** Reads them before the body is. @throws IngressRefusal MISSING_HEADER, INVALID_HEADER */
export function readHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): IngressHeaders {
  const one = (name: string, shape: RegExp, what: string): string | null => {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return null;
    if (typeof value !== 'string' || !shape.test(value)) throw new IngressRefusal('INVALID_HEADER', `${name} is not ${what}.`);
    return value;
  };
  const need = (name: string, shape: RegExp, what: string): string => {
    const value = one(name, shape, what);
    if (value === null) throw new IngressRefusal('MISSING_HEADER', `${name} is missing.`);
    return value;
  };
  const signature = need('X-Signature', /^[A-Za-z0-9+/]{100,400}={0,2}$/, 'a Sui signature in base64');
  const stack = BigInt(need('X-Stack-Small-Id', /^\d{1,19}$/, 'a stack number'));
  if (stack > maxStack) throw new IngressRefusal('INVALID_HEADER', 'X-Stack-Small-Id is not a stack number.');
  return { signature, stackSmallId: stack, txDigest: one('X-Tx-Digest', base58Digest, 'a transaction digest'), requestId: one('X-Request-Id', /^[\x21-\x7e]{1,100}$/, 'a request id') };
}

/** The signer and the hash that was signed. */
export type Signed = { address: string; payloadHash: Uint8Array };

/**
 * Verifies the signature over a body: over its bytes as they came, or over its JSON written compactly, as the two generations of buyers do (protocol.md 6.2).
 * @throws IngressRefusal INVALID_BODY for what is no JSON object, AUTH_ERROR
 */
export async function verifyBody(body: string, signature: string): Promise<Signed> {
  const refused = new IngressRefusal('AUTH_ERROR', 'X-Signature does not stand for this body.');
  const compact = compactly(body);
  if (compact === null) throw new IngressRefusal('INVALID_BODY', 'The body is not a JSON object.');
  let parsed: ReturnType<typeof parseSerializedSignature>;
  try {
    parsed = parseSerializedSignature(signature);
  } catch {
    throw refused;
  }
  const { signatureScheme: scheme } = parsed;
  if (!(schemes as readonly string[]).includes(scheme) || !('publicKey' in parsed) || parsed.publicKey === undefined || parsed.signature === undefined) throw refused;
  for (const text of new Set([body, compact])) {
    const payloadHash = blake2b256(utf8ToBytes(text));
    try {
      const key = publicKeyFromRawBytes(scheme as (typeof schemes)[number], parsed.publicKey);
      if (await key.verify(payloadHash, parsed.signature)) return { address: key.toSuiAddress(), payloadHash };
    } catch {
      throw refused; // no key, no point, wrong length: the same refusal
    }
  }
  throw refused;
}

function compactly(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : null;
  } catch {
    return null;
  }
}
