/** Bodies of confidential requests and answers, everything sealed in base64 (protocol.md 7.7). */
import { z } from 'zod';
import { base64Schema } from '../domain/ids.ts';

/** Sizes of the cipher suite in bytes: X25519, HKDF-SHA256, AES-256-GCM. */
export const confidentialSizes = { key: 32, salt: 16, nonce: 12, tag: 16, hash: 32 } as const;

const sized = (bytes: number) => base64Schema.length(Math.ceil(bytes / 3) * 4, { error: `must be ${bytes} bytes in base64` });

/** What a buyer sends; unknown fields are ignored, and the sealed body alone says what is wanted. */
export const confidentialRequestSchema = z.looseObject({
  ciphertext: base64Schema.min(1),
  stack_small_id: z.number().int().min(0),
  nonce: sized(confidentialSizes.nonce),
  salt: sized(confidentialSizes.salt),
  client_dh_public_key: sized(confidentialSizes.key),
  node_dh_public_key: sized(confidentialSizes.key),
  plaintext_body_hash: sized(confidentialSizes.hash),
  stream: z.boolean().nullish(),
  model_name: z.string().max(200),
  num_compute_units: z.number().int().min(0).nullish(),
});

/** What goes back, for a whole answer and for each piece of a stream; hash and signature are over the plaintext. No usage where there is none. */
export const confidentialAnswerSchema = z.object({
  nonce: base64Schema,
  ciphertext: base64Schema,
  response_hash: base64Schema,
  signature: base64Schema,
  usage: z.unknown().optional(),
});
export type ConfidentialAnswer = z.infer<typeof confidentialAnswerSchema>;
