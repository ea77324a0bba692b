/** What the job pipeline needs of its neighbours, and what it offers the link; structural, so that nothing is imported (architecture.md, "Who may import whom"). */
import type { DeclineCode, FailureCode } from '../../src-shared/link/codes.ts';
import type { Dispatch, ResultAck } from '../../src-shared/link/messages.ts';
import type { ChatPlan } from '../../src-shared/link/chat.ts';
import type { RoleRequest, RoleResult } from '../../src-shared/link/role-tasks.ts';
import type { WasmPlan } from '../../src-shared/link/wasm.ts';
import type { CrashHook } from '../core/crash-points.ts';
import type { Job, JobAck, JobOrder, SigningRecord } from '../core/job.ts';
import type { Logger } from '../log/logger.ts';

/** The table groups of the main job. */
export type JobStore = {
  /** `full` has survived a power cut when it returns; `ordered` survives the end of the process, and a power cut only with the next full one. */
  transaction<T>(work: () => T, durability: 'full' | 'ordered'): T;
  rows: {
    find(taskId: string): Job | null;
    insert(job: Job, envelope: string | null): void;
    update(job: Job): void;
    appendTransition(taskId: string, transition: { from: string | null; to: string; event: string; atMs: number }): void;
    running(): Job[];
  };
  results: {
    keepRecord(record: SigningRecord): 'new' | 'same';
    keepBytes(taskId: string, stored: { bytes: Uint8Array; sealedLocally: boolean }): void;
    dropBytes(taskId: string): void;
    keepAck(taskId: string, stackSmallId: bigint, ack: JobAck): void;
    nextEntryIndex(stackSmallId: bigint): number;
  };
  outbox: {
    put(item: { taskId: string; kind: 'result' | 'failure'; code: FailureCode | null; message: string | null; effectId: string }): void;
    find(taskId: string): { kind: 'result' | 'failure'; closed: boolean } | null;
    close(taskId: string): void;
  };
  work: {
    unitsTaken(stackSmallId: bigint): bigint;
    /** Who used the stack first, and so alone: one side numbers its entries. */
    usedBy(stackSmallId: bigint): 'coordinator' | 'ingress' | null;
  };
};

/** The node's keys, so far as a job needs them. */
export type JobKeys = {
  /** @throws AppError keys.decrypt_failed */
  openEnvelope(jwe: string, taskId: string): Promise<Uint8Array>;
  sealLocal(bytes: Uint8Array): Promise<Uint8Array>;
};

/** `here`: the request may not leave this machine, whoever else serves its model (protocol.md 7.7). */
export type RunOptions = { signal: AbortSignal; onText?: (delta: string) => void; here?: boolean };

/** What the engine runs and gives. */
export type JobInference = {
  run(
    /** `exact`: equal bytes are promised to others (sampling consensus). */
    request: ChatPlan & { model: string; maxComputeUnits: number; exact: boolean },
    options: RunOptions,
  ): Promise<{ content: string; finishReason: 'stop' | 'length'; promptTokens: number; completionTokens: number; fingerprint: string }>;
  /** Work of the other roles; absent where the engine does chat alone, and then `facts` offers nothing else. */
  perform?(request: RoleRequest, options: RunOptions): Promise<RoleResult>;
};

/** What runs WASM functions and gives their results. */
export type JobWasm = {
  run(
    request: WasmPlan & { taskId: string; taskSmallId: bigint; maxComputeUnits: bigint },
    options: { signal: AbortSignal },
  ): Promise<{ exitCode: number; stdout: string; stderr: string; trap: string | null; instructions: bigint; fingerprint: string }>;
};

/** A stack as the chain module knows it. */
export type JobStack = { taskSmallId: bigint; numComputeUnits: bigint; settling: boolean; mine: boolean; samplingConsensus: boolean };

export type JobChain = {
  stack(stackSmallId: bigint): JobStack | null;
  /** Reads the chain once more. */
  refreshStack(stackSmallId: bigint): Promise<JobStack | null>;
  subscribedTasks(): ReadonlySet<bigint>;
  /** Whether requests of the task may not leave this machine; left out, none is bound to it. */
  staysHere?(taskSmallId: bigint): boolean;
};

