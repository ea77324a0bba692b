/** Calls and views of the model store: what is on disk, what is being fetched, and the host it comes from (product.md, Models). */
import { z } from 'zod';
import { bigintText } from '../domain/amounts.ts';

const nothing = z.strictObject({});
const done = z.object({});
const size = z.number().int().min(0);

/** Precisions a graph is published in, by the ending of its file's name. */
export const quantisationSchema = z.enum(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4']);
export type Quantisation = z.infer<typeof quantisationSchema>;

/** The contract's role numbers that a model can serve (6 and 7 train; they have none). */
export const modelRoleSchema = z.number().int().min(0).max(5);

const problemSchema = z.object({ code: z.string(), message: z.string() });

/** A model in a folder of this machine. */
export const installedModelSchema = z.object({
  /** `<name>@<revision>` */
  id: z.string(),
  name: z.string(),
  revision: z.string(),
  role: z.number().int(),
  quantisation: quantisationSchema.nullable(),
  sizeBytes: size,
  /** Null for a model that did not come through the store, like the next one. */
  files: z.number().int().nullable(),
  /** When the store last compared every file with its hash. */
  verifiedAtMs: z.number().nullable(),
  vramBytes: size,
  /** ready: the engine hashed every file since it was last written, and takes it; checking: it is at it; refused: it does not, for what the log says. */
  state: z.enum(['ready', 'checking', 'refused']),
  loaded: z.boolean(),
  /** Only what the store installed can be mended and removed by it. */
  removable: z.boolean(),
  /** Tasks on chain that name this model; `subscribed`: this node serves it now. */
  tasks: z.array(z.object({ taskSmallId: bigintText, subscribed: z.boolean() })),
});
export type InstalledModelView = z.infer<typeof installedModelSchema>;

/** A download or repair under way. */
export const modelDownloadSchema = z.object({
  id: z.string(),
  kind: z.enum(['install', 'repair']),
  name: z.string(),
  revision: z.string(),
  quantisation: quantisationSchema,
  /** waiting: the host failed and is asked again at nextAttemptMs; failed: the operator has to act. */
  state: z.enum(['queued', 'downloading', 'waiting', 'verifying', 'paused', 'failed']),
  totalBytes: size,
  /** On the disk for good. */
  doneBytes: size,
  bytesPerSecond: z.number().nullable(),
  files: z.number().int(),
  /** Files whose hash was compared with the host's. */
  filesVerified: z.number().int(),
  /** The file being fetched or hashed. */
  file: z.string().nullable(),
  error: problemSchema.nullable(),
  nextAttemptMs: z.number().nullable(),
});
export type ModelDownloadView = z.infer<typeof modelDownloadSchema>;

/** What a repository holds at one commit, before anything is fetched. */
export const modelOfferSchema = z.object({
  repo: z.string(),
  commit: z.string(),
  /** Guessed from the host's task name; null: the operator has to say. */
  role: modelRoleSchema.nullable(),
  /** Ways to take it; `problem` says why one cannot be taken. */
  choices: z.array(z.object({ quantisation: quantisationSchema, sizeBytes: size, files: z.number().int(), vramBytes: size, checkedByLfs: z.number().int(), problem: z.string().nullable() })),
  freeBytes: size.nullable(),
  installed: z.boolean(),
});
export type ModelOffer = z.infer<typeof modelOfferSchema>;

/** Everything the page shows. */
export const modelStoreSchema = z.object({
  folder: z.string(),
  freeBytes: size.nullable(),
  host: z.string(),
  /** A token is kept, sealed under the node's keys; it is never shown. */
  hasToken: z.boolean(),
  /** False: the token can be neither used nor changed before the keys are unlocked. */
  keysUnlocked: z.boolean(),
  installed: z.array(installedModelSchema),
  downloads: z.array(modelDownloadSchema),
});
export type ModelStoreView = z.infer<typeof modelStoreSchema>;

const byId = z.strictObject({ id: z.string().min(1).max(300) });
const repo = z.string().min(1).max(200);

export const modelCalls = {
  'models.get': { input: nothing, output: modelStoreSchema },
  /** Asks the host what a repository holds; fetches nothing. */
  'models.look': { input: z.strictObject({ repo, revision: z.string().min(1).max(200) }), output: modelOfferSchema },
  'models.download': { input: z.strictObject({ repo, commit: z.string().regex(/^[0-9a-f]{40,64}$/), quantisation: quantisationSchema, role: modelRoleSchema }), output: done },
  'models.pause': { input: byId, output: done },
  'models.resume': { input: byId, output: done },
  /** Ends a download and drops what it fetched. */
  'models.cancel': { input: byId, output: done },
  'models.repair': { input: byId, output: done },
  'models.remove': { input: byId, output: done },
  /** `token`: a text sets it, null forgets it, absent leaves it. */
  'models.settings': { input: z.strictObject({ host: z.string().min(1).max(500), token: z.string().min(1).max(500).nullable().optional() }), output: done },
} as const;
