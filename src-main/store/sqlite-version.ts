/** Version of the embedded database, for the machine check. */
import type { Store } from './open.ts';

/** For example "3.53.4". */
export const sqliteVersion = (store: Store): string => String(store.db.get('SELECT sqlite_version() AS version')?.['version'] ?? 'unknown');
