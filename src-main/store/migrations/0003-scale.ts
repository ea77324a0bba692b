/** Third schema: earned units by local day, and indexes, so that no view and no dispatch gets slower with the years (product.md, Budgets: 1,000,000 rows under 50 ms). */
import type { Migration } from './migration.ts';

/**
 * `earned_days` is kept by triggers like `earned_units`, but without the stack: a year has few days and many stacks. Its day is the local one at
 * the time of the receipt, as text, and stays that when the operator travels. A stack that is not known yet brings its units when it is read.
 */
export const scaleMigration: Migration = {
  id: 3,
  sql: `
CREATE TABLE earned_days (
  day TEXT NOT NULL,
  task_small_id INTEGER NOT NULL,
  price TEXT NOT NULL,
  sampling_consensus INTEGER NOT NULL,
  units INTEGER NOT NULL,
  jobs INTEGER NOT NULL,
  PRIMARY KEY (day, task_small_id, price, sampling_consensus)
) STRICT;

INSERT INTO earned_days (day, task_small_id, price, sampling_consensus, units, jobs)
SELECT date(quarter_ms / 1000, 'unixepoch', 'localtime'), earned_units.task_small_id, price, sampling_consensus, sum(units), sum(jobs)
FROM earned_units JOIN stacks USING (stack_small_id)
GROUP BY 1, 2, 3, 4;

CREATE TRIGGER earned_day_when_acknowledged AFTER INSERT ON acks WHEN NEW.entry_index IS NOT NULL BEGIN
  INSERT INTO earned_days (day, task_small_id, price, sampling_consensus, units, jobs)
  SELECT date(NEW.received_ms / 1000, 'unixepoch', 'localtime'), jobs.task_small_id, stacks.price, stacks.sampling_consensus, signing_records.compute_units, 1
  FROM signing_records JOIN jobs USING (task_id) JOIN stacks ON stacks.stack_small_id = NEW.stack_small_id
  WHERE signing_records.task_id = NEW.task_id
  ON CONFLICT DO UPDATE SET units = units + excluded.units, jobs = jobs + excluded.jobs;
END;

CREATE TRIGGER earned_day_when_stack_is_read AFTER INSERT ON stacks BEGIN
  INSERT INTO earned_days (day, task_small_id, price, sampling_consensus, units, jobs)
  SELECT date(quarter_ms / 1000, 'unixepoch', 'localtime'), task_small_id, NEW.price, NEW.sampling_consensus, sum(units), sum(jobs)
  FROM earned_units WHERE stack_small_id = NEW.stack_small_id
  GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET units = units + excluded.units, jobs = jobs + excluded.jobs;
END;

CREATE INDEX stacks_by_node ON stacks (node_small_id);
CREATE INDEX stacks_by_claim ON stacks (claim_digest) WHERE claim_digest IS NOT NULL;

DROP INDEX jobs_by_stack;
DROP INDEX jobs_by_stage;
CREATE INDEX jobs_by_stack ON jobs (stack_small_id, received_ms, task_id);
CREATE INDEX jobs_by_stage ON jobs (stage, received_ms, task_id);
CREATE INDEX jobs_open ON jobs (stack_small_id, stage) WHERE stage IN ('received', 'decrypting', 'executing', 'proving', 'proved');
CREATE INDEX acks_by_time ON acks (stack_small_id, received_ms);
`,
};
