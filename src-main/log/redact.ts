/** Takes secrets and foreign text out of log fields before anything is written (architecture.md, "Logging"). */

const secretNames = /(secret|private|passphrase|password|phrase|mnemonic|token|cookie|authorization|plaintext|prompt|content|body|result)$/i;
const secretValues = [/suiprivkey1[0-9a-z]+/g, /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, /\b(?:[a-z]{3,8} ){23}[a-z]{3,8}\b/g];
const maxTextLength = 500;
const maxDepth = 4;

/** Masks private keys and recovery phrases inside a text and clips it to 500 characters. */
export function redactText(text: string): string {
  const masked = secretValues.reduce((rest, pattern) => rest.replace(pattern, '[redacted]'), text);
  return masked.length > maxTextLength ? `${masked.slice(0, maxTextLength)}…` : masked;
}

function redactValue(name: string, value: unknown, depth: number): unknown {
  if (secretNames.test(name) && value !== null && typeof value !== 'boolean' && typeof value !== 'number') return '[redacted]';
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return depth >= maxDepth ? '[…]' : value.slice(0, 50).map((item) => redactValue('', item, depth + 1));
  if (typeof value === 'object' && value !== null) return depth >= maxDepth ? '[…]' : redactRecord(value as Record<string, unknown>, depth + 1);
  return value;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? { code: String(error.code) } : {};
  const cause = error.cause === undefined || depth >= maxDepth ? {} : { cause: redactValue('cause', error.cause, depth + 1) };
  return { name: error.name, message: redactText(error.message), ...code, ...cause };
}

function redactRecord(record: Record<string, unknown>, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, redactValue(name, value, depth)]));
}

/** Returns a copy of the fields that may be written: secrets masked by name and by pattern, bytes as lengths, bigint as decimal text. */
export const redact = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => redactRecord({ ...fields }, 0);
