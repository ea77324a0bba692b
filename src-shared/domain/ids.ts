/** Branded identifiers and the schemas that let them in (coordinator.md 1, "Encodings"). */
import { z } from 'zod';

/** `0x` and 64 lower-case hex: SHA-256 of the node's RSA public key (coordinator.md 1). */
export const nodeIdSchema = z.string().regex(/^0x[0-9a-f]{64}$/).brand<'NodeId'>();
export type NodeId = z.infer<typeof nodeIdSchema>;

/** A Sui address or object id: `0x` and 64 lower-case hex. */
export const addressSchema = z.string().regex(/^0x[0-9a-f]{64}$/);

/** ULID, upper case, 26 characters; names one dispatched request. */
export const taskIdSchema = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/).brand<'TaskId'>();
export type TaskId = z.infer<typeof taskIdSchema>;

/** Bare lower-case hex of 32 bytes. */
export const hash32Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Standard base64 with padding. */
export const base64Schema = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);

/** `<name>@<revision>` of a model on disk. */
export const modelIdSchema = z.string().regex(/^[^@\s]{1,200}@[^@\s]{1,100}$/);

const ulidAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Milliseconds since the epoch that a ULID carries in its first ten characters. */
export function ulidTimeMs(taskId: string): number {
  return [...taskId.slice(0, 10)].reduce((time, letter) => time * 32 + ulidAlphabet.indexOf(letter), 0);
}
