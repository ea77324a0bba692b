/** Reads a price out of JSON by RFC 6901, as exact decimal text: the number as it stands in the answer, never through a float. */
import { decimalSchema } from '../../src-shared/bridge/economics.ts';

/** Turns every number of a JSON text into a string, so that parsing loses no digit. */
const quoteNumbers = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) => (part.startsWith('"') ? part : `"${part}"`));

/** The decimal at a pointer; null when there is none, or it is not a plain positive decimal. */
export function readRate(text: string, pointer: string): string | null {
  let at: unknown;
  try {
    at = JSON.parse(quoteNumbers(text));
  } catch {
    return null;
  }
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as Record<string, unknown>)[key];
  }
  const decimal = decimalSchema.safeParse(typeof at === 'string' ? trimmed(at) : at);
  return decimal.success && !/^[0.]+$/.test(decimal.data) ? decimal.data : null;
}

/** Digits behind the twelfth say nothing that a ledger could hold. */
const trimmed = (text: string): string => text.replace(/^(\d+\.\d{12})\d+$/, '$1');
