/** The job pipeline's one object: answers dispatches, keeps runs, takes acknowledgements, mends after restarts (architecture.md, main-job steps 1 to 6). */
import { AppError } from '../../src-shared/errors.ts';
import { isRunning } from '../../src-shared/domain/job-stage.ts';
import { declineCodeSchema, failureCodeSchema } from '../../src-shared/link/codes.ts';
import type { Dispatch, ResultAck } from '../../src-shared/link/messages.ts';
import { admit, type Admission } from '../core/admit.ts';
import { noCrash } from '../core/crash-points.ts';
import { orderOf, type Job, type JobOrder } from '../core/job.ts';
import { onAck } from '../core/on-ack.ts';
import { applyEvent, applyEvents } from './apply.ts';
import { reportFailure } from './report.ts';
import { startRun, type Run } from './runner.ts';
import { createSlices } from './slices.ts';
import { StopReason } from './stop-reason.ts';
import type { Chunk, DirectAnswer, DirectRequest, DispatchAnswer, JobDeps, JobListener, JobOptions, Jobs, JobStack } from './types.ts';

/** The answer is due within 2 s: one more read of the chain gets most of it. */
const refreshTimeoutMs = 1_500;

/** Creates the pipeline; nothing runs before `recover` and the first dispatch. */
export function createJobs(options: JobOptions, deps: JobDeps): Jobs {
  const { store, chain, now, log, crashPoint = noCrash } = deps;
  const slices = createSlices({ slots: () => deps.facts().maxParallel });
  const runs = new Map<string, Run>();
  const listeners = new Set<JobListener>();
  const idlers = new Set<() => void>();
  const tell = (call: (listener: JobListener) => void): void => listeners.forEach(call);

  const begin = (job: Job, envelope: string, onChunk: (chunk: Chunk) => void = (chunk) => tell((listener) => listener.chunk(chunk))): Run => {
    const run = startRun(job, envelope, options, { ...deps, slices }, onChunk);
    runs.set(job.taskId, run);
    tell((listener) => listener.changed());
    void run.ended.then(() => {
      runs.delete(job.taskId);
      tell((listener) => listener.outbox());
      tell((listener) => listener.changed());
      if (runs.size === 0) idlers.forEach((resolve) => resolve());
    });
    return run;
  };

  const decide = (order: JobOrder, envelope: string, draining: boolean, stack: JobStack | null): Admission => {
    const facts = deps.facts();
    return admit(order, envelope, {
      ...facts,
      models: stack?.samplingConsensus === true ? (facts.exactModels ?? facts.models) : facts.models,
      nodeId: options.nodeId,
      nowMs: now(),
      paused: facts.paused || draining,
      running: runs.size,
      subscribedTasks: chain.subscribedTasks(),
      stack,
      // One side numbers a stack's entries: for the other, all of its units are taken.
      stackUnitsTaken: usedByOther(order) ? (stack?.numComputeUnits ?? 0n) : store.work.unitsTaken(order.stackSmallId),
    });
  };
  const usedByOther = ({ stackSmallId, direct = false }: JobOrder): boolean => {
    const user = store.work.usedBy(stackSmallId);
    return user !== null && (user === 'ingress') !== direct;
  };

  /** True when the task was seen before; then the answer is the one it had. */
  const answeredBefore = (taskId: string, answer: (answer: DispatchAnswer) => void): boolean => {
    if (store.rows.find(taskId) === null) {
      // Awaited once and never received: it was reported as failed, and stays so.
      const reported = store.outbox.find(taskId);
      if (reported !== null) {
        putInternal(store, taskId);
        tell((listener) => listener.resend(taskId));
      }
      return reported !== null;
    }
    const { job, effects } = applyEvent(store, taskId, { kind: 'repeated' }, now());
    for (const { name } of effects) {
      if (name === 'answer_accepted') answer({ kind: 'accepted', taskId });
      else if (name === 'answer_declined') answer(declined(job));
      else tell((listener) => listener.resend(taskId));
    }
    return true;
  };

  const conclude = (order: JobOrder, envelope: string, admission: Admission, answer: (answer: DispatchAnswer) => void): void => {
    const { taskId } = order;
    if (admission.kind === 'decline') {
      const { job } = applyEvent(store, taskId, { kind: 'refused', order, code: admission.code, atMs: now() }, now());
      log.info('job.declined', { taskId, code: admission.code });
      answer(declined(job));
      return;
    }
    // There is no queue: what is taken is begun, and one commit says both.
    const { job } = applyEvents(store, taskId, [{ kind: 'admitted', order, atMs: now() }, { kind: 'started' }], now(), { envelope });
    crashPoint('received');
    answer({ kind: 'accepted', taskId });
    crashPoint('accepted');
    begin(job, envelope);
  };

  const dispatch = async (frame: Dispatch, { draining }: { draining: boolean }, answer: (answer: DispatchAnswer) => void): Promise<void> => {
    const order = orderOf(frame);
    if (answeredBefore(order.taskId, answer)) return;
    let admission = decide(order, frame.envelope, draining, chain.stack(order.stackSmallId));
    if (admission.kind === 'decline' && admission.code === 'unknown_stack') {
      // "Before `unknown_stack` the node reads the chain once more."
      const stack = await refreshed(order.stackSmallId, deps);
      if (answeredBefore(order.taskId, answer)) return; // a repeat overtook this one meanwhile
      admission = decide(order, frame.envelope, draining, stack);
    }
    conclude(order, frame.envelope, admission, answer);
  };

  const serve = async ({ order, envelope, onChunk }: DirectRequest): Promise<DirectAnswer> => {
    const direct: JobOrder = { ...order, direct: true };
    let admission = decide(direct, envelope, false, chain.stack(direct.stackSmallId));
    if (admission.kind === 'decline' && admission.code === 'unknown_stack') admission = decide(direct, envelope, false, await refreshed(direct.stackSmallId, deps));
    // Nobody asks for it again under this task_id: a decline leaves no row.
    if (admission.kind === 'decline') return { kind: 'declined', code: admission.code };
    const { taskId } = direct;
    const { job } = applyEvents(store, taskId, [{ kind: 'admitted', order: direct, atMs: now() }, { kind: 'started' }], now(), { envelope });
    const { ended } = begin(job, envelope, onChunk);
    return {
      kind: 'accepted',
      ended: ended.then((bytes) => {
        if (bytes !== null) return { kind: 'result', bytes };
        const failed = store.rows.find(taskId);
        return { kind: 'failed', code: failureCodeSchema.catch('internal').parse(failed?.code), detail: failed?.detail ?? null };
      }),
    };
  };

  const cancelUnawaited = (awaiting: readonly string[]): void => {
    const awaited = new Set(awaiting);
    for (const [taskId, run] of runs) if (!awaited.has(taskId) && !run.direct) run.stop('cancelled');
  };
  let awaitedAgain: string[] = [];
  const answerAwaited = (awaiting: readonly string[]): DispatchAnswer[] => {
    awaitedAgain = [];
    return awaiting.flatMap((taskId) => {
      const job = store.rows.find(taskId);
      if (job?.stage === 'declined') return [declined(job)];
      mend(taskId, job);
      return [];
    });
  };

  /** Sees to it that an awaited task that does not run has an answer in the outbox. */
  const mend = (taskId: string, job: Job | null): void => {
    if (runs.has(taskId)) return;
    if (job === null) putInternal(store, taskId);
    // Its end could not be recorded when it came: it is now.
    else if (isRunning(job.stage)) reportFailure(deps, taskId, new StopReason('internal'));
    else if (job.stage === 'failed' || job.stage === 'proved') applyEvent(store, taskId, { kind: 'repeated' }, now());
    // A receipt is held: the coordinator that gave it cannot await the task. Its bytes are gone.
    else {
      awaitedAgain.push(taskId);
      log.warn('job.awaited_after_receipt', { taskId, stage: job.stage });
    }
  };

  const acknowledge = (ack: ResultAck, coordinatorId: string): void => {
    const job = store.rows.find(ack.task_id);
    const entryIndex = ack.status === 'rejected' ? null : (ack.entry_index ?? null);
    const judgement = onAck(job, { status: ack.status, entryIndex }, job === null ? 0 : store.results.nextEntryIndex(job.stackSmallId));
    if (judgement.kind === 'violation') throw new AppError('link.protocol', { detail: `receipt of ${ack.task_id} ${judgement.detail}` });
    if (judgement.kind === 'repeat') return;
    crashPoint('ack_received');
    const reason = ack.status === 'rejected' ? (ack.reason ?? null) : null;
    applyEvent(store, ack.task_id, { kind: 'acknowledged', ack: { coordinatorId, status: ack.status, entryIndex, reason, sig: ack.sig }, atMs: now() }, now());
    crashPoint('acknowledged');
    if (ack.status === 'rejected') log.warn('job.rejected', { taskId: ack.task_id, reason });
    tell((listener) => listener.changed());
  };

  return {
    recover: () => {
      const interrupted = store.rows.running();
      for (const { taskId } of interrupted) reportFailure(deps, taskId, new StopReason('internal'));
      return interrupted.length;
    },
    dispatch,
    serve,
    cancel: (taskId) => runs.get(taskId)?.stop('cancelled'),
    cancelUnawaited,
    answerAwaited,
    awaitedAgain: () => awaitedAgain,
    acknowledge,
    failureAcknowledged: (taskId) => {
      if (store.rows.find(taskId)?.stage === 'failed') applyEvent(store, taskId, { kind: 'failure_acknowledged' }, now());
      else if (store.outbox.find(taskId)?.kind === 'failure') store.outbox.close(taskId);
      // Anything else: an acknowledgement of what was not reported changes nothing.
    },
    running: () => [...runs.values()].map((run) => run.view()),
    attach: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    idle: () => whenIdle(runs, idlers),
    stop: () => {
      for (const run of runs.values()) run.stop('internal');
      return whenIdle(runs, idlers);
    },
  };
}

