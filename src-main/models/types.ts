/** What the model store works with and what it offers the rest of the node (product.md, Models; issue 4, item 3). Types only. */
import type { InstalledModelView, ModelDownloadView, ModelOffer, Quantisation } from '../../src-shared/bridge/model-calls.ts';
import type { Logger } from '../log/logger.ts';

/** How a file is checked: SHA-256 where the host keeps it as LFS, else git's blob SHA-1 of the tree. */
export type FileCheck = { kind: 'sha256' | 'git-sha1'; hex: string };

/** A file of a repository as the host lists it. `path` has been checked. */
export type HostFile = { path: string; sizeBytes: number; check: FileCheck };

/** A repository at one commit. */
export type Listing = { repo: string; commit: string; task: string | null; files: HostFile[] };

/** A file to fetch: where it lies at the host, and its place in the model's folder (the graph is named the same whatever its quantisation). */
export type PlannedFile = HostFile & { target: string };

/** A download as it is kept over restarts, beside its partial files. */
export type DownloadRecord = {
  version: 1;
  id: string;
  kind: 'install' | 'repair';
  repo: string;
  commit: string;
  role: number;
  quantisation: Quantisation;
  files: PlannedFile[];
  /** With `repair`: files of the installed model that were found whole. */
  kept: (PlannedFile & { sha256: string })[];
  paused: boolean;
  createdMs: number;
};

/** Where models come from. The token goes to this origin alone. */
export type HostSettings = { baseUrl: string; token: string | null };

/** Bytes of a file: the range that was asked for, or the whole file where the host ignores ranges. `totalBytes` is null where the host does not say. */
export type FileStream = { whole: boolean; totalBytes: number | null; body: ReadableStream<Uint8Array> };

/** A Hugging Face-shaped host. Every call rejects with an AppError `models.…`, or with the signal's reason. */
export type ModelHost = {
  list(repo: string, revision: string, signal: AbortSignal): Promise<Listing>;
  /** Asks for the bytes from `range[0]` up to `range[1]`; a host without ranges answers with the whole. */
  open(repo: string, commit: string, path: string, range: readonly [number, number], signal: AbortSignal): Promise<FileStream>;
};

/** The operator's choices, kept by the node; the token is sealed under its keys. */
export type ModelSettings = {
  host(): string;
  setHost(url: string): void;
  hasToken(): boolean;
  /** @throws AppError keys.locked and the like where a token is kept and cannot be opened */
  token(): Promise<string | null>;
  /** @throws AppError keys.locked */
  setToken(token: string | null): Promise<void>;
};

export type StoreOptions = {
  /** The only folder that is ever written. Models lie at `<owner>/<name>/<commit>`, downloads under `.downloads`. */
  root: string;
  /** Ranges of one file at once. */
  connections?: number;
  /** Longest piece asked for at once. */
  segmentBytes?: number;
  /** A stream silent for so long is given up and asked for again. */
  stallMs?: number;
  /** Bytes that may be lost to a crash, for each connection. */
  flushBytes?: number;
  /** Kept free on the disk beside what a download needs. */
  reserveBytes?: number;
  backoff?: { baseMs: number; capMs: number };
};

export type StoreDeps = {
  fetch: typeof globalThis.fetch;
  settings: ModelSettings;
  /** Bytes free for this user where the folder lies. */
  freeBytes(path: string): Promise<number>;
  /** What the engine says against a model.json (its files and role), or null; asked before anything is fetched. */
  refuses(manifest: ModelManifest): string | null;
  /** A model came, went or was mended. */
  installedChanged(): void;
  now(): number;
  random(): number;
  /** Runs `work` once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, work: () => void): () => void;
  log: Logger;
};

/** model.json as the engine reads it. */
export type ModelManifest = {
  name: string;
  revision: string;
  role: number;
  files: { path: string; sizeBytes: number; sha256: string }[];
  vramBytes: number;
};

/** An installed model: its view without what only the node knows. */
export type InstalledModel = Omit<InstalledModelView, 'state' | 'loaded' | 'tasks' | 'removable'> & { folder: string };

/** The store. */
export type ModelStore = {
  /** Takes up what a stop interrupted, and clears what nobody continues. */
  start(): Promise<void>;
  /** Ends requests under way; durable bytes stay. */
  stop(): Promise<void>;
  installed(): Promise<InstalledModel[]>;
  downloads(): ModelDownloadView[];
  freeBytes(): Promise<number | null>;
  settings(): { host: string; hasToken: boolean };
  /** Changes the host; `token` undefined leaves it, unless the origin changes: then it is forgotten. */
  setSettings(change: { host: string; token?: string | null | undefined }): Promise<void>;
  look(repo: string, revision: string): Promise<ModelOffer>;
  /** Begins a download of exactly this commit. Beginning the same twice is harmless. */
  download(order: { repo: string; commit: string; quantisation: Quantisation; role: number }): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  /** Hashes every file again and fetches only what is damaged. */
  repair(modelId: string): Promise<void>;
  remove(modelId: string): Promise<void>;
  /** Calls back after each change of downloads() or installed(), progress at most twice a second. */
  onChange(listener: () => void): () => void;
};
