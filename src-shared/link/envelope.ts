/** The sealed request and the sealed answer as compact JWE, without any private key (coordinator.md 4). */
import { CompactEncrypt, decodeProtectedHeader, importJWK, importSPKI, type CompactJWEHeaderParameters, type JWK } from 'jose';
import { z } from 'zod';
import { linkLimits } from './codes.ts';

const envelopeAlg = 'RSA-OAEP-256';
const envelopeEnc = 'A256GCM';
const minRsaModulusBytes = 2048 / 8;

const headerSchema = z.object({ alg: z.literal(envelopeAlg), enc: z.literal(envelopeEnc), kid: z.string(), tid: z.string() });

/** True when the header of a compact JWE names this node and task, with exactly the algorithms of coordinator.md 4 and neither zip nor crit. */
export function isEnvelopeFor(jwe: string, expected: { nodeId: string; taskId: string }): boolean {
  if (!/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){4}$/.test(jwe)) return false;
  let header: Record<string, unknown>;
  try {
    header = decodeProtectedHeader(jwe);
  } catch {
    return false; // not base64url JSON: the same refusal as a wrong header
  }
  if ('zip' in header || 'crit' in header) return false;
  const parsed = headerSchema.safeParse(header);
  return parsed.success && parsed.data.kid === expected.nodeId && parsed.data.tid === expected.taskId;
}

const absent = z.never().optional();
const publicOnly = { d: absent, p: absent, q: absent, dp: absent, dq: absent, qi: absent, oth: absent, k: absent };
const base64Url = z.string().regex(/^[A-Za-z0-9_-]+$/);
const kid = z.string().min(1).max(200).optional();

/** Bytes of an RSA modulus in base64url without its leading zero bytes. */
const modulusBytes = (n: string): number => Math.floor((n.replace(/^A+/, '').length * 6) / 8);

const rsaReplySchema = z.looseObject({
  kty: z.literal('RSA'),
  n: base64Url.refine((n) => modulusBytes(n) >= minRsaModulusBytes, { error: 'RSA key under 2048 bits' }),
  e: base64Url,
  alg: z.literal(envelopeAlg).optional(),
  kid,
  ...publicOnly,
});
const ecReplySchema = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64Url,
  y: base64Url,
  alg: z.literal('ECDH-ES+A256KW').optional(),
  kid,
  ...publicOnly,
});

/** A public key the answer is sealed to; anything else, null, a private key or an RSA key under 2048 bits is bad_payload. */
export const replyToSchema = z.union([rsaReplySchema, ecReplySchema]);
export type ReplyTo = z.infer<typeof replyToSchema>;

/** The opened envelope: `body` is the buyer's request exactly as sent. */
export const payloadSchema = z.object({ v: z.literal(1), body: z.string(), reply_to: replyToSchema.optional() });
export type Payload = z.infer<typeof payloadSchema>;

/** Reads the opened envelope; null when it is over 2 MiB, not UTF-8 JSON, or not of version 1 (bad_payload). */
export function readPayload(plaintext: Uint8Array): Payload | null {
  if (plaintext.length > linkLimits.maxPlaintextBytes) return null;
  try {
    const parsed = payloadSchema.safeParse(JSON.parse(decodeUtf8(plaintext)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not UTF-8 or not JSON
  }
}

/** Seals a request for a node: fresh content key, header alg, enc, kid = node_id, tid = task_id. */
export async function sealForNode(payload: Payload, to: { publicKeyPem: string; nodeId: string; taskId: string }): Promise<string> {
  const key = await importSPKI(to.publicKeyPem, envelopeAlg);
  return new CompactEncrypt(encodeUtf8(JSON.stringify(payload)))
    .setProtectedHeader(header({ alg: envelopeAlg, enc: envelopeEnc, kid: to.nodeId, tid: to.taskId }))
    .encrypt(key);
}

/** Seals an answer or a chunk for the buyer's key: A256GCM, tid = task_id, and the key's kid if it has one. */
export async function sealAnswer(replyTo: ReplyTo, bytes: Uint8Array, taskId: string): Promise<string> {
  const alg = replyTo.kty === 'RSA' ? envelopeAlg : 'ECDH-ES+A256KW';
  const key = await importJWK(replyTo as unknown as JWK, alg);
  const named = replyTo.kid === undefined ? {} : { kid: replyTo.kid };
  return new CompactEncrypt(bytes).setProtectedHeader(header({ alg, enc: envelopeEnc, tid: taskId, ...named })).encrypt(key);
}

/** jose types the header without private names such as `tid`; they are allowed by RFC 7516 4.3. */
const header = (fields: Record<string, string>): CompactJWEHeaderParameters => fields as unknown as CompactJWEHeaderParameters;

const encodeUtf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const decodeUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
