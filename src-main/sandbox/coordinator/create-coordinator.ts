/** The sandbox's coordinator: link v1 towards the nodes, an ingress for the buyers, its own database file (coordinator.md). */
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { monotonicFactory } from 'ulid';
import { linkLimits, type WorkloadClass } from '../../../src-shared/link/codes.ts';
import { replyToSchema, type ReplyTo } from '../../../src-shared/link/envelope.ts';
import { workloadClassOfRole } from '../../../src-shared/link/work.ts';
import type { Logger } from '../../log/logger.ts';
import type { Schedule } from '../schedule.ts';
import type { ChainReads, Offer } from './chain-reads.ts';
import type { CoordinatorTotals } from './coordinator-rows.ts';
import { openCoordinatorStore } from './coordinator-store.ts';
import { createDispatcher, type RequestOutcome } from './dispatcher.ts';
import { answerHistory } from './history.ts';
import { judgeStanding } from './judge-hello.ts';
import { openLinkServer } from './link-server.ts';
import { openLinkSession, type SessionHost } from './link-session.ts';
import { modelOn, type LiveNode } from './live-node.ts';
import { sealBody } from './sealed-body.ts';

/** How the coordinator is set up; all but the file may be left out. */
export type CoordinatorOptions = {
  readonly dataFile: string;
  /** Port; 0 or left out = any free one. */
  readonly port?: number;
  readonly heartbeatIntervalMs?: number;
  readonly missedHeartbeatsAllowed?: number;
  /** Oldest client_version that is let in. */
  readonly oldestVersion?: string;
  /** An accepted task without an answer is given up this long after its deadline. */
  readonly abandonAfterMs?: number;
};

/** What the coordinator takes from its surroundings. `random` gives 32 fresh bytes. */
export type CoordinatorDeps = {
  readonly chain: ChainReads;
  readonly now: () => number;
  readonly random: () => Uint8Array;
  readonly schedule: Schedule;
  readonly log: Logger;
};

/** A buyer's request: the body exactly as it is to reach the node. */
export type Submission = {
  readonly stackSmallId: bigint;
  readonly body: string;
  readonly replyTo: ReplyTo | null;
  readonly maxComputeUnits: number;
  /** Time from dispatch to deadline. */
  readonly windowMs: number;
  readonly stream: boolean;
  /** A function brings its own module and runs on a stack of any task; left out, the request is one of the task's role. */
  readonly workloadClass?: 'wasm.run';
};

/** Why a submission is not taken. */
export type SubmissionRefusal = 'unknown_stack' | 'stack_closed' | 'over_stack' | 'reply_to_not_allowed';

/** A stack this coordinator now dispatches on. */
export type OpenedStack = { readonly taskSmallId: bigint; readonly nodeSmallId: bigint; readonly modelName: string; /** Of the task. */ readonly role: number };

/** What a stack has been used for. */
export type StackUse = { readonly numComputeUnits: bigint; readonly acceptedUnits: bigint; readonly lockedUnits: bigint; readonly closed: string | null; /** Of the stack's task. */ readonly role: number };

/** A subscription of a connected, ready node to a task of a role that is dispatched, whose model it has on disk. */
export type MarketOffer = Offer & { readonly taskSmallId: bigint; readonly modelName: string; readonly role: number; readonly samplingConsensus: boolean };

const defaultAbandonMs = 600_000;
const resumeRetryMs = 1_000;
const unitsLeft = (use: StackUse): bigint => use.numComputeUnits - use.acceptedUnits - use.lockedUnits;

/** A running coordinator. */
export type Coordinator = Awaited<ReturnType<typeof createCoordinator>>;

