/** The format of a coordinator vector file; a part that is not known is an error, so that nothing is passed over in silence. */
import { z } from 'zod';
import { taskIdSchema } from '../../src-shared/domain/ids.ts';

const text = z.string();
const integer = z.number().int();
const jwk = z.record(z.string(), z.unknown());
const signedText = z.object({ text, signature: text });

const fieldsSchema = z.object({
  nonce: text, ts: integer, session_id: text, seq: integer, state: text, stack_small_id: integer, task_id: text, code: text, after: integer, entry_index: integer, compute_units: integer,
  /** Where absent, those of chat_response stand. */
  poe: text.optional(), entry: text.optional(),
});

/** What tells the format by its content. */
export const coordinatorSchema = z.strictObject({
  note: text.optional(),
  keys: z.object({ rsa_private_pkcs8_pem: text, operator_secret: text, liveness_secret: text, coordinator_secret: text }),
  identities: z.object({ node_id: text, spki_der_base64: text, wallet_address: text, liveness_address: text, coordinator_id: text }),
  manifest: z.object({ canonical_without_signature: text, signed: z.looseObject({ pubkey_rsa: text, signature: text, wallet_sig: text }) }).optional(),
  signed_texts: z.object({ fields: fieldsSchema }).catchall(signedText).optional(),
  envelope: z
    .object({
      task_id: taskIdSchema,
      compact_jwe: text,
      plaintext: z.record(z.string(), z.unknown()),
      must_be_refused: z.record(z.string(), z.object({ code: text, compact_jwe: text })),
    })
    .optional(),
  proofs_of_execution: z.array(z.object({ task_id: taskIdSchema, result_base64: text, poe: text })).optional(),
  chat_response: z
    .object({
      task_id: taskIdSchema, model: text, content: text, finish_reason: z.enum(['stop', 'length']), prompt_tokens: integer, completion_tokens: integer, result_bytes_utf8: text, body: text, entry: text, poe: text,
    })
    .optional(),
  sealed_answers: z.record(z.string(), z.object({ reply_to: jwk, private_jwk: jwk, compact_jwe: text })).optional(),
  seeds: z.array(z.object({ task_id: taskIdSchema, seed: integer })).optional(),
});
export type CoordinatorFile = z.infer<typeof coordinatorSchema>;
