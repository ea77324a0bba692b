/** What the link needs of its neighbours, and what it offers; structural, so that nothing is imported (architecture.md, "Who may import whom"). */
import type { NodeState } from '../../src-shared/domain/node-state.ts';
import type { DeclineCode, FailureCode, HistoryRefusedCode } from '../../src-shared/link/codes.ts';
import type { Manifest } from '../../src-shared/link/manifest.ts';
import type { Dispatch, GpuGauge, HistoryItem, ResultAck } from '../../src-shared/link/messages.ts';
import type { CrashHook } from '../core/crash-points.ts';
import type { SigningRecord } from '../core/job.ts';
import type { Logger } from '../log/logger.ts';

/** The immediate answer to a dispatch. */
export type LinkAnswer = { kind: 'accepted'; taskId: string } | { kind: 'declined'; taskId: string; code: DeclineCode };

/** What the pipeline tells a link. */
export type LinkJobListener = {
  chunk(chunk: { taskId: string; seq: number; data: Uint8Array }): void;
  outbox(): void;
  resend(taskId: string): void;
  changed(): void;
};

/** The job pipeline. */
export type LinkJobs = {
  dispatch(dispatch: Dispatch, context: { draining: boolean }, answer: (answer: LinkAnswer) => void): Promise<void>;
  cancel(taskId: string): void;
  cancelUnawaited(awaiting: readonly string[]): void;
  answerAwaited(awaiting: readonly string[]): LinkAnswer[];
  /** @throws AppError link.protocol */
  acknowledge(ack: ResultAck, coordinatorId: string): void;
  failureAcknowledged(taskId: string): void;
  running(): readonly unknown[];
  attach(listener: LinkJobListener): () => void;
};

/** Answers that wait for their acknowledgement. */
export type LinkOutboxItem = {
  id: number;
  taskId: string;
  kind: 'result' | 'failure';
  code: FailureCode | null;
  attempts: number;
  notBeforeMs: number;
};
export type LinkOutbox = {
  pending(): LinkOutboxItem[];
  find(taskId: string): { id: number } | null;
  sent(id: number): void;
  delayed(id: number, notBeforeMs: number, error: string): void;
};

/** What a result frame is built from. */
export type LinkResults = {
  record(taskId: string): SigningRecord | null;
  bytes(taskId: string): { bytes: Uint8Array; sealedLocally: boolean } | null;
};

export type LinkKeys = {
  /** Personal-message signature by the liveness key, base64. */
  signLiveness(text: string): Promise<string>;
  openLocal(bytes: Uint8Array): Promise<Uint8Array>;
};

/** What a heartbeat says of the node. */
export type LinkNodeFacts = {
  state: NodeState;
  /** False while paused, leaving or not ready: no slot is free then. */
  acceptsWork: boolean;
  maxParallel: number;
  gpu: GpuGauge[];
};

export type LinkOptions = {
  /** `wss:`, or `ws:` to a loopback host, with its path. */
  url: string;
  nodeId: string;
  /** Pinned by the network profile; null pins on first use. */
  coordinatorId: string | null;
};

export type LinkDeps = {
  keys: LinkKeys;
  jobs: LinkJobs;
  outbox: LinkOutbox;
  results: LinkResults;
  /** A manifest made and signed now. */
  manifest(): Promise<Manifest>;
  facts(): LinkNodeFacts;
  /** The coordinator that was pinned on first use. */
  pin: { get(): string | null; set(coordinatorId: string): void };
  now(): number;
  random(): number;
  /** Runs `work` once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, work: () => void): () => void;
  log: Logger;
  crashPoint?: CrashHook;
};

/** One page of a stack's history, or why there is none (coordinator.md 7). `next` is the `after` of the next page, null at the end. */
export type HistoryPage =
  | { kind: 'page'; items: readonly HistoryItem[]; next: number | null }
  | { kind: 'refused'; code: HistoryRefusedCode };

/** The link as the console shows it. */
export type LinkStatus = {
  status: 'stopped' | 'connecting' | 'connected' | 'refused';
  url: string;
  sinceMs: number | null;
  coordinatorId: string | null;
  lastError: { code: string; message: string; atMs: number } | null;
  nextAttemptMs: number | null;
  /** This node takes nothing new until the session ends. */
  draining: boolean;
  /** This clock minus the coordinator's at the last challenge; null before the first one. */
  clockAheadMs: number | null;
};

export type Link = {
  /** Connects, and keeps connecting, until `stop`. Also the way on after the operator mended what was refused. */
  start(): void;
  /** Says bye, closes, and resolves when the socket is gone. */
  stop(): Promise<void>;
  /** Bye and a new connection: the manifest changed (coordinator.md 2). */
  renew(): void;
  /** Tells the coordinator, also in a session that begins later, that nothing new is taken; `stop` ends it (coordinator.md 3, `drain`). */
  drain(reason: string): void;
  /** The node's state changed: a heartbeat goes out early, at most one a second. */
  stateChanged(): void;
  /** Something changed on chain: a refusal that waits for this tries again. */
  chainChanged(): void;
  /**
   * The operator agrees to another coordinator; connects again.
   * @throws AppError link.coordinator_changed when the network profile pins another one
   */
  trust(coordinatorId: string): void;
  /**
   * One page of a stack's history behind entry `after` (-1: from the first), for a node that its ticket names.
   * @throws AppError link.down without a session, when it ends meanwhile, or when no answer comes in time
   */
  history(stackSmallId: bigint, after: number): Promise<HistoryPage>;
  status(): LinkStatus;
  onChange(listener: () => void): () => void;
};
