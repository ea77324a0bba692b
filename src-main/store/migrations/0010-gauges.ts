/** Gauges of GPUs, one row a reading, for a day (product.md, Hardware: history). */
import type { Migration } from './migration.ts';

export const gaugesMigration: Migration = {
  id: 10,
  sql: `
CREATE TABLE gauges (
  gpu TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  util_pct REAL,
  vram_used_mib REAL,
  temp_c REAL,
  power_w REAL,
  PRIMARY KEY (gpu, at_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX gauges_at ON gauges (at_ms);
`,
};
