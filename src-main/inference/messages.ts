/** The messages between the node and its inference process; each side parses what it receives (architecture: parse what crosses a boundary). */
import { z } from 'zod';

const sampling = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('greedy') }),
  z.strictObject({
    kind: z.literal('seeded'),
    seed: z.number().int().min(0).max(0xffff_ffff),
    temperature: z.number().min(0).max(100),
    topP: z.number().gt(0).max(1),
  }),
]);

/** A request as it travels; the node's InferenceRequest has this shape. */
export const requestSchema = z.strictObject({
  model: z.string().min(1),
  messages: z
    .array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))
    .min(1)
    .readonly(),
  maxComputeUnits: z.number().int().min(0),
  maxOutputTokens: z.number().int().min(0).nullable(),
  sampling,
  stop: z.array(z.string().min(1)).readonly(),
  exact: z.boolean().optional(),
});

const provider = z.enum(['cpu', 'webgpu', 'cuda', 'directml', 'coreml']);

/** From the node: `call` numbers an exchange, its answers carry it back. */
export const toEngine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('load'), call: z.number().int(), model: z.string(), folder: z.string() }),
  z.strictObject({ kind: z.literal('run'), call: z.number().int(), request: requestSchema, stream: z.boolean() }),
  z.strictObject({ kind: z.literal('unload'), call: z.number().int(), model: z.string() }),
  z.strictObject({ kind: z.literal('cancel'), call: z.number().int() }),
  z.strictObject({ kind: z.literal('probe'), call: z.number().int(), provider, folder: z.string() }),
]);

const resultSchema = z.strictObject({
  content: z.string(),
  finishReason: z.enum(['stop', 'length']),
  promptTokens: z.number().int().min(0),
  completionTokens: z.number().int().min(0),
  fingerprint: z.string(),
  tokensPerSecond: z.number().min(0),
});

/** Failures the process itself can tell; `cancelled` answers a cancel and is no error. */
export const failureCode = z.enum([
  'inference.input_too_large',
  'inference.model_unavailable',
  'inference.model_failed',
  'inference.out_of_memory',
  'cancelled',
]);

/** From the process. */
export const fromEngine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('loaded'), call: z.number().int(), batching: z.enum(['exact', 'close', 'none']) }),
  z.strictObject({ kind: z.literal('unloaded'), call: z.number().int() }),
  z.strictObject({ kind: z.literal('texts'), texts: z.array(z.strictObject({ call: z.number().int(), delta: z.string() })) }),
  z.strictObject({ kind: z.literal('done'), call: z.number().int(), result: resultSchema }),
  z.strictObject({ kind: z.literal('probed'), call: z.number().int(), tokensPerSecond: z.number().min(0) }),
  z.strictObject({ kind: z.literal('failed'), call: z.number().int(), code: failureCode, detail: z.string() }),
]);

export type ToEngine = z.infer<typeof toEngine>;
export type FromEngine = z.infer<typeof fromEngine>;
