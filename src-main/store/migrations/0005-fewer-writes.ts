/** Fifth schema: no index is written while a request moves through its stages but the small one of open requests (product.md, Budgets: work per request). */
import type { Migration } from './migration.ts';

/** Requests are listed by stage once they have ended; the signing records of a stack are found through its receipts. */
export const fewerWritesMigration: Migration = {
  id: 5,
  sql: `
DROP INDEX jobs_by_stage;
CREATE INDEX jobs_ended ON jobs (stage, received_ms, task_id) WHERE stage IN ('accepted', 'duplicate', 'rejected', 'failed', 'declined');
DROP INDEX signing_records_by_stack;
`,
};
