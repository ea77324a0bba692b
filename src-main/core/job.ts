/** One dispatched request as a value: the row that the job machine moves (architecture.md, "The main job"). */
import type { JobStage } from '../../src-shared/domain/job-stage.ts';
import type { Dispatch, ResultAck } from '../../src-shared/link/messages.ts';

/** What a dispatch asks for, fixed for the life of the job. */
export type JobOrder = {
  taskId: string;
  taskSmallId: bigint;
  stackSmallId: bigint;
  /** As sent; a class this node does not know was declined. */
  workloadClass: string;
  /** `<name>@<revision>` */
  model: string;
  /** What is locked on the stack. */
  maxComputeUnits: bigint;
  deadlineMs: number;
  stream: boolean;
  /** It came through the node's own ingress: no coordinator awaits, numbers or acknowledges it. */
  direct?: boolean | undefined;
};

/** The job's place in the machine. `code` is the decline or failure code. */
export type Job = JobOrder & {
  stage: JobStage;
  receivedMs: number;
  finishedMs: number | null;
  code: string | null;
  detail: string | null;
};

/** How long each part took; milliseconds, never below zero. */
export type JobTiming = { queuedMs: number; decryptMs: number; executeMs: number; totalMs: number };

/** The signing record: what the node's one signature of this task stands for (coordinator.md 3, text `result`). */
export type SigningRecord = {
  taskId: string;
  stackSmallId: bigint;
  /** Proof of execution over the returned bytes, hex. */
  poe: string;
  /** Entry of the stack's commitment, hex. */
  entry: string;
  computeUnits: bigint;
  inputUnits: bigint;
  outputUnits: bigint;
  fingerprint: string;
  timing: JobTiming;
};

/** The coordinator's receipt of a result, its signature checked. */
export type JobAck = {
  coordinatorId: string;
  status: ResultAck['status'];
  entryIndex: number | null;
  reason: string | null;
  sig: string;
};

/** A dispatch frame as the job's order. */
export const orderOf = (dispatch: Dispatch): JobOrder => ({
  taskId: dispatch.task_id,
  taskSmallId: BigInt(dispatch.task_small_id),
  stackSmallId: BigInt(dispatch.stack_small_id),
  workloadClass: dispatch.workload_class,
  model: dispatch.model,
  maxComputeUnits: BigInt(dispatch.max_compute_units),
  deadlineMs: dispatch.deadline_ts,
  stream: dispatch.stream,
});
