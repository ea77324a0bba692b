/** What the rest of the node sees of inference: requests, results, models, probes and the engine's one interface (architecture: inference/). */

import type { RoleRequest, RoleResult } from '../../src-shared/link/role-tasks.ts';

/** One turn of a conversation, as the chat template takes it. */
export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** How the next token is chosen; a seeded choice is a pure function of seed, temperature and top-p (coordinator.md 4). */
export type Sampling = { kind: 'greedy' } | { kind: 'seeded'; seed: number; temperature: number; topP: number };

/** One generation. The answer is a pure function of this value and the model. */
export type InferenceRequest = {
  /** `<name>@<revision>` */
  model: string;
  messages: readonly ChatMessage[];
  /** Prompt and answer together may not use more. */
  maxComputeUnits: number;
  /** What the body asks for; null means all that is left. */
  maxOutputTokens: number | null;
  sampling: Sampling;
  /** The answer ends before the first of these. */
  stop: readonly string[];
  /**
   * Equal bytes are promised to others (sampling consensus): where sharing a run changes bits, this request has its runs to itself.
   * Without it, a request may share its runs wherever greedy choices stay the same.
   */
  exact?: boolean | undefined;
};

/** A finished generation. */
export type InferenceResult = {
  content: string;
  /** `stop`: the model ended or a stop string came; `length`: the budget or the model's context was used up. */
  finishReason: 'stop' | 'length';
  promptTokens: number;
  /** Tokens that were decoded, the end token included: what was computed is what counts (coordinator.md 6). */
  completionTokens: number;
  /** What equal bytes can depend on (coordinator.md 4). */
  fingerprint: string;
  tokensPerSecond: number;
};

/** A model whose every file is on disk with the size and SHA-256 that its model.json names. */
export type ReadyModel = {
  /** `<name>@<revision>` */
  id: string;
  name: string;
  revision: string;
  /** All files together. */
  sizeBytes: number;
  /** Of the graph, or over the graphs of a model that has several; lower-case hex. */
  sha256: string;
  folder: string;
  /** The contract's role number of tasks this model serves. */
  role: number;
  /** Memory the model needs while it runs, as its model.json estimates. */
  vramBytes: number;
  /** Name of the external engine that serves it; absent for what is on this disk. */
  engine?: string;
  /** False: it was not proved to give equal bytes, so it takes no task under sampling consensus. */
  exact?: boolean;
  /** True: it runs on another host, which no evidence of this machine covers, so it takes no confidential task. */
  elsewhere?: boolean;
};

/** Where a model can run. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'directml' | 'coreml';

/** The outcome of a real tiny inference on one provider; `reason` and `remedy` are given when it is not ok. */
export type ProbeResult = {
  provider: Provider;
  ok: boolean;
  tokensPerSecond: number | null;
  reason: string | null;
  remedy: string | null;
  /** It works, but on a driver in software: right, and far slower than a card. */
  software?: boolean;
};

/** The engine as the console shows it. */
export type InferenceStatus = {
  process: 'starting' | 'ready' | 'restarting' | 'stopped';
  /** Times the process ended unasked since the engine was created. */
  restarts: number;
  /** Model ids in memory. */
  loaded: string[];
  running: number;
  /** Of the newest finished request. */
  tokensPerSecond: number | null;
  lastError: string | null;
  /** Each device with a process of its own. */
  devices: DeviceStatus[];
  /** Providers that stand before the one in use in the operator's order and do not work. */
  falls: { provider: Provider; reason: string; remedy: string }[];
};

/** One device as the console shows it. */
export type DeviceStatus = {
  /** `<provider>:<index>` */
  id: string;
  provider: Provider;
  index: number;
  process: InferenceStatus['process'];
  restarts: number;
  lastError: string | null;
  loaded: string[];
  running: number;
};

/** The engine behind which a process per device runs the models. */
export type Inference = {
  /** Models on disk whose hashes were verified. */
  readyModels(): Promise<ReadyModel[]>;
  /** @throws AppError inference.model_unavailable, model_failed, out_of_memory, process_died */
  load(modelId: string): Promise<void>;
  /**
   * Generates; deltas given to `onText` joined equal `content`.
   * @throws AppError inference.input_too_large, model_unavailable, model_failed, out_of_memory, process_died; on abort it rejects with signal.reason.
   */
  run(
    request: InferenceRequest,
    options: { signal: AbortSignal; onText?: (delta: string) => void },
  ): Promise<InferenceResult>;
  /**
   * Work of the roles 1 to 5 by a model of that role; text of a vision answer goes to `onText` too.
   * @throws AppError as run; inference.bad_input for what the model cannot read, inference.no_pipeline for image generation
   */
  perform(request: RoleRequest, options: { signal: AbortSignal; onText?: (delta: string) => void }): Promise<RoleResult>;
  /** A real tiny inference on each provider this system could have, each in a process of its own. */
  probe(): Promise<ProbeResult[]>;
  status(): InferenceStatus;
  /** Calls back after each change of status(); returns the way to stop it. */
  onStatus(listener: () => void): () => void;
  close(): Promise<void>;
};
