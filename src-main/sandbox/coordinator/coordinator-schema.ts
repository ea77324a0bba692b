/** Tables of the coordinator's own database file: everything it has answered for is a row here first (architecture.md, "Persistence"). */

/** All statements are harmless on an existing file. */
export const coordinatorSchema = `
  CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;

  -- The node_id of the wallet's newest valid manifest, and that manifest.
  CREATE TABLE IF NOT EXISTS bindings (wallet TEXT PRIMARY KEY, node_id TEXT NOT NULL, manifest TEXT NOT NULL, bound_ms INTEGER NOT NULL) STRICT;

  CREATE TABLE IF NOT EXISTS sessions (
    session_id TEXT PRIMARY KEY, node_id TEXT NOT NULL, opened_ms INTEGER NOT NULL, closed_ms INTEGER, ended_by TEXT,
    heartbeat_seq INTEGER NOT NULL DEFAULT 0, heartbeat_ms INTEGER, state TEXT
  ) STRICT;

  -- next_entry: the next entry_index of the stack. closed: why no more is sent on it.
  CREATE TABLE IF NOT EXISTS stacks (
    stack_small_id INTEGER PRIMARY KEY, task_small_id INTEGER NOT NULL, node_small_id INTEGER NOT NULL, owner TEXT NOT NULL,
    num_compute_units INTEGER NOT NULL, model_name TEXT NOT NULL, sampling_consensus INTEGER NOT NULL,
    next_entry INTEGER NOT NULL DEFAULT 0, accepted_units INTEGER NOT NULL DEFAULT 0, closed TEXT
  ) STRICT;

  -- Role of the stack's task; a stack of an older file has none here and is chat.
  CREATE TABLE IF NOT EXISTS stack_roles (stack_small_id INTEGER PRIMARY KEY REFERENCES stacks(stack_small_id), role INTEGER NOT NULL) STRICT;

  -- What a buyer handed in. body is sealed under a key of secrets and dropped when nobody can ask for it any more.
  CREATE TABLE IF NOT EXISTS requests (
    request_id TEXT PRIMARY KEY, stack_small_id INTEGER NOT NULL REFERENCES stacks(stack_small_id), body BLOB, reply_to TEXT,
    max_compute_units INTEGER NOT NULL, window_ms INTEGER NOT NULL, stream INTEGER NOT NULL, created_ms INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done'))
  ) STRICT;
  CREATE INDEX IF NOT EXISTS requests_kept ON requests(stack_small_id) WHERE body IS NOT NULL;
  CREATE INDEX IF NOT EXISTS requests_open ON requests(state, stack_small_id) WHERE state <> 'done';

  -- Requests of another workload class than the role of their stack's task has: functions, which bring their own module.
  CREATE TABLE IF NOT EXISTS request_classes (request_id TEXT PRIMARY KEY REFERENCES requests(request_id), workload_class TEXT NOT NULL) STRICT;

  -- One dispatch under one task_id.
  CREATE TABLE IF NOT EXISTS tasks (
    task_id TEXT PRIMARY KEY, request_id TEXT NOT NULL REFERENCES requests(request_id), node_id TEXT NOT NULL,
    stack_small_id INTEGER NOT NULL, session_id TEXT NOT NULL, model TEXT NOT NULL, max_compute_units INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL, deadline_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'accepted', 'declined', 'failed', 'given_up', 'done', 'rejected')),
    code TEXT, entry_index INTEGER, compute_units INTEGER, poe TEXT, entry TEXT, fingerprint TEXT, node_sig TEXT, answered_ms INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS tasks_entry ON tasks(stack_small_id, entry_index) WHERE entry_index IS NOT NULL;
  CREATE INDEX IF NOT EXISTS tasks_open ON tasks(node_id) WHERE state IN ('sent', 'accepted');
`;
