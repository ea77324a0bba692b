/** Sends queued requests to nodes and follows each dispatch to its answer, every step durable before it is told (coordinator.md 3, "Dispatch rules"). */
import { linkLimits, type DeclineCode, type FailureCode, type RejectReason } from '../../../src-shared/link/codes.ts';
import { sealForNode } from '../../../src-shared/link/envelope.ts';
import type { NodeMessage, ResultMessage } from '../../../src-shared/link/messages.ts';
import { proofOfExecution, stackEntry } from '../../../src-shared/link/proof.ts';
import { signedTexts } from '../../../src-shared/link/signed-texts.ts';
import { workloadClassOfRole } from '../../../src-shared/link/work.ts';
import type { Logger } from '../../log/logger.ts';
import type { Schedule } from '../schedule.ts';
import { afterAttempt, type AttemptEnd } from './after-attempt.ts';
import type { RequestRow, TaskRow } from './coordinator-rows.ts';
import type { CoordinatorStore } from './coordinator-store.ts';
import { judgeResult, type ResultFacts, type ResultVerdict } from './judge-result.ts';
import { modelOn, type LiveNode } from './live-node.ts';
import { openBody } from './sealed-body.ts';
import { isSignedBy } from './signatures.ts';

/** How a request ended, for its buyer. `resultBytes` are as the node returned them (sealed when there was a reply_to). */
export type RequestOutcome =
  | { readonly kind: 'accepted'; readonly requestId: string; readonly taskId: string; readonly stackSmallId: bigint; readonly computeUnits: number; readonly resultBytes: Uint8Array }
  | { readonly kind: 'rejected'; readonly requestId: string; readonly taskId: string; readonly stackSmallId: bigint; readonly reason: RejectReason }
  | { readonly kind: 'dropped'; readonly requestId: string; readonly stackSmallId: bigint; readonly code: string };

type Deps = {
  readonly store: CoordinatorStore;
  readonly coordinatorId: string;
  readonly bodyKey: Uint8Array;
  readonly abandonAfterMs: number;
  sign(text: string): Promise<string>;
  newTaskId(): string;
  liveNodes(): readonly LiveNode[];
  onOutcome(outcome: RequestOutcome): void;
  onChange(): void;
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly log: Logger;
};

/** A little after the grace period, so that a result at its very edge is judged first. */
const expiryMarginMs = 1_000;

