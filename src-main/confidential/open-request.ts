/** A confidential request from its sealed form to the buyer's body in clear, and the way its answers are sealed (protocol.md 7.7, steps 3 and 4). */
import { confidentialRequestSchema, type ConfidentialAnswer } from '../../src-shared/link/confidential.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import type { ConfidentialOpener } from './types.ts';

/** An opened request. */
export type OpenedRequest = {
  /** The buyer's body, exactly as it was sealed; it lives in memory only. */
  body: string;
  /** Seals one JSON of the answer, whole or a piece; hash and signature are over the clear text. */
  answer(json: string, signed: { hash: string; signature: string }): string;
};

/** Opened, or refused with a code of protocol.md 7.6 and a sentence for the buyer. */
export type OpenOutcome = ({ kind: 'opened' } & OpenedRequest) | { kind: 'refused'; code: 'INVALID_BODY' | 'INVALID_HEADER' | 'AUTH_ERROR' | 'MODEL_ERROR'; message: string };

const refused = (code: Extract<OpenOutcome, { kind: 'refused' }>['code'], message: string): OpenOutcome => ({ kind: 'refused', code, message });
const decode = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Opens a request for the stack of its header. Who signed it is the caller's to check, over the body that comes out: its hash is the one that was signed. */
export function openConfidentialRequest(text: string, stackSmallId: bigint, key: ConfidentialOpener): OpenOutcome {
  const parsed = confidentialRequestSchema.safeParse(jsonOf(text));
  if (!parsed.success) return refused('INVALID_BODY', `The body is no confidential request: ${parsed.error.issues[0]?.path.join('.') || 'it is no JSON object'}.`);
  const request = parsed.data;
  if (BigInt(request.stack_small_id) !== stackSmallId) return refused('INVALID_HEADER', 'X-Stack-Small-Id and stack_small_id differ.');
  const current = key.publicKey();
  if (current === null) return refused('MODEL_ERROR', 'Confidential tasks are not served here now.');
  // "refuses if `node_dh_public_key` is not its current key"
  if (Buffer.from(request.node_dh_public_key, 'base64').toString('hex') !== current) return refused('INVALID_BODY', 'node_dh_public_key is not the current key of this node. Read its newest commitment and encrypt again.');
  try {
    const { plaintext, seal } = key.open({ clientPublicKey: decode(request.client_dh_public_key), salt: decode(request.salt), nonce: decode(request.nonce), ciphertext: decode(request.ciphertext) });
    const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext);
    // "decrypts, re-hashes plaintext and compares"; buyers of both ways of hashing are read (protocol.md 6.2).
    if (!hashesOf(body).includes(request.plaintext_body_hash)) return refused('AUTH_ERROR', 'plaintext_body_hash is not the hash of the sealed body.');
    return { kind: 'opened', body, answer: (json, signed) => JSON.stringify(sealedAnswer(json, signed, seal)) };
  } catch {
    return refused('INVALID_BODY', 'The sealed body does not open.'); // one answer for a wrong tag, a wrong point and a wrong text: none tells more
  }
}

function sealedAnswer(json: string, { hash, signature }: { hash: string; signature: string }, seal: ReturnType<ConfidentialOpener['open']>['seal']): ConfidentialAnswer {
  const { nonce, ciphertext } = seal(new TextEncoder().encode(json));
  const { usage } = JSON.parse(json) as { usage?: unknown };
  return { nonce: encode(nonce), ciphertext: encode(ciphertext), response_hash: hash, signature, ...(usage === undefined || usage === null ? {} : { usage }) };
}

/** Of the text as it is, and of its JSON written compactly. */
function hashesOf(body: string): string[] {
  const json = jsonOf(body);
  return [body, ...(json === null ? [] : [JSON.stringify(json)])].map((text) => encode(blake2b256(new TextEncoder().encode(text))));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // read as no request by whoever asked
  }
}
