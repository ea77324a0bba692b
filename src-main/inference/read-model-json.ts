/** Reads a JSON file of a model folder; what does not fit is said in one line that names the file (product.md, set-up step 3: the reason, in words). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';

/**
 * The file's value by its schema. `absent`: what an absent file stands for; without it an absent file is an error.
 * @throws Error that names the file and what is wrong in it
 */
export async function readModelJson<Schema extends z.ZodType>(folder: string, name: string, schema: Schema, absent?: unknown): Promise<z.infer<Schema>> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: unknown) => {
    if (absent !== undefined) return null;
    throw new Error(`${name} cannot be read`, { cause: error });
  });
  const parsed = schema.safeParse(text === null ? absent : jsonOf(text, name));
  if (parsed.success) return parsed.data;
  // Several problems stand on one line: a reason on the screen has one.
  throw new Error(`${name}: ${parsed.error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; ')}`);
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON`, { cause: error });
  }
}
