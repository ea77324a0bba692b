/** Embeddings and images at an engine (coordinator.md 4 and 6). */
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import type { EngineHttp } from './engine-http.ts';
import type { EmbedRequest, ImageRequest } from './types.ts';

type Target = { name: string; http: EngineHttp; engineModel: string };

const vectorSchema = z.array(z.number()).min(1).max(65_536);
const embeddingsSchema = z.looseObject({
  data: z.array(z.looseObject({ index: z.number().int().min(0), embedding: vectorSchema })),
  usage: z.looseObject({ prompt_tokens: z.number().int().min(1).max(2 ** 31) }),
});
const imagesSchema = z.looseObject({ data: z.array(z.looseObject({ b64_json: z.string().min(1).regex(/^[A-Za-z0-9+/]+={0,2}$/) })) });

/**
 * One vector an input, in their order, and the tokens the engine says they have.
 * @throws AppError inference.input_too_large when they are more than the budget, engine.…
 */
export async function runEmbed({ name, http, engineModel }: Target, { inputs, maxComputeUnits }: EmbedRequest, signal: AbortSignal): Promise<{ vectors: number[][]; promptTokens: number }> {
  const parsed = embeddingsSchema.safeParse(await http.json('/v1/embeddings', { body: { model: engineModel, input: inputs, encoding_format: 'float' }, signal }));
  if (!parsed.success) throw new AppError('engine.bad_answer', { engine: name, detail: 'its embeddings have another shape, or no token usage' });
  const { data, usage } = parsed.data;
  const vectors = inputs.map((_, index) => data.find((one) => one.index === index)?.embedding);
  const [first] = vectors;
  if (data.length !== inputs.length || !vectors.every((vector) => vector !== undefined && vector.length === first?.length)) {
    throw new AppError('engine.bad_answer', { engine: name, detail: 'it gave not one embedding of one length for each input' });
  }
  if (usage.prompt_tokens > maxComputeUnits) throw new AppError('inference.input_too_large');
  return { vectors: vectors as number[][], promptTokens: usage.prompt_tokens };
}

/** The pictures in base64. @throws AppError engine.… */
export async function runImage({ name, http, engineModel }: Target, { prompt, count, width, height }: ImageRequest, signal: AbortSignal): Promise<string[]> {
  const body = { model: engineModel, prompt, n: count, size: `${width}x${height}`, response_format: 'b64_json' };
  const parsed = imagesSchema.safeParse(await http.json('/v1/images/generations', { body, signal }));
  if (!parsed.success || parsed.data.data.length !== count) throw new AppError('engine.bad_answer', { engine: name, detail: 'its images have another shape or another number' });
  return parsed.data.data.map(({ b64_json }) => b64_json);
}
