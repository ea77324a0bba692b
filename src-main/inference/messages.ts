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

const units = z.number().int().min(0);
const visionPart = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('text'), text: z.string() }), z.strictObject({ kind: z.literal('image'), base64: z.string() })]);
const common = { model: z.string().min(1), maxComputeUnits: units, exact: z.boolean().optional() };

/** Work of a role other than chat as it travels; RoleRequest has this shape. */
export const roleRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embed'), inputs: z.array(z.union([z.string(), z.array(z.number().int().min(0))])).min(1), dimensions: z.number().int().min(1).nullable(), ...common }),
  z.strictObject({
    kind: z.literal('see'),
    messages: z.array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), parts: z.array(visionPart) })).min(1),
    maxOutputTokens: units.nullable(),
    sampling,
    stop: z.array(z.string().min(1)),
    ...common,
  }),
  z.strictObject({ kind: z.literal('draw'), prompt: z.string(), count: z.number().int().min(1), width: z.number().int().min(1), height: z.number().int().min(1), seed: units, ...common }),
  z.strictObject({ kind: z.literal('speak'), text: z.string(), voice: z.string().nullable(), speed: z.number().positive(), ...common }),
  z.strictObject({ kind: z.literal('hear'), audio: z.string(), language: z.string().nullable(), ...common }),
]);

const provider = z.enum(['cpu', 'webgpu', 'cuda', 'directml', 'coreml']);

/** From the node: `call` numbers an exchange, its answers carry it back. */
export const toEngine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('load'), call: z.number().int(), model: z.string(), folder: z.string(), role: z.number().int().min(0) }),
  z.strictObject({ kind: z.literal('run'), call: z.number().int(), request: requestSchema, stream: z.boolean() }),
  z.strictObject({ kind: z.literal('perform'), call: z.number().int(), request: roleRequestSchema, stream: z.boolean() }),
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

const vector = z.custom<Float32Array>((value) => value instanceof Float32Array);
const fingerprint = z.string();
/** What came of it; RoleResult has this shape. */
const roleResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embed'), vectors: z.array(vector), promptTokens: units, fingerprint }),
  z.strictObject({ kind: z.literal('see'), content: z.string(), finishReason: z.enum(['stop', 'length']), promptTokens: units, completionTokens: units, fingerprint }),
  z.strictObject({ kind: z.literal('draw'), images: z.array(z.string()), fingerprint }),
  z.strictObject({ kind: z.literal('speak'), audio: z.string(), units, fingerprint }),
  z.strictObject({ kind: z.literal('hear'), text: z.string(), units, fingerprint }),
]);

/** Failures the process itself can tell; `cancelled` answers a cancel and is no error. */
export const failureCode = z.enum([
  'inference.input_too_large',
  'inference.bad_input',
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
  z.strictObject({ kind: z.literal('performed'), call: z.number().int(), result: roleResultSchema }),
  z.strictObject({ kind: z.literal('probed'), call: z.number().int(), tokensPerSecond: z.number().min(0) }),
  z.strictObject({ kind: z.literal('failed'), call: z.number().int(), code: failureCode, detail: z.string() }),
]);

export type ToEngine = z.infer<typeof toEngine>;
export type FromEngine = z.infer<typeof fromEngine>;