/** Opens the database and the door. Sessions cut off by a stop are closed; open dispatches stay awaited. */
export async function createCoordinator(options: CoordinatorOptions, deps: CoordinatorDeps) {
  const { chain, now, random, schedule, log } = deps;
  const store = openCoordinatorStore(options.dataFile, now);
  const key = Secp256k1Keypair.fromSecretKey(store.secret('coordinator_key', random));
  const bodyKey = store.secret('body_key', random);
  const coordinatorId = key.toSuiAddress();
  // ulid draws digit by digit; two bytes give each draw more than the 32 values it needs.
  const ulid = monotonicFactory(() => Buffer.from(random()).readUInt16BE(0) / 65_536);
  const live = new Map<string, LiveNode>();
  const changeListeners = new Set<() => void>();
  const outcomeListeners = new Set<(outcome: RequestOutcome) => void>();
  const changed = (): void => changeListeners.forEach((listener) => listener());
  const sign = async (text: string): Promise<string> => (await key.signPersonalMessage(new TextEncoder().encode(text))).signature;

  const dispatcher = createDispatcher({
    store, coordinatorId, bodyKey, sign, now, schedule, log,
    abandonAfterMs: options.abandonAfterMs ?? defaultAbandonMs,
    newTaskId: () => ulid(now()),
    liveNodes: () => [...live.values()],
    onOutcome: (outcome) => outcomeListeners.forEach((listener) => listener(outcome)),
    onChange: changed,
  });

  const host: SessionHost = {
    coordinatorId,
    oldestVersion: options.oldestVersion ?? '0.1.0',
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? linkLimits.defaultHeartbeatMs,
    missedHeartbeatsAllowed: options.missedHeartbeatsAllowed ?? 2,
    sign,
    newSessionId: () => `s-${ulid(now())}`,
    standing: (wallet) => chain.standing(wallet),
    boundNode: (wallet) => store.boundNode(wallet),
    isActive: (nodeId) => live.has(nodeId) || store.awaiting(nodeId).length > 0,
    olderAnswers: async (nodeId, timeoutMs) => {
      const older = live.get(nodeId);
      if (older === undefined) return false;
      if (await older.answersPing(timeoutMs)) return true;
      older.cut();
      return false;
    },
    join: (node) => {
      live.get(node.nodeId)?.cut();
      store.openSession({ sessionId: node.sessionId, nodeId: node.nodeId, wallet: node.wallet, manifest: node.manifest });
      live.set(node.nodeId, node);
      log.info('coordinator.node_joined', { nodeId: node.nodeId, sessionId: node.sessionId });
      return store.awaiting(node.nodeId).map((task) => task.taskId);
    },
    leave: (node, endedBy) => {
      if (live.get(node.nodeId) === node) live.delete(node.nodeId);
      store.closeSession(node.sessionId, endedBy);
      log.info('coordinator.node_left', { nodeId: node.nodeId, endedBy });
      changed();
    },
    onHeartbeat: (node) => {
      const { seq, state, free_slots: freeSlots } = node.heartbeat ?? { seq: 0, state: 'IDLE', free_slots: 0 };
      store.heartbeat(node.sessionId, seq, state);
      if (node.held === 'until_free' && freeSlots > 0) node.held = 'no';
      changed();
      dispatcher.pump();
    },
    onAccepted: (node, frame) => dispatcher.accepted(node, frame.task_id),
    onDeclined: (node, frame) => dispatcher.declined(node, frame.task_id, frame.code),
    onChunk: (node, frame) => dispatcher.chunk(node, frame),
    onResult: (node, frame) => dispatcher.result(node, frame),
    onFailure: (node, frame) => dispatcher.failed(node, frame.task_id, frame.code),
    // "until the session ends: new dispatches are declined `paused`, running work finishes"
    onDrain: (node) => {
      node.held = 'draining';
      changed();
    },
    onHistoryRequest: async (node, frame) => {
      const request = { stackSmallId: frame.stack_small_id, after: frame.after };
      node.send(await answerHistory(request, node, { store, bodyKey, ticket: (id) => chain.ticket(id) }));
    },
  };
  const door = await openLinkServer({ port: options.port ?? 0 }, (socket) => openLinkSession(socket, { host, schedule, now, random, log }));

  const stackUse = (stackSmallId: bigint): StackUse | null => {
    const stack = store.stack(stackSmallId);
    return stack === null ? null : { numComputeUnits: stack.numComputeUnits, acceptedUnits: stack.acceptedUnits, lockedUnits: store.lockedUnits(stackSmallId), closed: stack.closed, role: stack.role };
  };
  /** A node disabled on chain during a session gets bye with that refused code. */
  const recheckNode = async (node: LiveNode): Promise<void> => {
    const standing = await chain.standing(node.wallet);
    const refusal = judgeStanding(standing);
    if (refusal !== null) node.bye(refusal.code, refusal.message);
    else if (standing.kind === 'enabled') node.nodeSmallIds = standing.nodeSmallIds;
  };

  /** "keeps it, sealed at rest, until the stack's windows are over": it was claimed, or nobody may attest any more (coordinator.md 4). */
  const forgetExpired = async (): Promise<void> => {
    const kept = store.stacksKept();
    if (kept.length === 0) return;
    const epoch = await chain.epoch();
    for (const id of kept) {
      const ticket = await chain.ticket(id);
      const over = ticket === null ? (await chain.stack(id)) === null : epoch > ticket.disputeSettledAtEpoch;
      if (over && !stopped) store.forgetBodies(id);
    }
  };

  let stopped = false;
  /** Notices of a time this coordinator did not run are lost; the chain itself is not. Tried again while it does not answer. */
  const closeSettled = async (): Promise<void> => {
    try {
      for (const stack of store.openStacks()) {
        const gone = (await chain.stack(stack.stackSmallId)) === null;
        if (gone || (await chain.ticket(stack.stackSmallId)) !== null) dispatcher.closeStack(stack.stackSmallId, 'stack_settling');
      }
    } catch (error) {
      if (stopped) return;
      log.warn('coordinator.resume_failed', { error });
      schedule(resumeRetryMs, () => void closeSettled());
    }
  };

  return {
    url: door.url,
    coordinatorId,
    /** Takes up what an earlier run left: watches open dispatches again, and closes stacks that were settled meanwhile. */
    resume: async (): Promise<void> => {
      dispatcher.resume();
      await closeSettled();
      await forgetExpired().catch((error: unknown) => log.warn('coordinator.expiry_failed', { error }));
      dispatcher.pump();
    },
    stop: async (): Promise<void> => {
      stopped = true;
      dispatcher.stop();
      for (const node of live.values()) node.bye('going_away');
      await door.stop();
      store.close();
    },
    onChange: (listener: () => void): (() => void) => {
      changeListeners.add(listener);
      return () => void changeListeners.delete(listener);
    },
    onOutcome: (listener: (outcome: RequestOutcome) => void): (() => void) => {
      outcomeListeners.add(listener);
      return () => void outcomeListeners.delete(listener);
    },
    totals: (): CoordinatorTotals => store.totals(),
    setDropped: (dropped: boolean): void => {
      door.setDropped(dropped);
      changed();
    },
    /** Connected nodes with what they said last. */
    nodes: () => [...live.values()].map((node) => ({ nodeId: node.nodeId, livenessAddress: node.manifest.liveness_address, sessionId: node.sessionId, nodeSmallIds: node.nodeSmallIds, models: node.manifest.models, heartbeat: node.heartbeat, held: node.held })),
    /** Requests that this node could take at once; null while it is not connected. */
    room: (nodeSmallId: bigint): number | null => {
      const node = [...live.values()].find((candidate) => candidate.nodeSmallIds.includes(nodeSmallId));
      if (node === undefined) return null;
      if (node.held !== 'no' || node.heartbeat === null) return 0;
      const queued = store.queued().filter((request) => store.stack(request.stackSmallId)?.nodeSmallId === nodeSmallId).length;
      return Math.max(0, node.manifest.max_parallel_subtasks - store.awaiting(node.nodeId).length - queued);
    },
    /** Whether this node is connected and its manifest names the class. */
    serves: (nodeSmallId: bigint, workloadClass: WorkloadClass): boolean =>
      [...live.values()].some((node) => node.nodeSmallIds.includes(nodeSmallId) && node.manifest.workload_classes.includes(workloadClass)),
    /** Offers of connected nodes that are ready to work, read from the chain now. */
    market: async (): Promise<MarketOffer[]> => {
      const ready = [...live.values()].filter((node) => node.held === 'no' && (node.heartbeat?.state === 'READY' || node.heartbeat?.state === 'EXECUTING'));
      if (ready.length === 0) return [];
      const offers: MarketOffer[] = [];
      const last = await chain.taskCount();
      for (let taskSmallId = 1n; taskSmallId <= last; taskSmallId += 1n) {
        const task = await chain.task(taskSmallId);
        if (task === null || workloadClassOfRole[task.role] === undefined || task.modelName === null) continue;
        const { modelName, role, samplingConsensus } = task;
        const serving = ready.filter((node) => modelOn(node, modelName) !== null).flatMap((node) => node.nodeSmallIds);
        for (const offer of await chain.offers(taskSmallId)) if (serving.includes(offer.nodeSmallId)) offers.push({ ...offer, taskSmallId, modelName, role, samplingConsensus });
      }
      return offers;
    },
    /** Makes a stack known that was bought on chain; null when the chain has no such stack with a model. */
    openStack: async (stackSmallId: bigint): Promise<OpenedStack | null> => {
      const stack = await chain.stack(stackSmallId);
      const task = stack === null ? null : await chain.task(stack.taskSmallId);
      if (stack === null || task === null || task.modelName === null) return null;
      const { taskSmallId, owner, numComputeUnits, selectedNodeId: nodeSmallId } = stack;
      const { modelName, role, samplingConsensus } = task;
      store.putStack({ stackSmallId, taskSmallId, nodeSmallId, owner, numComputeUnits, modelName, role, samplingConsensus });
      if ((await chain.ticket(stackSmallId)) !== null) dispatcher.closeStack(stackSmallId, 'stack_settling');
      return { taskSmallId, nodeSmallId, modelName, role };
    },
    stackUse,
    /** Takes a request: durable when this returns its id; dispatched as soon as its node has room. */
    submit: (submission: Submission): { requestId: string } | { refused: SubmissionRefusal } => {
      const { stackSmallId, body, replyTo, maxComputeUnits, windowMs, stream, workloadClass = null } = submission;
      const stack = store.stack(stackSmallId);
      const use = stackUse(stackSmallId);
      if (stack === null || use === null) return { refused: 'unknown_stack' };
      if (use.closed !== null) return { refused: 'stack_closed' };
      // "reply_to is not allowed there": an attestor must be able to see what was answered (coordinator.md 4).
      if (stack.samplingConsensus && replyTo !== null) return { refused: 'reply_to_not_allowed' };
      if (BigInt(maxComputeUnits) > unitsLeft(use)) return { refused: 'over_stack' };
      const requestId = ulid(now());
      store.addRequest({ requestId, stackSmallId, sealedBody: sealBody(bodyKey, body, random), replyTo: replyTo === null ? null : replyToSchema.parse(replyTo), maxComputeUnits, windowMs, stream, workloadClass });
      dispatcher.pump();
      return { requestId };
    },
    cancel: (taskId: string, reason: string): void => dispatcher.cancel(taskId, reason),
    closeStack: (stackSmallId: bigint, reason: string): void => dispatcher.closeStack(stackSmallId, reason),
    /** The stack was claimed: what was kept for attestors goes. */
    stackClaimed: (stackSmallId: bigint): void => {
      dispatcher.closeStack(stackSmallId, 'claimed');
      store.forgetBodies(stackSmallId);
    },
    /** An epoch began: what was kept for attestors goes where its windows are over. A failing read is made up for at the next epoch. */
    epochChanged: (): Promise<void> => forgetExpired().catch((error: unknown) => log.warn('coordinator.expiry_failed', { error })),
    /** Reads the standing of every connected node again; a failing read leaves the sessions as they are. */
    recheckNodes: async (): Promise<void> => {
      await Promise.all([...live.values()].map((node) => recheckNode(node).catch((error: unknown) => log.warn('coordinator.recheck_failed', { error }))));
    },
  };
}