/** The node's own readiness, read at each dispatch. */
export type JobNodeFacts = {
  leaving: boolean;
  paused: boolean;
  maxParallel: number;
  workloadClasses: readonly string[];
  /** `<name>@<revision>` on disk and verified. */
  models: readonly string[];
  /** Those that may serve sampling consensus; all of them where it is not given. */
  exactModels?: readonly string[];
};

export type JobOptions = { nodeId: string };
export type JobDeps = {
  store: JobStore;
  keys: JobKeys;
  inference: JobInference;
  /** Absent where this machine runs none; then `facts` does not offer the class. */
  wasm?: JobWasm | null;
  chain: JobChain;
  facts(): JobNodeFacts;
  now(): number;
  /** Runs `work` once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, work: () => void): () => void;
  log: Logger;
  crashPoint?: CrashHook;
};

/** The immediate answer to a dispatch. */
export type DispatchAnswer = { kind: 'accepted'; taskId: string } | { kind: 'declined'; taskId: string; code: DeclineCode };
/** One streamed piece; `data` is what the frame carries, before base64. */
export type Chunk = { taskId: string; seq: number; data: Uint8Array };

/** A request that came to the node itself; `envelope` is its body, sealed to this node's own key on arrival. */
export type DirectRequest = { order: Omit<JobOrder, 'direct'>; envelope: string; onChunk(chunk: Chunk): void };

/** How a direct request went; `ended` never rejects. */
export type DirectAnswer =
  | { kind: 'declined'; code: DeclineCode }
  | { kind: 'accepted'; ended: Promise<{ kind: 'result'; bytes: Uint8Array } | { kind: 'failed'; code: FailureCode; detail: string | null }> };

/** What a running request shows. */
export type RunningJob = { taskId: string; stackSmallId: bigint; model: string; startedMs: number; tokens: number };

/** Who carries answers to the coordinator. */
export type JobListener = {
  chunk(chunk: Chunk): void;
  /** The outbox has something new to send. */
  outbox(): void;
  /** The answer of this task goes out again although it was sent. */
  resend(taskId: string): void;
  /** Work began or ended. */
  changed(): void;
};

export type Jobs = {
  /**
   * Turns work that a stop interrupted into failure/internal; call once, before the link starts.
   * Returns how many requests it ended.
   */
  recover(): number;
  /** Answers through `answer` within 2 s, after the row is durable; then runs. */
  dispatch(dispatch: Dispatch, context: { draining: boolean }, answer: (answer: DispatchAnswer) => void): Promise<void>;
  /** Takes or declines a request of the node's own ingress by the same rules, and runs it; what it made is numbered and acknowledged here. */
  serve(request: DirectRequest): Promise<DirectAnswer>;
  /** Running: stops it, failure/cancelled. Unknown or finished: ignored. */
  cancel(taskId: string): void;
  /** At a welcome: running work that the coordinator does not await is cancelled (failure/cancelled). */
  cancelUnawaited(awaiting: readonly string[]): void;
  /**
   * After the outbox was resent: puts an answer there for awaited work that neither runs nor has one waiting (failure/internal when nothing
   * is known of it). Returns the declines, which no outbox holds, to send again.
   */
  answerAwaited(awaiting: readonly string[]): DispatchAnswer[];
  /** Tasks that the coordinator awaited at the last welcome although its receipt is held: it has lost records. */
  awaitedAgain(): readonly string[];
  /**
   * Keeps a receipt whose signature the link has checked.
   * @throws AppError link.protocol for a gap, a reused index, or a receipt of nothing
   */
  acknowledge(ack: ResultAck, coordinatorId: string): void;
  failureAcknowledged(taskId: string): void;
  running(): RunningJob[];
  /** Work to give to a link; returns the way to take it away. */
  attach(listener: JobListener): () => void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
  /** Ends running work as failure/internal (it is requeued), and resolves when all is recorded. */
  stop(): Promise<void>;
};
