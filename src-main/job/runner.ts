/** Runs one accepted request through its stages, in order, to a recorded result or a recorded failure (architecture.md, "The main job"). */
import { noCrash } from '../core/crash-points.ts';
import type { Job, JobTiming } from '../core/job.ts';
import type { JobEvent } from '../core/job-machine.ts';
import { applyEvent } from './apply.ts';
import { openRequest } from './decrypt.ts';
import { execute } from './execute.ts';
import { prepareBytes, recordResult } from './record-result.ts';
import { reportFailure } from './report.ts';
import { sealAndProve } from './seal.ts';
import type { Slices } from './slices.ts';
import { StopReason, untilStopped } from './stop-reason.ts';
import type { Chunk, JobDeps, JobOptions, RunningJob } from './types.ts';

/** A request that takes a slot. */
export type Run = {
  /** It came through the node's own ingress. */
  direct: boolean;
  view(): RunningJob;
  /** Stops it; the failure is recorded at once. A recorded result stands. */
  stop(code: StopReason['code'] & ('cancelled' | 'deadline_passed' | 'internal')): void;
  /** Resolves when its result or failure is recorded, with the returned bytes of a recorded result; never rejects. */
  ended: Promise<Uint8Array | null>;
};

/** Longest delay a timer takes; a later deadline is armed again. */
const longestTimerMs = 2 ** 31 - 1;

/** Starts the run of a job in stage `decrypting` with its sealed envelope. */
export function startRun(job: Job, envelope: string, options: JobOptions, deps: RunDeps, onChunk: (chunk: Chunk) => void): Run {
  const control = new AbortController();
  const startedMs = deps.now();
  let tokens = 0;
  const stop: Run['stop'] = (code) => control.abort(new StopReason(code));
  const disarm = armDeadline(job, deps, () => stop('deadline_passed'));
  const onToken = (): void => void (tokens += 1);
  const ended = runStages(job, envelope, options, deps, { signal: control.signal, startedMs, onToken, onChunk })
    .catch((caught: unknown) => (fail(job, deps, caught), null))
    .finally(disarm);
  return { direct: job.direct === true, view: () => ({ taskId: job.taskId, stackSmallId: job.stackSmallId, model: job.model, startedMs, tokens }), stop, ended };
}

/** With the slots that all running requests share. */
export type RunDeps = JobDeps & { slices: Slices };

type Context = { signal: AbortSignal; startedMs: number; onToken(): void; onChunk(chunk: Chunk): void };

async function runStages(job: Job, envelope: string, { nodeId }: JobOptions, deps: RunDeps, { signal, startedMs, onToken, onChunk }: Context): Promise<Uint8Array> {
  const { store, keys, chain, now, log, crashPoint = noCrash } = deps;
  const advance = (event: JobEvent): void => void applyEvent(store, job.taskId, event, now());
  const since = (ms: number): number => Math.max(0, Math.round(now() - ms));

  crashPoint('decrypting');
  const samplingConsensus = chain.stack(job.stackSmallId)?.samplingConsensus ?? false;
  const request = await untilStopped(signal, openRequest(envelope, { taskId: job.taskId, workloadClass: job.workloadClass, samplingConsensus }, keys));
  const decryptMs = since(startedMs);

  advance({ kind: 'opened' });
  crashPoint('executing');
  const executingMs = now();
  const execution = await execute(job, request, { inference: deps.inference, wasm: deps.wasm ?? null, slices: deps.slices, samplingConsensus, here: chain.staysHere?.(job.taskSmallId) ?? false, signal, onToken, onChunk });
  const executeMs = since(executingMs);

  crashPoint('proving');
  const timing = (): JobTiming => ({ queuedMs: Math.max(0, startedMs - job.receivedMs), decryptMs, executeMs, totalMs: since(job.receivedMs) });
  const sealed = await untilStopped(signal, sealAndProve(job, request, execution, { nodeId, timing }));
  const bytes = await untilStopped(signal, prepareBytes(sealed, keys));
  crashPoint('sealed');
  // From here to the commit nothing waits: a cancel comes before the record or finds it made.
  signal.throwIfAborted();
  recordResult(deps, sealed, bytes, job.direct);
  log.info('job.proved', { taskId: job.taskId, stackSmallId: job.stackSmallId.toString(), computeUnits: sealed.record.computeUnits.toString() });
  crashPoint('recorded');
  return sealed.returned;
}

/** Records the failure; when even that fails, the row stays as it is and the next start ends it as interrupted. */
function fail(job: Job, deps: JobDeps, caught: unknown): void {
  try {
    // What is recorded stands, whatever went wrong after it.
    if (isRecorded(deps.store.rows.find(job.taskId)?.stage)) return deps.log.error('job.after_record', { taskId: job.taskId });
    reportFailure(deps, job.taskId, caught);
    (deps.crashPoint ?? noCrash)('failure_recorded');
  } catch (unrecorded) {
    deps.log.error('job.unrecorded', { taskId: job.taskId, error: unrecorded instanceof Error ? unrecorded.name : 'unknown' });
  }
}

/** A result stands; that of a direct request has its receipt at once. */
const isRecorded = (stage: Job['stage'] | undefined): boolean => stage === 'proved' || stage === 'accepted';

/** Calls `expire` at the job's deadline by this node's clock. Returns the way to call it off. */
function armDeadline({ deadlineMs }: Job, { now, schedule }: JobDeps, expire: () => void): () => void {
  let disarm: () => void = () => undefined;
  const arm = (): void => {
    const leftMs = deadlineMs - now();
    disarm = schedule(Math.min(Math.max(leftMs, 0), longestTimerMs), () => (deadlineMs <= now() ? expire() : arm()));
  };
  arm();
  return () => disarm();
}
