/** Brings a database to the newest schema: each step in one transaction with its user_version; a newer schema is refused (architecture.md, "Persistence"). */
import { AppError } from '../../src-shared/errors.ts';
import type { Sqlite } from '../platform/sqlite.ts';
import type { Migration } from './migrations/migration.ts';

/** Schema number of a database; 0 while it is empty. */
export const schemaVersion = (db: Sqlite): number => Number(db.get('PRAGMA user_version')?.['user_version'] ?? 0n);

/**
 * Runs what is missing; harmless when nothing is.
 * @throws AppError store.newer_schema when the database is ahead of `migrations`.
 */
export function migrate(db: Sqlite, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.id ?? 0;
  if (schemaVersion(db) > newest) throw new AppError('store.newer_schema', { version: schemaVersion(db) });
  for (const migration of migrations) {
    db.transaction(() => {
      // Read inside the write lock: a second starter that waited for it finds the step done.
      if (schemaVersion(db) >= migration.id) return;
      db.exec(migration.sql);
      db.exec(`PRAGMA user_version = ${migration.id}`);
    });
  }
}
