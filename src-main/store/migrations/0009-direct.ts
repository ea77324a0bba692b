/** Requests that came through the node's own ingress: their mark on the job, and the signed payloads that were taken (protocol.md 7.6 has no nonce, so a signature counts once). */
import type { Migration } from './migration.ts';

export const directMigration: Migration = {
  id: 9,
  sql: `
ALTER TABLE jobs ADD COLUMN direct INTEGER NOT NULL DEFAULT 0;
CREATE TABLE direct_requests (
  request_hash TEXT NOT NULL PRIMARY KEY,
  task_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
