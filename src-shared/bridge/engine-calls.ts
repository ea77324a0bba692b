/** Calls and views of external engines: programs on a host the operator names that speak the OpenAI API (issue 4, item 5). */
import { z } from 'zod';
import { modelIdSchema } from '../domain/ids.ts';

const nothing = z.strictObject({});
const done = z.object({});

/** vLLM (alone or over a Ray cluster), llama.cpp's server, Ollama, Text Embeddings Inference, or anything else with the same interface. */
export const engineKindSchema = z.enum(['vllm', 'llama-cpp', 'ollama', 'tei', 'openai']);
export type EngineKind = z.infer<typeof engineKindSchema>;

/** Roles an engine can serve: chat, embeddings, images. */
export const engineRoleSchema = z.union([z.literal(0), z.literal(1), z.literal(3)]);
export type EngineRole = z.infer<typeof engineRoleSchema>;

/** One model of an engine under the name the network knows it by. */
export const engineModelSchema = z.strictObject({
  /** `<name>@<revision>` as tasks and dispatches name it. */
  id: modelIdSchema,
  /** What the engine calls it. */
  engineModel: z.string().min(1).max(300),
  role: engineRoleSchema,
  /** Tokens that prompt and answer have together; null takes what the engine says, if it says anything. */
  contextTokens: z.number().int().min(16).max(100_000_000).nullable(),
});
export type EngineModel = z.infer<typeof engineModelSchema>;

/** An engine as the operator describes it; the token is kept apart, sealed. */
export const engineSettingsSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{1,32}$/),
  name: z.string().min(1).max(60),
  kind: engineKindSchema,
  url: z.string().min(1).max(500),
  enabled: z.boolean(),
  models: z.array(engineModelSchema).max(32),
  /** Requests at once. */
  concurrency: z.number().int().min(1).max(256),
  /** Requests that may wait for a place. */
  queue: z.number().int().min(0).max(256),
});
export type EngineSettings = z.infer<typeof engineSettingsSchema>;

const problemSchema = z.object({ code: z.string(), message: z.string() });

/** What the same greedy request gave, several times alone and at once. */
export const engineProbeSchema = z.object({
  modelId: z.string(),
  /** Every answer had the same bytes and the same usage. */
  equal: z.boolean(),
  alone: z.number().int(),
  together: z.number().int(),
  atMs: z.number(),
  /** It counts for this alone: another version or model is another engine. */
  fingerprint: z.string(),
});
export type EngineProbe = z.infer<typeof engineProbeSchema>;

/** What an engine says of itself. */
export const engineCheckSchema = z.object({
  atMs: z.number(),
  tookMs: z.number(),
  version: z.string().nullable(),
  models: z.array(z.object({ id: z.string(), contextTokens: z.number().int().nullable() })),
  problem: problemSchema.nullable(),
});
export type EngineCheck = z.infer<typeof engineCheckSchema>;

/** An engine as the page shows it. */
export const engineViewSchema = z.object({
  settings: engineSettingsSchema,
  hasToken: z.boolean(),
  /** Requests and token cross a network without encryption. */
  unencrypted: z.boolean(),
  /** off: switched off; unchecked: not asked yet; up; down: `check.problem` says why. */
  state: z.enum(['off', 'unchecked', 'up', 'down']),
  check: engineCheckSchema.nullable(),
  models: z.array(
    z.object({
      id: z.string(),
      /** The engine is up and lists it. */
      ready: z.boolean(),
      /** The probe of what runs there now; null: never, or of another version. */
      probe: engineProbeSchema.nullable(),
      probing: z.boolean(),
      /** It serves tasks under sampling consensus. */
      exact: z.boolean(),
    }),
  ),
  running: z.number().int(),
  waiting: z.number().int(),
  /** It asked to be left alone until then. */
  pausedUntilMs: z.number().nullable(),
  lastError: problemSchema.nullable(),
});
export type EngineView = z.infer<typeof engineViewSchema>;

export const engineListSchema = z.object({
  /** False: a token can be neither used nor changed before the keys are unlocked. */
  keysUnlocked: z.boolean(),
  engines: z.array(engineViewSchema),
});
export type EngineListView = z.infer<typeof engineListSchema>;

const byId = z.strictObject({ id: z.string().min(1).max(32) });
/** `token`: a text sets it, null forgets it, absent leaves it. */
const token = z.string().min(1).max(500).nullable().optional();

export const engineCalls = {
  'engines.list': { input: nothing, output: engineListSchema },
  /** Adds it, or replaces the one with the same id. */
  'engines.save': { input: z.strictObject({ settings: engineSettingsSchema, token }), output: done },
  'engines.remove': { input: byId, output: done },
  /** Asks an engine that need not be saved what it is and which models it has. */
  'engines.test': { input: z.strictObject({ kind: engineKindSchema, url: z.string().min(1).max(500), token, /** Takes the kept token of this engine where none is given. */ id: z.string().max(32).nullable() }), output: engineCheckSchema },
  /** Asks a saved one again. */
  'engines.check': { input: byId, output: done },
  /** Begins the determinism probe of one model. */
  'engines.probe': { input: z.strictObject({ id: z.string().min(1).max(32), modelId: modelIdSchema }), output: done },
} as const;
