/** Job rows with their sealed envelopes and transitions (architecture.md, main-job steps 1 to 6). */
import { z } from 'zod';
import { isRunning, jobStageSchema, runningStages } from '../../src-shared/domain/job-stage.ts';
import type { Job } from '../core/job.ts';
import { retention } from '../core/retention.ts';
import { checkedFlag, checkedInteger, plainInteger, unsignedInteger } from './columns.ts';
import type { RowSource, Store } from './open.ts';

/** One step of a job, as kept. */
export type JobTransition = { from: string | null; to: string; event: string; atMs: number };

export type JobRows = {
  /** The job of a task, or null. */
  find(taskId: string): Job | null;
  /** Writes a new job; the envelope stays as ciphertext until the stack is claimed. Fails on a task_id that exists. */
  insert(job: Job, envelope: string | null): void;
  /** Writes the stage and what changes with it. */
  update(job: Job): void;
  appendTransition(taskId: string, transition: JobTransition): void;
  transitions(taskId: string): JobTransition[];
  /** The sealed envelope, or null after its release. */
  envelope(taskId: string): string | null;
  /** Jobs in a stage that takes a slot; after a restart these are the interrupted ones. */
  running(): Job[];
};

/** Where rows of `jobs` come from. */
export const jobSource: RowSource = { table: 'jobs', id: ['task_id'] };

/** A row of `jobs` without its envelope. */
export const jobRowSchema = z
  .object({
    task_id: z.string(),
    task_small_id: unsignedInteger,
    stack_small_id: unsignedInteger,
    workload_class: z.string(),
    model: z.string(),
    max_compute_units: unsignedInteger,
    deadline_ms: checkedInteger,
    stream: checkedFlag,
    direct: checkedFlag,
    stage: jobStageSchema,
    received_ms: checkedInteger,
    finished_ms: checkedInteger.nullable(),
    code: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .transform((row): Job => ({
    taskId: row.task_id,
    taskSmallId: row.task_small_id,
    stackSmallId: row.stack_small_id,
    workloadClass: row.workload_class,
    model: row.model,
    maxComputeUnits: row.max_compute_units,
    deadlineMs: Number(row.deadline_ms),
    stream: row.stream === 1n,
    ...(row.direct === 1n ? { direct: true } : {}),
    stage: row.stage,
    receivedMs: Number(row.received_ms),
    finishedMs: row.finished_ms === null ? null : Number(row.finished_ms),
    code: row.code,
    detail: row.detail,
  }));

const columns =
  'task_id, task_small_id, stack_small_id, workload_class, model, max_compute_units, deadline_ms, stream, direct, stage, received_ms, finished_ms, code, detail';
/** SQL list of the stages that take a slot. */
const runningList = runningStages.map((stage) => `'${stage}'`).join(', ');

/** Rows that still cost or promise something, written as in the partial index `jobs_open`, which SQLite uses only then. */
export const openList = `stage IN ('received', 'decrypting', 'executing', 'proving', 'proved')`;
/** The others, written as in the partial index `jobs_ended`. */
export const endedList = `stage IN ('accepted', 'duplicate', 'rejected', 'failed', 'declined')`;

const envelopeRow = z.object({ envelope: z.string().nullable() });
const transitionRow = z.object({ from_stage: z.string().nullable(), to_stage: z.string(), event: z.string(), at_ms: plainInteger });
const integer = (ms: number | null): bigint | null => (ms === null ? null : BigInt(ms));

/** Job rows of an open store. */
export function createJobRows(store: Store): JobRows {
  const { db } = store;
  return {
    find: (taskId) => store.readOne(jobSource, jobRowSchema, `SELECT ${columns} FROM jobs WHERE task_id = ?`, taskId),
    insert: (job, envelope) => {
      const kept = retention({ stage: job.stage, claimed: false }).envelope ? envelope : null;
      db.run(
        `INSERT INTO jobs (${columns}, envelope) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        job.taskId, job.taskSmallId, job.stackSmallId, job.workloadClass, job.model, job.maxComputeUnits, BigInt(job.deadlineMs), job.stream ? 1n : 0n, job.direct === true ? 1n : 0n,
        job.stage, BigInt(job.receivedMs), integer(job.finishedMs), job.code, job.detail, kept,
      );
      store.announce('jobs');
    },
    update: (job) => {
      db.run('UPDATE jobs SET stage = ?, finished_ms = ?, code = ?, detail = ? WHERE task_id = ?', job.stage, integer(job.finishedMs), job.code, job.detail, job.taskId);
      store.announce('jobs');
      if (!isRunning(job.stage)) store.announce('stacks');
    },
    appendTransition: (taskId, { from, to, event, atMs }) =>
      void db.run('INSERT INTO job_transitions (task_id, from_stage, to_stage, event, at_ms) VALUES (?, ?, ?, ?, ?)', taskId, from, to, event, BigInt(atMs)),
    transitions: (taskId) =>
      store
        .readAll({ table: 'job_transitions', id: ['id'] }, transitionRow, 'SELECT id, from_stage, to_stage, event, at_ms FROM job_transitions WHERE task_id = ? ORDER BY id', taskId)
        .map((row) => ({ from: row.from_stage, to: row.to_stage, event: row.event, atMs: row.at_ms })),
    envelope: (taskId) => store.readOne(jobSource, envelopeRow, 'SELECT task_id, envelope FROM jobs WHERE task_id = ?', taskId)?.envelope ?? null,
    running: () => store.readAll(jobSource, jobRowSchema, `SELECT ${columns} FROM jobs WHERE ${openList} AND stage IN (${runningList}) ORDER BY received_ms, task_id`),
  };
}

/** The stack was claimed: its envelopes go, proofs and receipts stay as history. Called where the claim is written, so that both are one commit. */
export function releaseEnvelopes(store: Store, stackSmallId: bigint): void {
  // Work that still runs or awaits its receipt keeps its envelope whatever the chain says.
  const done = store.db.run(
    `UPDATE jobs SET envelope = NULL, released_ms = ? WHERE stack_small_id = ? AND envelope IS NOT NULL AND stage NOT IN (${runningList}, 'proved')`,
    BigInt(store.now()), stackSmallId,
  );
  if (done.changes > 0n) store.announce('jobs');
}
