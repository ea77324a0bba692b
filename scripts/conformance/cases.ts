/** One named check of a vector file, and how its outcome is told. */
import { isDeepStrictEqual } from 'node:util';

/** A check; `run` throws when the case fails. */
export type Case = { name: string; run: () => void | Promise<void> };

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

/** Fails the case unless both are deeply equal. */
export function same(found: unknown, expected: unknown, what = 'value'): void {
  if (!isDeepStrictEqual(found, expected)) throw new Error(`${what}: expected ${shown(expected)}, found ${shown(found)}`);
}

/** A case that compares what a function gives with what the file says. */
export const equal = (name: string, compute: () => unknown, expected: unknown): Case => ({ name, run: async () => same(await compute(), expected) });

/** Fails the case with a sentence unless the condition holds. */
export function holds(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence);
}
