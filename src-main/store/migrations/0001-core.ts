/** First schema: settings, parked rows, jobs with their transitions, signing records, results, acknowledgements, outbox, state timeline (architecture.md, "Persistence"). */
import type { Migration } from './migration.ts';

/** `task_id` names one dispatched request everywhere. Times end in `_ms`. The outbox has no foreign key: an awaited task this node never saw is answered too. */
export const coreMigration: Migration = {
  id: 1,
  sql: `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE parked_rows (
  table_name TEXT NOT NULL,
  row_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  content TEXT NOT NULL,
  parked_ms INTEGER NOT NULL,
  PRIMARY KEY (table_name, row_id)
) STRICT;

CREATE TABLE jobs (
  task_id TEXT PRIMARY KEY,
  task_small_id INTEGER NOT NULL,
  stack_small_id INTEGER NOT NULL,
  workload_class TEXT NOT NULL,
  model TEXT NOT NULL,
  max_compute_units INTEGER NOT NULL,
  deadline_ms INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  stage TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  code TEXT,
  detail TEXT,
  envelope TEXT,
  released_ms INTEGER
) STRICT;
CREATE INDEX jobs_by_stack ON jobs (stack_small_id, stage);
CREATE INDEX jobs_by_stage ON jobs (stage);
CREATE INDEX jobs_by_time ON jobs (received_ms, task_id);

CREATE TABLE job_transitions (
  id INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL REFERENCES jobs (task_id),
  from_stage TEXT,
  to_stage TEXT NOT NULL,
  event TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX job_transitions_by_task ON job_transitions (task_id);

CREATE TABLE signing_records (
  task_id TEXT PRIMARY KEY REFERENCES jobs (task_id),
  stack_small_id INTEGER NOT NULL,
  poe TEXT NOT NULL,
  entry TEXT NOT NULL,
  compute_units INTEGER NOT NULL,
  input_units INTEGER NOT NULL,
  output_units INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  queued_ms INTEGER NOT NULL,
  decrypt_ms INTEGER NOT NULL,
  execute_ms INTEGER NOT NULL,
  total_ms INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX signing_records_by_stack ON signing_records (stack_small_id);

CREATE TABLE results (
  task_id TEXT PRIMARY KEY REFERENCES signing_records (task_id),
  bytes BLOB NOT NULL,
  sealed_locally INTEGER NOT NULL
) STRICT;

CREATE TABLE acks (
  task_id TEXT PRIMARY KEY REFERENCES signing_records (task_id),
  stack_small_id INTEGER NOT NULL,
  coordinator_id TEXT NOT NULL,
  status TEXT NOT NULL,
  entry_index INTEGER,
  reason TEXT,
  sig TEXT NOT NULL,
  received_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX acks_by_entry ON acks (stack_small_id, entry_index) WHERE entry_index IS NOT NULL;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL UNIQUE,
  effect_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  code TEXT,
  message TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  created_ms INTEGER NOT NULL,
  closed_ms INTEGER
) STRICT;
CREATE INDEX outbox_open ON outbox (id) WHERE closed_ms IS NULL;

CREATE TABLE node_transitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  from_state TEXT,
  to_state TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX node_transitions_by_time ON node_transitions (at_ms);
`,
};
