/** The coordinator's rows: each call is one durable transaction that is finished before anything is answered (issue: a restart continues where it was). */
import { z } from 'zod';
import { workloadClassSchema, type RejectReason, type WorkloadClass } from '../../../src-shared/link/codes.ts';
import type { ReplyTo } from '../../../src-shared/link/envelope.ts';
import type { ResultMessage } from '../../../src-shared/link/messages.ts';
import { openSqlite, type SqlRow } from '../../platform/sqlite.ts';
import { requestRowSchema, stackRowSchema, stateCountsSchema, taskRowSchema } from './coordinator-rows.ts';
import type { CoordinatorTotals, RequestRow, StackRow, TaskRow } from './coordinator-rows.ts';
import { coordinatorSchema } from './coordinator-schema.ts';

/** Stacks with the role of their task. */
const selectStacks = 'SELECT stacks.*, coalesce(stack_roles.role, 0) AS role FROM stacks LEFT JOIN stack_roles USING (stack_small_id)';

/** Requests with the class they were handed in for. */
const selectRequests = 'SELECT requests.*, request_classes.workload_class FROM requests LEFT JOIN request_classes USING (request_id)';

/** A request as it is queued. */
export type NewRequest = {
  readonly requestId: string;
  readonly stackSmallId: bigint;
  readonly sealedBody: Uint8Array;
  readonly replyTo: ReplyTo | null;
  readonly maxComputeUnits: number;
  readonly windowMs: number;
  readonly stream: boolean;
  /** Null: that of the stack's task. */
  readonly workloadClass: WorkloadClass | null;
};

/** A dispatch as it is about to be sent. */
export type NewTask = Pick<TaskRow, 'taskId' | 'requestId' | 'nodeId' | 'stackSmallId' | 'sessionId' | 'model' | 'maxComputeUnits' | 'sentMs' | 'deadlineMs'>;

/** An accepted request as an attestor needs it. */
export type HistoryRow = { index: number; taskId: string; model: string; maxComputeUnits: number; entry: string; fingerprint: string; sealedBody: Uint8Array; /** Null: that of the stack's task. */ workloadClass: WorkloadClass | null };

/** The open database. */
export type CoordinatorStore = ReturnType<typeof openCoordinatorStore>;

const one = <T>(schema: z.ZodType<T>, row: SqlRow | null): T | null => (row === null ? null : schema.parse(row));
const many = <T>(schema: z.ZodType<T>, rows: SqlRow[]): T[] => rows.map((row) => schema.parse(row));

