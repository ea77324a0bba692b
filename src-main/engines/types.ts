/** What external engines are asked and give; structural, so that nothing of inference/ or store/ is imported (issue 4, item 5; architecture.md, "Who may import whom"). */
import type { EngineCheck, EngineKind, EngineListView, EngineProbe, EngineSettings } from '../../src-shared/bridge/engine-calls.ts';
import type { Logger } from '../log/logger.ts';

/** One generation, as the job pipeline asks the local engine too. */
export type ChatRequest = {
  /** `<name>@<revision>` */
  model: string;
  messages: readonly { role: 'system' | 'user' | 'assistant'; content: string }[];
  /** Prompt and answer together may not use more. */
  maxComputeUnits: number;
  maxOutputTokens: number | null;
  sampling: { kind: 'greedy' } | { kind: 'seeded'; seed: number; temperature: number; topP: number };
  stop: readonly string[];
  /** Equal bytes are promised to others (sampling consensus). */
  exact?: boolean | undefined;
};
export type ChatResult = { content: string; finishReason: 'stop' | 'length'; promptTokens: number; completionTokens: number; fingerprint: string; tokensPerSecond: number };

export type EmbedRequest = { model: string; inputs: readonly string[]; maxComputeUnits: number; exact?: boolean | undefined };
export type EmbedResult = { vectors: number[][]; promptTokens: number; fingerprint: string };

export type ImageRequest = { model: string; prompt: string; count: number; width: number; height: number };
/** PNG or JPEG files in base64. */
export type ImageResult = { images: string[]; fingerprint: string };

/** A model an engine serves now, in the shape of the models on disk. */
export type EngineReadyModel = {
  id: string;
  name: string;
  revision: string;
  sizeBytes: number;
  sha256: string;
  folder: string;
  role: number;
  vramBytes: number;
  /** Name of the engine. */
  engine: string;
  /** Its probe gave equal bytes: it may serve sampling consensus. */
  exact: boolean;
  /** It runs on another host: requests leave this machine, so it serves no confidential task. */
  elsewhere: boolean;
};

/** What an engine told of a model; `identity`: whatever it says that equal bytes could depend on. */
export type ListedModel = { id: string; contextTokens: number | null; identity: string };
/** What an engine told of itself. */
export type EngineFacts = { version: string | null; models: ListedModel[] };

/** All external engines. */
export type Engines = {
  view(): EngineListView;
  /** @throws AppError engine.bad_settings, keys.locked */
  save(settings: EngineSettings, token: string | null | undefined): Promise<void>;
  remove(id: string): Promise<void>;
  /** Never rejects for what is wrong with the engine: the check says it. @throws AppError engine.bad_settings, keys.locked */
  test(order: { kind: EngineKind; url: string; token?: string | null | undefined; id: string | null }): Promise<EngineCheck>;
  /** @throws AppError engine.unknown */
  check(id: string): Promise<void>;
  /** Begins; the view tells how it went. @throws AppError engine.unknown */
  probe(id: string, modelId: string): void;
  /** Models that some engine serves now. */
  ready(): EngineReadyModel[];
  /** Model ids whose requests an engine takes, also while it does not answer. */
  has(modelId: string): boolean;
  /** @throws AppError engine.…, inference.model_unavailable, inference.input_too_large; on abort it rejects with signal.reason */
  run(request: ChatRequest, options: { signal: AbortSignal; onText?: ((delta: string) => void) | undefined }): Promise<ChatResult>;
  embed(request: EmbedRequest, options: { signal: AbortSignal }): Promise<EmbedResult>;
  image(request: ImageRequest, options: { signal: AbortSignal }): Promise<ImageResult>;
  running(): number;
  /** Asks all of them now, and then each half minute. */
  start(): Promise<void>;
  /** Tokens can be opened now, or not any more. */
  keysChanged(): void;
  onChange(listener: () => void): () => void;
  close(): void;
};

/** Where engines, their tokens and their probes are kept. */
export type EngineStore = {
  list(): EngineSettings[];
  setList(list: readonly EngineSettings[]): void;
  probes(): EngineProbe[];
  setProbes(probes: readonly EngineProbe[]): void;
  hasToken(id: string): boolean;
  /** @throws AppError keys.locked where a token is kept and cannot be opened */
  token(id: string): Promise<string | null>;
  setToken(id: string, token: string | null): Promise<void>;
  keysUnlocked(): boolean;
};

export type EnginesDeps = {
  fetch: typeof fetch;
  store: EngineStore;
  now(): number;
  random(): number;
  /** Runs `work` once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, work: () => void): () => void;
  /** Which models are ready, or how, changed. */
  changed(): void;
  log: Logger;
};
