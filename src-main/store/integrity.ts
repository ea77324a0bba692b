/** Whether a database is whole, as SQLite itself tells (issue: doctor, "database integrity"). */
import type { Store } from './open.ts';

/** `ok`, or the first thing that is wrong. Reads every page, so it takes a moment where there are millions of rows. */
export function integrityOf(store: Store): string {
  try {
    return String(store.db.get('PRAGMA quick_check(1)')?.['quick_check'] ?? 'no answer');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