/** Opens (creating it when absent) the coordinator's database file and closes the sessions that a stop cut off. */
export function openCoordinatorStore(file: string, now: () => number) {
  const database = openSqlite(file);
  database.exec(coordinatorSchema);
  database.run(`UPDATE sessions SET closed_ms = ?, ended_by = 'restart' WHERE closed_ms IS NULL`, now());
  const totals: CoordinatorTotals = stateCountsSchema.parse(database.all('SELECT state, count(*) AS n FROM tasks GROUP BY state'));

  /** Ends an open task; false when it was over already. */
  const endTask = (taskId: string, state: 'declined' | 'failed' | 'given_up' | 'rejected', code: string): boolean =>
    database.run(`UPDATE tasks SET state = ?, code = ?, answered_ms = ? WHERE task_id = ? AND state IN ('sent', 'accepted')`, state, code, now(), taskId).changes > 0n;
  const finishRequest = (requestId: string, keepBody: boolean): void => {
    database.run(`UPDATE requests SET state = 'done', body = CASE WHEN ? THEN body ELSE NULL END WHERE request_id = ?`, keepBody ? 1 : 0, requestId);
  };

  return {
    totals: (): CoordinatorTotals => ({ ...totals }),
    close: () => database.close(),

    /** A secret of this coordinator, made once and kept. */
    secret: (name: string, make: () => Uint8Array): Uint8Array =>
      database.transaction(() => {
        database.run('INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', name, make());
        return z.object({ value: z.instanceof(Uint8Array) }).parse(database.get('SELECT value FROM secrets WHERE name = ?', name)).value;
      }),

    boundNode: (wallet: string): string | null => one(z.object({ node_id: z.string() }), database.get('SELECT node_id FROM bindings WHERE wallet = ?', wallet))?.node_id ?? null,
    /** Binds the wallet to this manifest's node_id and opens the session. */
    openSession: (session: { sessionId: string; nodeId: string; wallet: string; manifest: object }): void =>
      database.transaction(() => {
        const bind = 'INSERT INTO bindings (wallet, node_id, manifest, bound_ms) VALUES (?, ?, ?, ?) ON CONFLICT (wallet) DO UPDATE SET node_id = excluded.node_id, manifest = excluded.manifest, bound_ms = excluded.bound_ms';
        database.run(bind, session.wallet, session.nodeId, JSON.stringify(session.manifest), now());
        database.run('INSERT INTO sessions (session_id, node_id, opened_ms) VALUES (?, ?, ?)', session.sessionId, session.nodeId, now());
      }),
    heartbeat: (sessionId: string, seq: number, state: string): void =>
      void database.run('UPDATE sessions SET heartbeat_seq = ?, heartbeat_ms = ?, state = ? WHERE session_id = ?', seq, now(), state, sessionId),
    closeSession: (sessionId: string, endedBy: string): void =>
      void database.run('UPDATE sessions SET closed_ms = ?, ended_by = ? WHERE session_id = ? AND closed_ms IS NULL', now(), endedBy, sessionId),

    putStack: (stack: Omit<StackRow, 'nextEntry' | 'acceptedUnits' | 'closed'>): void => {
      const sql = 'INSERT INTO stacks (stack_small_id, task_small_id, node_small_id, owner, num_compute_units, model_name, sampling_consensus) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stack_small_id) DO NOTHING';
      database.run(sql, stack.stackSmallId, stack.taskSmallId, stack.nodeSmallId, stack.owner, stack.numComputeUnits, stack.modelName, stack.samplingConsensus ? 1 : 0);
      database.run('INSERT INTO stack_roles (stack_small_id, role) VALUES (?, ?) ON CONFLICT (stack_small_id) DO NOTHING', stack.stackSmallId, stack.role);
    },
    stack: (id: bigint): StackRow | null => one(stackRowSchema, database.get(`${selectStacks} WHERE stacks.stack_small_id = ?`, id)),
    openStacks: (): StackRow[] => many(stackRowSchema, database.all(`${selectStacks} WHERE closed IS NULL ORDER BY stacks.stack_small_id`)),
    closeStack: (id: bigint, reason: string): boolean => database.run('UPDATE stacks SET closed = ? WHERE stack_small_id = ? AND closed IS NULL', reason, id).changes > 0n,
    /** Units that requests not yet finished may still take. */
    lockedUnits: (id: bigint): bigint =>
      z.object({ units: z.bigint() }).parse(database.get(`SELECT coalesce(sum(max_compute_units), 0) AS units FROM requests WHERE stack_small_id = ? AND state <> 'done'`, id)).units,
    /** Stacks on which no more is sent and whose bodies are still kept for attestors. */
    stacksKept: (): bigint[] =>
      many(
        z.object({ stack_small_id: z.bigint() }),
        database.all('SELECT DISTINCT stack_small_id FROM stacks JOIN requests USING (stack_small_id) WHERE sampling_consensus = 1 AND closed IS NOT NULL AND body IS NOT NULL ORDER BY stack_small_id'),
      ).map((row) => row.stack_small_id),
    /** Whether the body of every accepted request of the stack is still here. */
    isKept: (id: bigint): boolean =>
      database.get('SELECT 1 AS one FROM tasks JOIN requests USING (request_id) WHERE tasks.stack_small_id = ? AND entry_index IS NOT NULL AND body IS NULL LIMIT 1', id) === null,
    /** Drops what was kept for attestors: the stack's windows are over. */
    forgetBodies: (id: bigint): void => void database.run('UPDATE requests SET body = NULL WHERE stack_small_id = ?', id),

    addRequest: (request: NewRequest): void => database.transaction(() => {
      const sql = `INSERT INTO requests (request_id, stack_small_id, body, reply_to, max_compute_units, window_ms, stream, created_ms, not_before_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 'queued')`;
      const replyTo = request.replyTo === null ? null : JSON.stringify(request.replyTo);
      database.run(sql, request.requestId, request.stackSmallId, request.sealedBody, replyTo, request.maxComputeUnits, request.windowMs, request.stream ? 1 : 0, now());
      if (request.workloadClass !== null) database.run('INSERT INTO request_classes (request_id, workload_class) VALUES (?, ?)', request.requestId, request.workloadClass);
    }),
    request: (id: string): RequestRow | null => one(requestRowSchema, database.get(`${selectRequests} WHERE request_id = ?`, id)),
    queued: (): RequestRow[] => many(requestRowSchema, database.all(`${selectRequests} WHERE state = 'queued' ORDER BY created_ms, request_id`)),
    requeue: (requestId: string, notBeforeMs: number): void =>
      void database.run(`UPDATE requests SET state = 'queued', not_before_ms = ? WHERE request_id = ? AND state = 'running'`, notBeforeMs, requestId),
    finishRequest: (requestId: string): void => finishRequest(requestId, false),

    /** Records a dispatch before it is sent. */
    startTask: (task: NewTask): void =>
      database.transaction(() => {
        database.run(`UPDATE requests SET state = 'running', attempts = attempts + 1 WHERE request_id = ?`, task.requestId);
        const sql = `INSERT INTO tasks (task_id, request_id, node_id, stack_small_id, session_id, model, max_compute_units, sent_ms, deadline_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'sent')`;
        database.run(sql, task.taskId, task.requestId, task.nodeId, task.stackSmallId, task.sessionId, task.model, task.maxComputeUnits, task.sentMs, task.deadlineMs);
        totals.requestsSent += 1;
      }),
    task: (taskId: string, nodeId: string): TaskRow | null => one(taskRowSchema, database.get('SELECT * FROM tasks WHERE task_id = ? AND node_id = ?', taskId, nodeId)),
    openTasks: (): TaskRow[] => many(taskRowSchema, database.all(`SELECT * FROM tasks WHERE state IN ('sent', 'accepted') ORDER BY task_id`)),
    /** Dispatched to this node and neither declined, failed, answered nor given up. */
    awaiting: (nodeId: string): TaskRow[] => many(taskRowSchema, database.all(`SELECT * FROM tasks WHERE node_id = ? AND state IN ('sent', 'accepted') ORDER BY task_id`, nodeId)),
    markAccepted: (taskId: string): boolean => database.run(`UPDATE tasks SET state = 'accepted' WHERE task_id = ? AND state = 'sent'`, taskId).changes > 0n,
    /** Ends an open task without a result; false when it was over already. */
    endTask: (taskId: string, state: 'declined' | 'failed' | 'given_up', code: string): boolean => {
      const ended = endTask(taskId, state, code);
      if (ended) totals[state === 'declined' ? 'declined' : 'failed'] += 1;
      return ended;
    },
    reject: (task: TaskRow, reason: RejectReason): void =>
      database.transaction(() => {
        endTask(task.taskId, 'rejected', reason);
        finishRequest(task.requestId, false);
        totals.rejected += 1;
      }),
    /** Gives an accepted result the stack's next entry_index, which is returned. The body stays only where an attestor may ask for it. */
    accept: (task: TaskRow, result: ResultMessage): number =>
      database.transaction(() => {
        const row = database.get('UPDATE stacks SET next_entry = next_entry + 1, accepted_units = accepted_units + ? WHERE stack_small_id = ? RETURNING next_entry - 1 AS entry_index, sampling_consensus', result.compute_units, task.stackSmallId);
        const { entry_index: entryIndex, sampling_consensus: kept } = z.object({ entry_index: z.bigint(), sampling_consensus: z.bigint() }).parse(row);
        const sql = `UPDATE tasks SET state = 'done', entry_index = ?, compute_units = ?, poe = ?, entry = ?, fingerprint = ?, node_sig = ?, answered_ms = ? WHERE task_id = ?`;
        database.run(sql, entryIndex, result.compute_units, result.poe, result.entry, result.fingerprint, result.sig, now(), task.taskId);
        finishRequest(task.requestId, kept !== 0n);
        totals.accepted += 1;
        return Number(entryIndex);
      }),

    /** Accepted requests of a stack behind `after` whose bodies are kept, by entry_index. */
    history: (stackSmallId: bigint, after: number, limit: number): HistoryRow[] => {
      const sql = 'SELECT t.entry_index, t.task_id, t.model, t.max_compute_units, t.entry, t.fingerprint, r.body, c.workload_class FROM tasks t JOIN requests r USING (request_id) LEFT JOIN request_classes c USING (request_id) WHERE t.stack_small_id = ? AND t.entry_index > ? AND r.body IS NOT NULL ORDER BY t.entry_index LIMIT ?';
      const schema = z.object({ entry_index: z.bigint(), task_id: z.string(), model: z.string(), max_compute_units: z.bigint(), entry: z.string(), fingerprint: z.string(), body: z.instanceof(Uint8Array), workload_class: workloadClassSchema.nullable() });
      return many(schema, database.all(sql, stackSmallId, after, limit)).map((row) => ({
        index: Number(row.entry_index), taskId: row.task_id, model: row.model, maxComputeUnits: Number(row.max_compute_units), entry: row.entry, fingerprint: row.fingerprint, sealedBody: row.body, workloadClass: row.workload_class,
      }));
    },
  };
}
