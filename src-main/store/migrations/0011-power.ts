/** Measured energy by quarter of an hour and state, for a year of economics (product.md, Economics: measured or estimated watts). */
import type { Migration } from './migration.ts';

export const powerMigration: Migration = {
  id: 11,
  sql: `
CREATE TABLE power (
  quarter_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  covered_ms INTEGER NOT NULL,
  millijoules INTEGER NOT NULL,
  PRIMARY KEY (quarter_ms, state)
) STRICT, WITHOUT ROWID;
`,
};
