/** Shapes of the coordinator's rows; each leaves the database through its schema (style.md: stored data is untrusted). */
import { z } from 'zod';
import { rejectReasonSchema, workloadClassSchema } from '../../../src-shared/link/codes.ts';
import { replyToSchema } from '../../../src-shared/link/envelope.ts';

const whole = z.bigint().transform(Number).pipe(z.number().int());
const flag = z.bigint().transform((value) => value !== 0n);

/** A stack that a buyer opened with this coordinator. */
export const stackRowSchema = z
  .object({
    stack_small_id: z.bigint(),
    task_small_id: z.bigint(),
    node_small_id: z.bigint(),
    owner: z.string(),
    num_compute_units: z.bigint(),
    model_name: z.string(),
    sampling_consensus: flag,
    next_entry: whole,
    accepted_units: z.bigint(),
    closed: z.string().nullable(),
    role: whole,
  })
  .transform((row) => ({
    stackSmallId: row.stack_small_id,
    taskSmallId: row.task_small_id,
    nodeSmallId: row.node_small_id,
    owner: row.owner,
    numComputeUnits: row.num_compute_units,
    modelName: row.model_name,
    samplingConsensus: row.sampling_consensus,
    nextEntry: row.next_entry,
    acceptedUnits: row.accepted_units,
    closed: row.closed,
    role: row.role,
  }));
export type StackRow = z.output<typeof stackRowSchema>;

/** A buyer's request; `body` is sealed at rest. */
export const requestRowSchema = z
  .object({
    request_id: z.string(),
    stack_small_id: z.bigint(),
    body: z.instanceof(Uint8Array).nullable(),
    reply_to: z.string().nullable(),
    max_compute_units: whole,
    window_ms: whole,
    stream: flag,
    not_before_ms: whole,
    attempts: whole,
    state: z.enum(['queued', 'running', 'done']),
    workload_class: workloadClassSchema.nullable(),
  })
  .transform((row) => ({
    requestId: row.request_id,
    stackSmallId: row.stack_small_id,
    sealedBody: row.body,
    replyTo: row.reply_to === null ? null : replyToSchema.parse(JSON.parse(row.reply_to)),
    maxComputeUnits: row.max_compute_units,
    windowMs: row.window_ms,
    stream: row.stream,
    notBeforeMs: row.not_before_ms,
    attempts: row.attempts,
    state: row.state,
    /** Null: that of the stack's task. */
    workloadClass: row.workload_class,
  }));
export type RequestRow = z.output<typeof requestRowSchema>;

/** A dispatch. `open` while it is awaited: sent or accepted. */
export const taskRowSchema = z
  .object({
    task_id: z.string(),
    request_id: z.string(),
    node_id: z.string(),
    stack_small_id: z.bigint(),
    session_id: z.string(),
    model: z.string(),
    max_compute_units: whole,
    sent_ms: whole,
    deadline_ms: whole,
    state: z.enum(['sent', 'accepted', 'declined', 'failed', 'given_up', 'done', 'rejected']),
    code: z.string().nullable(),
    entry_index: whole.nullable(),
    entry: z.string().nullable(),
    fingerprint: z.string().nullable(),
  })
  .transform((row) => ({
    taskId: row.task_id,
    requestId: row.request_id,
    nodeId: row.node_id,
    stackSmallId: row.stack_small_id,
    sessionId: row.session_id,
    model: row.model,
    maxComputeUnits: row.max_compute_units,
    sentMs: row.sent_ms,
    deadlineMs: row.deadline_ms,
    open: row.state === 'sent' || row.state === 'accepted',
    state: row.state,
    rejectReason: row.state === 'rejected' ? rejectReasonSchema.parse(row.code) : null,
    entryIndex: row.entry_index,
    entry: row.entry,
    fingerprint: row.fingerprint,
  }));
export type TaskRow = z.output<typeof taskRowSchema>;

/** Counts for the sandbox's display. */
export type CoordinatorTotals = { requestsSent: number; accepted: number; rejected: number; declined: number; failed: number };

/** Rows of `select state, count(*) as n from tasks group by state`. */
export const stateCountsSchema = z.array(z.object({ state: z.string(), n: whole })).transform((rows): CoordinatorTotals => {
  const of = (...states: string[]): number => rows.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + row.n, 0);
  return { requestsSent: rows.reduce((sum, row) => sum + row.n, 0), accepted: of('done'), rejected: of('rejected'), declined: of('declined'), failed: of('failed', 'given_up') };
});
