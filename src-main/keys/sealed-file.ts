/** The sealed key file: AES-256-GCM with its header authenticated, under a given key or a passphrase through scrypt (coordinator.md 1, "At rest"). */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { z } from 'zod';
import { base64Schema } from '../../src-shared/domain/ids.ts';
import { AppError } from '../../src-shared/errors.ts';
import { canonicalJson } from '../platform/canonical-json.ts';
import { createSecret, type Secret } from './secret.ts';

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

const wrapSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keychain'), service: z.string(), account: z.string() }),
  /** The bounds keep a forged file from asking for all memory. */
  z.object({ kind: z.literal('scrypt'), salt: base64Schema, N: z.number().min(2).max(2 ** 20).refine(isPowerOfTwo), r: z.literal(8), p: z.literal(1) }),
]);
/** Where the wrapping key of a file comes from. */
export type Wrap = z.infer<typeof wrapSchema>;

const headerSchema = z.object({
  format: z.literal('operator-console-keys'),
  version: z.literal(1),
  /** The vault holds all keys; a backup only the node keys. */
  kind: z.enum(['vault', 'node-keys']),
  wrap: wrapSchema,
  /** Public, so that a locked vault can be named; trusted only once the seal has been opened. */
  identity: z.object({ nodeId: z.string(), walletAddress: z.string(), livenessAddress: z.string(), publicKeyPem: z.string() }),
  backupConfirmed: z.boolean(),
});
export type SealedHeader = z.infer<typeof headerSchema>;

const fileSchema = z.object({ header: headerSchema, nonce: base64Schema, sealed: base64Schema, sum: z.string() });
export type SealedFile = z.infer<typeof fileSchema>;

const nonceBytes = 12;
const tagBytes = 16;
/** A passphrase shorter than this is refused. */
const minPassphrase = 10;
/** scrypt cost N; with r = 8 one guess takes 128 MiB. */
export const defaultScryptCost = 2 ** 17;

/** Accidental damage shows here, so that a failing seal can be told as a wrong passphrase. It is no protection; the seal is. */
const sumOf = (file: Omit<SealedFile, 'sum'>): string =>
  createHash('sha256').update(canonicalJson({ header: file.header, nonce: file.nonce, sealed: file.sealed })).digest('hex');

/** Seals a JSON value under a 32-byte key; the header is authenticated with it. Returns the file's bytes. */
export function sealFile(header: SealedHeader, content: Secret<object>, key: Secret<Uint8Array>): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.reveal(), nonce);
  cipher.setAAD(canonicalJson(header));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content.reveal()), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const file = { header, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') };
  return new TextEncoder().encode(`${JSON.stringify({ ...file, sum: sumOf(file) }, null, 2)}\n`);
}

/** Reads a file without opening its seal. Throws keys.damaged when it is not whole, or not of a version known here. */
export function parseSealedFile(bytes: Uint8Array, kind: SealedHeader['kind']): SealedFile {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('keys.damaged', {}, { cause });
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) throw new AppError('keys.damaged', {}, { cause: parsed.error });
  if (parsed.data.header.kind !== kind || parsed.data.sum !== sumOf(parsed.data)) throw new AppError('keys.damaged');
  return parsed.data;
}

/** Opens the seal; null when the key is not the right one (or header, nonce or seal were altered together with the sum). */
export function openSealedFile(file: SealedFile, key: Secret<Uint8Array>): Secret<unknown> | null {
  const sealed = Buffer.from(file.sealed, 'base64');
  const nonce = Buffer.from(file.nonce, 'base64');
  if (sealed.length < tagBytes || nonce.length !== nonceBytes) throw new AppError('keys.damaged');
  const decipher = createDecipheriv('aes-256-gcm', key.reveal(), nonce, { authTagLength: tagBytes });
  decipher.setAAD(canonicalJson(file.header));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  let text: string;
  try {
    text = Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return null; // the tag does not match: the expected outcome of a wrong passphrase
  }
  return createSecret<unknown>(JSON.parse(text));
}

/** scrypt parameters with a fresh salt. */
export const newScryptWrap = (cost: number): Wrap & { kind: 'scrypt' } => ({ kind: 'scrypt', salt: randomBytes(16).toString('base64'), N: cost, r: 8, p: 1 });

/** Throws keys.weak_passphrase for fewer than 10 characters. */
export function requireStrong(passphrase: string): void {
  if ([...passphrase].length < minPassphrase) throw new AppError('keys.weak_passphrase', { minimum: minPassphrase });
}

/** A key whose derivation from a passphrase has begun, and what it is derived with. */
export type BegunKey = { wrap: Wrap & { kind: 'scrypt' }; key: Promise<Secret<Uint8Array>> };

/** The 32-byte key of a passphrase; the same letters give the same key however the keyboard composes them. */
export async function keyFromPassphrase(passphrase: string, wrap: Wrap & { kind: 'scrypt' }): Promise<Secret<Uint8Array>> {
  const { N, r, p } = wrap;
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * N * r };
  const key = await new Promise<Buffer>((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(wrap.salt, 'base64'), 32, options, (error, derived) => (error ? reject(error) : resolve(derived)));
  });
  return createSecret(new Uint8Array(key));
}
