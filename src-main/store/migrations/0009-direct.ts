/** Requests that came through the node's own ingress: their mark on the job, and the payload hashes each stack has seen (protocol.md 7.6 has no nonce, so a signature counts once). */
import type { Migration } from './migration.ts';

export const directMigration: Migration = {
  id: 9,
  sql: `
ALTER TABLE jobs ADD COLUMN direct INTEGER NOT NULL DEFAULT 0;
CREATE TABLE direct_requests (
  stack_small_id INTEGER NOT NULL,
  payload_hash TEXT NOT NULL,
  task_id TEXT NOT NULL,
  PRIMARY KEY (stack_small_id, payload_hash)
) STRICT, WITHOUT ROWID;
`,
};