const declined = (job: Job): DispatchAnswer => ({ kind: 'declined', taskId: job.taskId, code: declineCodeSchema.parse(job.code) });

/** "failure/internal if it has none": an answer for a task this node has no row of. */
const putInternal = (store: JobDeps['store'], taskId: string): void =>
  store.outbox.put({ taskId, kind: 'failure', code: 'internal', message: null, effectId: `${taskId}:send_failure` });

const whenIdle = (runs: ReadonlyMap<string, Run>, idlers: Set<() => void>): Promise<void> =>
  new Promise((resolve) => {
    if (runs.size === 0) return resolve();
    const done = (): void => {
      idlers.delete(done);
      resolve();
    };
    idlers.add(done);
  });

/** One read of the chain, given up when the answer is due; unreadable means unknown. */
function refreshed(stackSmallId: bigint, { chain, schedule, log }: JobDeps): Promise<JobStack | null> {
  return new Promise((resolve) => {
    const callOff = schedule(refreshTimeoutMs, () => resolve(null));
    chain
      .refreshStack(stackSmallId)
      .catch((caught: unknown) => {
        log.warn('job.stack_unread', { stackSmallId: stackSmallId.toString(), error: caught instanceof AppError ? caught.code : 'unknown' });
        return null;
      })
      .then(resolve)
      .finally(callOff);
  });
}
