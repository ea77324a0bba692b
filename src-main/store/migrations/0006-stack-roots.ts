/** Sixth schema: the commitment of each stack as it grows, so that settling 100,000 requests reads one row (product.md, Budgets; coordinator.md 6). */
import type { Migration } from './migration.ts';

/** `peaks` is what src-shared/link/proof.ts saves of a StackRoot. A stack without a row, or with one that lags behind its receipts, is counted from its entries. */
export const stackRootsMigration: Migration = {
  id: 6,
  sql: `
CREATE TABLE stack_roots (
  stack_small_id INTEGER PRIMARY KEY,
  peaks BLOB NOT NULL
) STRICT;
`,
};
