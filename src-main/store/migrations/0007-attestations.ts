/** Seventh schema: tickets that name this node, re-executed entries, self-audits (coordinator.md 7; architecture.md, "Persistence"). */
import type { Migration } from './migration.ts';

/** `peaks` is what src-shared/link/proof.ts saves of a StackRoot over this node's own entries; `ticket` is the ticket as last read, kept after the claim deleted it. */
export const attestationsMigration: Migration = {
  id: 7,
  sql: `
CREATE TABLE attestations (
  stack_small_id INTEGER PRIMARY KEY,
  node_small_id INTEGER NOT NULL,
  ticket TEXT,
  done INTEGER NOT NULL DEFAULT 0,
  complete INTEGER NOT NULL DEFAULT 0,
  differing INTEGER NOT NULL DEFAULT 0,
  strangers INTEGER NOT NULL DEFAULT 0,
  peaks BLOB NOT NULL,
  hold TEXT,
  decision TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  digest TEXT,
  penalty TEXT,
  reward TEXT,
  ended TEXT,
  dismissed INTEGER NOT NULL DEFAULT 0,
  first_seen_ms INTEGER NOT NULL,
  first_seen_chain_ms INTEGER,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX attestations_open ON attestations (node_small_id) WHERE ended IS NULL;

CREATE TABLE reexecutions (
  purpose TEXT NOT NULL CHECK (purpose IN ('attest', 'audit')),
  stack_small_id INTEGER NOT NULL,
  entry_index INTEGER NOT NULL,
  task_id TEXT NOT NULL,
  model TEXT NOT NULL,
  entry TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  own_entry TEXT NOT NULL,
  own_fingerprint TEXT NOT NULL,
  runs INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('agrees', 'stranger', 'differs')),
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (purpose, stack_small_id, entry_index)
) STRICT;

CREATE TABLE stack_audits (
  stack_small_id INTEGER PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('wanted', 'passed', 'failed', 'overruled')),
  entries INTEGER NOT NULL,
  root_found TEXT,
  root_kept TEXT,
  sample_size INTEGER NOT NULL DEFAULT 0,
  checked INTEGER NOT NULL DEFAULT 0,
  differing INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  wanted_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX stack_audits_wanted ON stack_audits (wanted_ms) WHERE status = 'wanted';
`,
};
