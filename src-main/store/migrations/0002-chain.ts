/** Second schema: transactions of the lane, stacks and tickets, ledger, event cursors, parked prices, the pinned chain, earned units by quarter of an hour (architecture.md, "Persistence"). */
import type { Migration } from './migration.ts';

/**
 * Amounts, prices and units are decimal TEXT: a u64 does not fit SQLite's signed integer. Small ids and epochs are INTEGER.
 * `earned_units` is kept by triggers from the acknowledgements, in quarters of an hour because every time zone's midnight lies on one;
 * so the dashboard sums a few thousand rows and not a million jobs.
 */
export const chainMigration: Migration = {
  id: 2,
  sql: `
CREATE TABLE chain_pins (
  network TEXT PRIMARY KEY,
  chain_id TEXT NOT NULL,
  pinned_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE chain_tx (
  digest TEXT PRIMARY KEY,
  wallet TEXT NOT NULL,
  intent TEXT NOT NULL,
  kind TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('operator', 'policy')),
  bytes BLOB NOT NULL,
  signature TEXT NOT NULL,
  expires_after_epoch INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'success', 'failed', 'refused', 'expired')),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_message TEXT,
  gas_mist TEXT,
  effects BLOB,
  executed_epoch INTEGER,
  created_ms INTEGER NOT NULL,
  finished_ms INTEGER
) STRICT;
CREATE INDEX chain_tx_pending ON chain_tx (created_ms) WHERE status = 'pending';
CREATE INDEX chain_tx_by_kind ON chain_tx (kind, status, executed_epoch);

CREATE TABLE stacks (
  stack_small_id INTEGER PRIMARY KEY,
  task_small_id INTEGER NOT NULL,
  node_small_id INTEGER NOT NULL,
  owner TEXT NOT NULL,
  price TEXT NOT NULL,
  num_compute_units TEXT NOT NULL,
  sampling_consensus INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'claimed', 'gone')),
  settle_digest TEXT,
  claim_digest TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_message TEXT,
  error_ms INTEGER,
  first_seen_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX stacks_by_state ON stacks (state, node_small_id);
CREATE INDEX stacks_by_task ON stacks (task_small_id);

CREATE TABLE tickets (
  stack_small_id INTEGER PRIMARY KEY,
  claimed_units TEXT NOT NULL,
  dispute_settled_at_epoch INTEGER,
  is_in_dispute INTEGER NOT NULL,
  requested_nodes TEXT NOT NULL,
  attested_nodes TEXT NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger (
  digest TEXT NOT NULL,
  event_index INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('claim', 'collateral', 'collateral_returned', 'fee', 'gas', 'faucet', 'transfer')),
  at_ms INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  stack_small_id INTEGER,
  task_small_id INTEGER,
  amount TEXT NOT NULL,
  coin_type TEXT NOT NULL,
  PRIMARY KEY (digest, event_index)
) STRICT;
CREATE INDEX ledger_by_time ON ledger (at_ms, digest, event_index);
CREATE INDEX ledger_by_stack ON ledger (stack_small_id) WHERE stack_small_id IS NOT NULL;

CREATE TABLE ledger_totals (
  kind TEXT NOT NULL,
  coin_type TEXT NOT NULL,
  amount TEXT NOT NULL,
  PRIMARY KEY (kind, coin_type)
) STRICT;

CREATE TABLE event_cursor (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE parked_subscriptions (
  task_small_id INTEGER PRIMARY KEY,
  price TEXT NOT NULL,
  max_compute_units TEXT NOT NULL,
  parked_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE earned_units (
  quarter_ms INTEGER NOT NULL,
  stack_small_id INTEGER NOT NULL,
  task_small_id INTEGER NOT NULL,
  units INTEGER NOT NULL,
  jobs INTEGER NOT NULL,
  PRIMARY KEY (quarter_ms, stack_small_id)
) STRICT;
CREATE INDEX earned_units_by_stack ON earned_units (stack_small_id, units);

INSERT INTO earned_units (quarter_ms, stack_small_id, task_small_id, units, jobs)
SELECT acks.received_ms - acks.received_ms % 900000, acks.stack_small_id, jobs.task_small_id, sum(signing_records.compute_units), count(*)
FROM acks JOIN signing_records USING (task_id) JOIN jobs USING (task_id)
WHERE acks.entry_index IS NOT NULL
GROUP BY 1, 2;

CREATE TRIGGER earned_when_acknowledged AFTER INSERT ON acks WHEN NEW.entry_index IS NOT NULL BEGIN
  INSERT INTO earned_units (quarter_ms, stack_small_id, task_small_id, units, jobs)
  SELECT NEW.received_ms - NEW.received_ms % 900000, NEW.stack_small_id, jobs.task_small_id, signing_records.compute_units, 1
  FROM signing_records JOIN jobs USING (task_id) WHERE signing_records.task_id = NEW.task_id
  ON CONFLICT (quarter_ms, stack_small_id) DO UPDATE SET units = units + excluded.units, jobs = jobs + 1;
END;
`,
};
