/** What the direct ingress needs of its neighbours, and what it offers; structural, so that nothing is imported (architecture.md, "Who may import whom"). */
import type { IngressSettings, IngressView } from '../../src-shared/bridge/ingress-calls.ts';
import type { DeclineCode, FailureCode } from '../../src-shared/link/codes.ts';
import type { JobOrder } from '../core/job.ts';
import type { Logger } from '../log/logger.ts';

/** A stack as the chain module knows it. */
export type IngressStack = { taskSmallId: bigint; owner: string; numComputeUnits: bigint; settling: boolean; mine: boolean; samplingConsensus: boolean };

export type IngressAnswer =
  | { kind: 'declined'; code: DeclineCode }
  | { kind: 'accepted'; ended: Promise<{ kind: 'result'; bytes: Uint8Array } | { kind: 'failed'; code: FailureCode; detail: string | null }> };

/** The job pipeline. */
export type IngressJobs = {
  serve(request: { order: Omit<JobOrder, 'direct'>; envelope: string; onChunk(chunk: { data: Uint8Array }): void }): Promise<IngressAnswer>;
  cancel(taskId: string): void;
};

export type IngressChain = {
  stack(stackSmallId: bigint): IngressStack | null;
  /** Reads the chain once more. */
  refreshStack(stackSmallId: bigint): Promise<IngressStack | null>;
  /** Role and model name of a task; null while the chain was not read. */
  task(taskSmallId: bigint): { role: number; modelName: string | null } | null;
  nodeSmallId(): bigint | null;
};

/** Payloads that were taken once, by signer and hash. */
export type IngressRequests = {
  /** Keeps a request unless the same one was taken and did not fail; false for a repeat. */
  take(requestHash: string, taskId: string): boolean;
};

export type IngressKeys = {
  identity: { nodeId: string; publicKeyPem: string };
  /** Operator key over the BLAKE2b-256 hash of a JSON text, without an intent: hash and serialized Sui signature in base64 (protocol.md 7.6). */
  signJson(json: string): Promise<{ hash: string; signature: string }>;
};

/** Confidential requests: opened to the buyer's body, whose answers are sealed again (protocol.md 7.7). */
export type IngressConfidential = {
  isConfidential(taskSmallId: bigint): boolean;
  /** Whether this machine serves such tasks now. */
  isOffered(): boolean;
  open(text: string, stackSmallId: bigint):
    | { kind: 'opened'; body: string; answer(json: string, signed: { hash: string; signature: string }): string }
    | { kind: 'refused'; code: 'INVALID_BODY' | 'INVALID_HEADER' | 'AUTH_ERROR' | 'MODEL_ERROR'; message: string };
};

export type IngressDeps = {
  /** Left out, no confidential task is served. */
  confidential?: IngressConfidential;
  jobs: IngressJobs;
  chain: IngressChain;
  requests: IngressRequests;
  keys: IngressKeys;
  settings(): IngressSettings;
  /** Ready models as `<name>@<revision>`, by the contract's role. */
  models(): readonly { id: string; name: string; role: number }[];
  /** Units of a stack that are neither counted nor locked, and whether some are locked by running work. */
  units(stackSmallId: bigint, numComputeUnits: bigint): { left: bigint; busy: boolean };
  fetch: typeof fetch;
  newTaskId(): string;
  now(): number;
  random(): number;
  schedule(delayMs: number, work: () => void): () => void;
  changed(): void;
  log: Logger;
};

/** Time limits that a test shortens. */
export type IngressLimits = { bodyTimeoutMs: number; bodyBytes: number; runMs: number };

export type Ingress = {
  /** Listens, moves or stops, as the settings say; problems stand in the status. */
  apply(): Promise<void>;
  status(): Omit<IngressView, 'settings'>;
  /** @throws AppError ingress.not_announced */
  announce(): Promise<void>;
  stop(): Promise<void>;
};
