/** Embedding bodies: the buyer's request and the result bytes in their fixed key order (coordinator.md 4, ai.embedding). */
import { base64url } from 'jose';
import { z } from 'zod';
import type { RoleTask } from './role-tasks.ts';

/** Texts of one request, as OpenAI has it. */
const maxInputs = 2_048;
const tokens = z.array(z.number().int().min(0)).min(1);

/** A request; a field that is not listed would change the answer or mean nothing, and is refused. */
export const embeddingRequestSchema = z.strictObject({
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(maxInputs), tokens, z.array(tokens).min(1).max(maxInputs)]),
  model: z.string().nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).nullish(),
  user: z.string().nullish(),
});

/** A run, as values. */
export type EmbeddingPlan = { task: Extract<RoleTask, { kind: 'embed' }>; encoding: 'float' | 'base64' };

/** Reads parsed JSON into a plan, or null when it is no embeddings request (bad_payload). */
export function planEmbedding(json: unknown): EmbeddingPlan | null {
  const parsed = embeddingRequestSchema.safeParse(json);
  if (!parsed.success) return null;
  const { input, dimensions, encoding_format } = parsed.data;
  const inputs = typeof input === 'string' || typeof input[0] === 'number' ? [input as string | number[]] : (input as (string | number[])[]);
  return { task: { kind: 'embed', inputs, dimensions: dimensions ?? null }, encoding: encoding_format ?? 'float' };
}

/** Most digits a float32 needs. */
const floatDigits = 9;

/** The number of fewest decimal digits that reads back to the same float32; of several the nearest. */
export function shortestFloat32(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  for (let digits = 1; digits < floatDigits; digits += 1) {
    const text = value.toExponential(digits - 1);
    const at = text.indexOf('e');
    const near = Number(text);
    if (Math.fround(near) === value) return near;
    // Just above a power of two the gap to one side is twice that to the other: a farther neighbour may read back where the nearest does not.
    const step = 10 ** (1 - digits);
    const mantissa = Number(text.slice(0, at));
    for (const neighbour of [mantissa - step, mantissa + step]) {
      const candidate = Number(`${neighbour.toFixed(digits - 1)}${text.slice(at)}`);
      if (Math.fround(candidate) === value) return candidate;
    }
  }
  return Number(value.toPrecision(floatDigits));
}

/** Little-endian float32, in base64. */
function floatBytes(vector: Float32Array): string {
  const bytes = new Uint8Array(vector.length * 4);
  const view = new DataView(bytes.buffer);
  vector.forEach((value, at) => view.setFloat32(at * 4, value, true));
  const text = base64url.encode(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** The result as compact JSON in exactly the key order of coordinator.md 4; its UTF-8 bytes are the result bytes. */
export function embeddingResultText(answer: { model: string; vectors: readonly Float32Array[]; encoding: EmbeddingPlan['encoding']; promptTokens: number }): string {
  const { model, vectors, encoding, promptTokens } = answer;
  return JSON.stringify({
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encoding === 'base64' ? floatBytes(vector) : Array.from(vector, shortestFloat32) })),
    model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  });
}
