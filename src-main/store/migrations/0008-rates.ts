/** Fiat rates of coins, one a local day: the last one that was known on it (product.md, Economics). */
import type { Migration } from './migration.ts';

export const ratesMigration: Migration = {
  id: 8,
  sql: `
CREATE TABLE rates (
  coin_type TEXT NOT NULL,
  currency TEXT NOT NULL,
  day TEXT NOT NULL,
  per_coin TEXT NOT NULL,
  source TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (coin_type, currency, day)
) STRICT, WITHOUT ROWID;
`,
};
