/** Tables of the sandbox chain's own database (architecture.md: each accepted transaction is durable before it is answered). */

/** Statements that create an empty ledger; the indexes serve the lists of ledger-scan.ts; `user_version` 2, version 1 had none of them. */
export const LEDGER_SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS objects (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, digest TEXT NOT NULL, type TEXT NOT NULL,
    owner_kind TEXT NOT NULL CHECK (owner_kind IN ('address', 'object', 'shared')), owner TEXT NOT NULL,
    contents BLOB NOT NULL, previous_transaction TEXT NOT NULL, storage_rebate INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS checkpoints (
    sequence INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, previous_digest TEXT, epoch INTEGER NOT NULL,
    timestamp_ms INTEGER NOT NULL, total_transactions INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS transactions (
    position INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, checkpoint INTEGER NOT NULL REFERENCES checkpoints (sequence),
    sender TEXT NOT NULL, executed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY, digest TEXT NOT NULL, event_index INTEGER NOT NULL, checkpoint INTEGER NOT NULL,
    package TEXT NOT NULL, module TEXT NOT NULL, sender TEXT NOT NULL, type TEXT NOT NULL, contents BLOB NOT NULL,
    UNIQUE (digest, event_index)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS transactions_checkpoint ON transactions (checkpoint);
  CREATE INDEX IF NOT EXISTS transactions_sender ON transactions (sender);
  CREATE INDEX IF NOT EXISTS events_checkpoint ON events (checkpoint);
  CREATE INDEX IF NOT EXISTS events_type ON events (type);
  CREATE INDEX IF NOT EXISTS events_sender ON events (sender);
  CREATE INDEX IF NOT EXISTS events_module ON events (package, module);
  CREATE INDEX IF NOT EXISTS checkpoints_epoch ON checkpoints (epoch);
  PRAGMA user_version = 2;
`;