/** Creates the dispatcher; `resume` takes up what a stop left open. */
export function createDispatcher(deps: Deps) {
  const { store, now, log } = deps;
  const timers = new Map<string, () => void>();
  /** Next chunk per task; a run outlives its link, so the count is the task's, not the session's. */
  const nextChunk = new Map<string, number>();
  let stopped = false;

  const arm = (key: string, atMs: number, work: () => void): void => {
    timers.get(key)?.();
    timers.set(key, deps.schedule(atMs - now(), () => {
      timers.delete(key);
      if (!stopped) work();
    }));
  };
  const disarm = (taskId: string): void => {
    for (const key of [`answer ${taskId}`, `expiry ${taskId}`, `abandon ${taskId}`]) {
      timers.get(key)?.();
      timers.delete(key);
    }
    nextChunk.delete(taskId);
  };

  /** An attempt ended without a result: again under a new task_id, or back to the buyer. */
  const endAttempt = (task: TaskRow, end: AttemptEnd): void => {
    if (!store.endTask(task.taskId, end.kind, end.code)) return;
    disarm(task.taskId);
    const request = store.request(task.requestId);
    log.info('coordinator.attempt_ended', { taskId: task.taskId, end: end.kind, code: end.code });
    if (request === null || request.state !== 'running') return deps.onChange();
    const next = afterAttempt(end, request.attempts);
    const stackOpen = store.stack(task.stackSmallId)?.closed === null;
    if (next.kind === 'retry' && stackOpen) store.requeue(request.requestId, now() + next.delayMs);
    else {
      if (next.kind === 'drop' && next.closeStack) store.closeStack(task.stackSmallId, end.code);
      drop(request, end.code);
    }
    deps.onChange();
    pump();
  };
  const drop = (request: RequestRow, code: string): void => {
    store.finishRequest(request.requestId);
    deps.onOutcome({ kind: 'dropped', requestId: request.requestId, stackSmallId: request.stackSmallId, code });
  };

  const giveUp = (task: TaskRow, code: 'no_answer' | 'abandoned'): void => {
    const current = store.task(task.taskId, task.nodeId);
    if (current === null || !current.open || (code === 'no_answer' && current.state !== 'sent')) return;
    const node = deps.liveNodes().find((live) => live.nodeId === task.nodeId);
    endAttempt(current, { kind: 'given_up', code });
    node?.send({ type: 'cancel', task_id: task.taskId as never, reason: code });
  };
  /** The deadline has passed: the buyer waits no longer, the node's answer is still awaited (and will be `late`). */
  const expire = (task: TaskRow): void => {
    const request = store.request(task.requestId);
    if (request?.state === 'running' && store.task(task.taskId, task.nodeId)?.open) drop(request, 'deadline_passed');
    deps.onChange();
  };
  const watch = (task: TaskRow): void => {
    if (task.state === 'sent') arm(`answer ${task.taskId}`, task.sentMs + linkLimits.answerTimeoutMs, () => giveUp(task, 'no_answer'));
    arm(`expiry ${task.taskId}`, task.deadlineMs + linkLimits.lateGraceMs + expiryMarginMs, () => expire(task));
    arm(`abandon ${task.taskId}`, task.deadlineMs + deps.abandonAfterMs, () => giveUp(task, 'abandoned'));
  };

  const hasRoom = (node: LiveNode): boolean => {
    const { heartbeat } = node;
    if (node.held !== 'no' || heartbeat === null || heartbeat.state === 'UNSTAKING') return false;
    // Nothing runs and yet no slot is free: paused.
    if (heartbeat.free_slots === 0 && heartbeat.running === 0) return false;
    return store.awaiting(node.nodeId).length < node.manifest.max_parallel_subtasks;
  };
  const send = async (node: LiveNode, request: RequestRow): Promise<void> => {
    const stack = store.stack(request.stackSmallId);
    // "model is … \"\" for wasm.run": it brings its own module.
    const model = stack === null ? null : request.workloadClass === 'wasm.run' ? '' : modelOn(node, stack.modelName);
    if (stack === null || stack.closed !== null || model === null || request.sealedBody === null) {
      if (stack !== null && model === null) store.closeStack(request.stackSmallId, 'model_unavailable');
      return drop(request, stack?.closed ?? 'model_unavailable');
    }
    if (request.workloadClass !== null && !node.manifest.workload_classes.includes(request.workloadClass)) return drop(request, 'unsupported_workload');
    const taskId = deps.newTaskId();
    const payload = { v: 1 as const, body: openBody(deps.bodyKey, request.sealedBody), ...(request.replyTo === null ? {} : { reply_to: request.replyTo }) };
    const envelope = await sealForNode(payload, { publicKeyPem: node.manifest.pubkey_rsa, nodeId: node.nodeId, taskId });
    if (stopped || !deps.liveNodes().includes(node)) return;
    const sentMs = now();
    const { stackSmallId, maxComputeUnits } = request;
    const task = { taskId, requestId: request.requestId, nodeId: node.nodeId, stackSmallId, sessionId: node.sessionId, model, maxComputeUnits, sentMs, deadlineMs: sentMs + request.windowMs };
    store.startTask(task);
    watch({ ...task, open: true, state: 'sent', rejectReason: null, entryIndex: null, entry: null, fingerprint: null });
    node.send({
      type: 'dispatch',
      task_id: taskId as never,
      task_small_id: Number(stack.taskSmallId),
      stack_small_id: Number(stackSmallId),
      workload_class: request.workloadClass ?? workloadClassOfRole[stack.role] ?? 'ai.inference',
      model: model as never,
      max_compute_units: maxComputeUnits,
      deadline_ts: task.deadlineMs,
      stream: request.stream,
      envelope,
    });
    log.debug('coordinator.dispatched', { taskId, stackSmallId });
  };

  let pumping = false;
  let pumpAgain = false;
  const pumpOnce = async (): Promise<void> => {
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const request of store.queued()) {
      const stack = store.stack(request.stackSmallId);
      const node = stack === null ? undefined : deps.liveNodes().find((live) => live.nodeSmallIds.includes(stack.nodeSmallId));
      if (stopped) return;
      if (node === undefined || !hasRoom(node)) continue;
      if (request.notBeforeMs > now()) soonestMs = Math.min(soonestMs, request.notBeforeMs);
      else await send(node, request);
    }
    if (soonestMs !== Number.POSITIVE_INFINITY) arm('pump', soonestMs, pump);
  };
  /** Sends what can be sent; a call while it runs makes it run once more. */
  const pump = (): void => {
    if (stopped) return;
    if (pumping) return void (pumpAgain = true);
    pumping = true;
    pumpOnce()
      .catch((error: unknown) => log.error('coordinator.dispatch_failed', { error }))
      .finally(() => {
        pumping = false;
        if (pumpAgain) {
          pumpAgain = false;
          pump();
        } else if (!stopped) deps.onChange();
      });
  };

  const stateOf = (task: TaskRow): NonNullable<ResultFacts['task']>['state'] => {
    if (task.open) return { kind: 'open' };
    if (task.entryIndex !== null) return { kind: 'accepted', entryIndex: task.entryIndex };
    return task.rejectReason !== null ? { kind: 'rejected', reason: task.rejectReason } : { kind: 'over' };
  };
  /** The entry can be recomputed where the coordinator knows the body and sees the answer in clear: no reply_to. */
  const entryHolds = (task: TaskRow, resultBytes: Uint8Array, entry: string): boolean | null => {
    const request = store.request(task.requestId);
    if (request === null || request.replyTo !== null || request.sealedBody === null) return null;
    return Buffer.from(stackEntry(openBody(deps.bodyKey, request.sealedBody), resultBytes)).toString('hex') === entry;
  };
  const judge = (node: LiveNode, frame: ResultMessage, resultBytes: Uint8Array, signatureHolds: boolean, receivedMs: number): { task: TaskRow | null; verdict: ResultVerdict } => {
    const task = store.task(frame.task_id, node.nodeId);
    const verdict = judgeResult({
      task: task === null ? null : { stackSmallId: task.stackSmallId, state: stateOf(task), maxComputeUnits: task.maxComputeUnits, deadlineMs: task.deadlineMs },
      stackSmallId: BigInt(frame.stack_small_id),
      signatureHolds,
      proofHolds: proofOfExecution(frame.task_id, resultBytes, node.nodeId) === frame.poe,
      entryHolds: task?.open ? entryHolds(task, resultBytes, frame.entry) : null,
      computeUnits: frame.compute_units,
      usage: frame.usage,
      receivedMs,
    });
    return { task, verdict };
  };
  /** Makes the verdict durable; gives the entry_index to answer with. */
  const commit = (task: TaskRow | null, verdict: ResultVerdict, frame: ResultMessage, resultBytes: Uint8Array): number | null => {
    if (verdict.kind === 'duplicate') return verdict.entryIndex;
    if (task === null || (verdict.kind === 'reject' && !verdict.known)) return null;
    const { requestId, taskId, stackSmallId } = task;
    disarm(taskId);
    if (verdict.kind === 'accept') {
      const entryIndex = store.accept(task, frame);
      deps.onOutcome({ kind: 'accepted', requestId, taskId, stackSmallId, computeUnits: frame.compute_units, resultBytes });
      return entryIndex;
    }
    store.reject(task, verdict.reason);
    log.warn('coordinator.result_rejected', { taskId, reason: verdict.reason });
    deps.onOutcome({ kind: 'rejected', requestId, taskId, stackSmallId, reason: verdict.reason });
    return null;
  };

  return {
    pump,
    /** Takes up the open tasks of an earlier run: what was never answered is given up by the same timers. */
    resume: (): void => store.openTasks().forEach(watch),
    stop: (): void => {
      stopped = true;
      timers.forEach((cancel) => cancel());
      timers.clear();
    },
    accepted: (node: LiveNode, taskId: string): void => {
      const task = store.task(taskId, node.nodeId);
      if (task?.state !== 'sent') return;
      store.markAccepted(taskId);
      timers.get(`answer ${taskId}`)?.();
      timers.delete(`answer ${taskId}`);
    },
    declined: (node: LiveNode, taskId: string, code: DeclineCode): void => {
      const task = store.task(taskId, node.nodeId);
      if (!task?.open) return;
      if (code === 'paused' && node.held === 'no') node.held = 'until_free';
      endAttempt(task, { kind: 'declined', code });
    },
    failed: (node: LiveNode, taskId: string, code: FailureCode): void => {
      const task = store.task(taskId, node.nodeId);
      if (task?.open) endAttempt(task, { kind: 'failed', code });
      // "failure_ack: also for a task it does not await"
      node.send({ type: 'failure_ack', task_id: taskId as never });
    },
    /** Null, or the fault: a chunk that was not asked for or is out of order. Chunks of tasks that are over are ignored. */
    chunk: (node: LiveNode, frame: Extract<NodeMessage, { type: 'chunk' }>): string | null => {
      const task = store.task(frame.task_id, node.nodeId);
      if (!task?.open) return null;
      if (!store.request(task.requestId)?.stream) return 'chunk of a task that was not to be streamed';
      const expected = nextChunk.get(frame.task_id) ?? 0;
      // Chunks lost with a link are not sent again and their seq goes on: a gap is allowed in a later session only.
      const fits = task.sessionId === node.sessionId ? frame.seq === expected : frame.seq >= expected;
      if (!fits) return `chunk seq ${frame.seq}, expected ${expected}`;
      nextChunk.set(frame.task_id, frame.seq + 1);
      return null;
    },
    result: async (node: LiveNode, frame: ResultMessage): Promise<void> => {
      const receivedMs = now();
      const { task_id: taskId, stack_small_id: stackSmallId, compute_units: computeUnits, poe, entry } = frame;
      const resultBytes = Buffer.from(frame.result, 'base64');
      const text = signedTexts.result({ nodeId: node.nodeId, taskId, stackSmallId, computeUnits, poe, entry });
      const signatureHolds = await isSignedBy(node.manifest.liveness_address, text, frame.sig);
      const { task, verdict } = judge(node, frame, resultBytes, signatureHolds, receivedMs);
      const entryIndex = commit(task, verdict, frame, resultBytes);
      const status = verdict.kind === 'accept' ? 'accepted' : verdict.kind === 'duplicate' ? 'duplicate' : 'rejected';
      const sig = await deps.sign(signedTexts.ack({ coordinatorId: deps.coordinatorId, nodeId: node.nodeId, taskId, status, entryIndex }));
      const detail = verdict.kind === 'reject' ? { reason: verdict.reason } : { entry_index: entryIndex as number };
      node.send({ type: 'result_ack', task_id: taskId, status, ...detail, sig });
      deps.onChange();
      pump();
    },
    /** Asks the node to stop a task; it answers with failure/cancelled. */
    cancel: (taskId: string, reason: string): void => {
      const task = store.openTasks().find((open) => open.taskId === taskId);
      const node = deps.liveNodes().find((live) => live.nodeId === task?.nodeId);
      node?.send({ type: 'cancel', task_id: taskId as never, reason });
    },
    /** No more is sent on this stack; queued requests go back to the buyer. */
    closeStack: (stackSmallId: bigint, reason: string): void => {
      if (!store.closeStack(stackSmallId, reason)) return;
      for (const request of store.queued()) if (request.stackSmallId === stackSmallId) drop(request, reason);
      deps.onChange();
    },
  };
}
