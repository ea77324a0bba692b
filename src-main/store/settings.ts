/** Settings as JSON under a key, checked by the reader's schema (architecture.md, "Persistence": rows go through zod on the way out). */
import { z } from 'zod';
import type { Store } from './open.ts';

/** Small values that outlive a restart. */
export type Settings = {
  /** Value of a key, or null when it is absent or does not parse (then it is parked and shown). */
  get<T>(key: string, schema: z.ZodType<T>): T | null;
  /** Stores a JSON value. */
  set(key: string, value: z.core.util.JSONType): void;
  remove(key: string): void;
};

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

/** The row around a value. One per schema: zod compiles a schema at its first use, which takes longer than many uses. */
const rows = new WeakMap<z.ZodType, z.ZodType<{ value: unknown }>>();
function rowOf<T>(schema: z.ZodType<T>): z.ZodType<{ value: T }> {
  const row = rows.get(schema) ?? z.object({ value: json.pipe(schema) });
  rows.set(schema, row);
  return row as z.ZodType<{ value: T }>;
}

/** Settings of an open store. */
export function createSettings(store: Store): Settings {
  return {
    get: <T>(key: string, schema: z.ZodType<T>): T | null => store.readOne({ table: 'settings', id: ['key'] }, rowOf(schema), 'SELECT key, value FROM settings WHERE key = ?', key)?.value ?? null,
    set: (key, value) => {
      store.db.run(
        'INSERT INTO settings (key, value, updated_ms) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms',
        key, JSON.stringify(value), BigInt(store.now()),
      );
      store.announce('settings');
    },
    remove: (key) => {
      store.db.run('DELETE FROM settings WHERE key = ?', key);
      store.announce('settings');
    },
  };
}
