/** Fourth schema: how many requests ended in each stage, so that the list of requests knows its length without counting a million rows (product.md, Budgets). */
import type { Migration } from './migration.ts';

/** Stages that a request never leaves are counted as they are reached (core/job-machine.ts); the few open ones are counted when asked for. */
export const jobTotalsMigration: Migration = {
  id: 4,
  sql: `
CREATE TABLE job_totals (
  stage TEXT PRIMARY KEY,
  jobs INTEGER NOT NULL
) STRICT;

INSERT INTO job_totals (stage, jobs)
SELECT stage, count(*) FROM jobs WHERE stage IN ('declined', 'failed', 'accepted', 'duplicate', 'rejected') GROUP BY stage;

CREATE TRIGGER job_ended AFTER UPDATE OF stage ON jobs
WHEN NEW.stage <> OLD.stage AND NEW.stage IN ('declined', 'failed', 'accepted', 'duplicate', 'rejected') BEGIN
  INSERT INTO job_totals (stage, jobs) VALUES (NEW.stage, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER job_ended_at_once AFTER INSERT ON jobs
WHEN NEW.stage IN ('declined', 'failed', 'accepted', 'duplicate', 'rejected') BEGIN
  INSERT INTO job_totals (stage, jobs) VALUES (NEW.stage, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
`,
};
