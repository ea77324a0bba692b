/** What each kind of engine is asked about itself: health, version, models (issue 4, item 5). The API for requests is the same for all. */
import { z } from 'zod';
import type { EngineKind } from '../../src-shared/bridge/engine-calls.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { EngineHttp } from './engine-http.ts';
import type { EngineFacts, ListedModel } from './types.ts';

const text = z.string().max(300);
const tokens = z.number().int().min(1).nullish();

const listSchema = z.object({
  data: z.array(z.looseObject({ id: text, max_model_len: tokens, root: text.nullish(), parent: text.nullish(), owned_by: text.nullish(), meta: z.looseObject({ n_ctx: tokens, n_params: z.number().nullish(), size: z.number().nullish() }).nullish() })).max(5_000),
});
const versionSchema = z.looseObject({ version: text });
const propsSchema = z.looseObject({ build_info: text.nullish(), default_generation_settings: z.looseObject({ n_ctx: tokens }).nullish() });
const tagsSchema = z.object({ models: z.array(z.looseObject({ name: text, digest: text })).max(5_000) });
const infoSchema = z.looseObject({ version: text.nullish(), model_id: text, model_sha: text.nullish(), model_dtype: text.nullish(), max_input_length: tokens });

type Ask = { name: string; http: EngineHttp; signal: AbortSignal };

async function get<T extends z.ZodType>({ name, http, signal }: Ask, path: string, schema: T): Promise<z.output<T>> {
  const parsed = schema.safeParse(await http.json(path, { signal }));
  if (!parsed.success) throw new AppError('engine.bad_answer', { engine: name, detail: `${path} has another shape than such an engine gives` });
  return parsed.data;
}
/** A part of the description that not every version offers: absent is not wrong. */
async function maybe<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (caught) {
    if (caught instanceof AppError && caught.code === 'engine.refused') return null;
    throw caught;
  }
}

/** The list every kind but TEI has; `identity` is all it says of the file behind a name. */
async function listed(ask: Ask): Promise<ListedModel[]> {
  const { data } = await get(ask, '/v1/models', listSchema);
  return data.map(({ id, max_model_len, root, parent, meta }) => ({
    id,
    contextTokens: max_model_len ?? meta?.n_ctx ?? null,
    identity: JSON.stringify([id, root ?? null, parent ?? null, meta?.n_params ?? null, meta?.size ?? null]),
  }));
}

const kinds: Record<EngineKind, (ask: Ask) => Promise<EngineFacts>> = {
  vllm: async (ask) => {
    const { version } = await get(ask, '/version', versionSchema);
    return { version, models: await listed(ask) };
  },
  'llama-cpp': async (ask) => {
    await ask.http.json('/health', { signal: ask.signal }); // 503 while a model loads
    const props = await maybe(get(ask, '/props', propsSchema));
    const models = await listed(ask);
    // What one slot has, where it says so: the model's own length is more than that.
    const slot = props?.default_generation_settings?.n_ctx ?? null;
    return { version: props?.build_info ?? null, models: models.map((model) => ({ ...model, contextTokens: slot ?? model.contextTokens })) };
  },
  ollama: async (ask) => {
    const { version } = await get(ask, '/api/version', versionSchema);
    const { models } = await get(ask, '/api/tags', tagsSchema);
    return { version, models: models.map(({ name, digest }) => ({ id: name, contextTokens: null, identity: digest })) };
  },
  tei: async (ask) => {
    const { version, model_id, model_sha, model_dtype, max_input_length } = await get(ask, '/info', infoSchema);
    return { version: version ?? null, models: [{ id: model_id, contextTokens: max_input_length ?? null, identity: JSON.stringify([model_id, model_sha ?? null, model_dtype ?? null]) }] };
  },
  openai: async (ask) => ({ version: null, models: await listed(ask) }),
};

/** Asks an engine what it is. @throws AppError engine.… */
export const askFacts = (kind: EngineKind, ask: Ask): Promise<EngineFacts> => kinds[kind](ask);

const countSchema = z.looseObject({ count: z.number().int().min(1), max_model_len: tokens });

/**
 * Tokens of a prompt by the engine's own tokenizer and template; null where the kind has no way to ask.
 * @throws AppError engine.…
 */
export async function countPrompt(kind: EngineKind, ask: Ask, request: { model: string; messages: readonly unknown[] }): Promise<number | null> {
  if (kind !== 'vllm') return null;
  const counted = countSchema.safeParse(await ask.http.json('/tokenize', { body: { ...request, add_generation_prompt: true }, signal: ask.signal }));
  if (!counted.success) throw new AppError('engine.bad_answer', { engine: ask.name, detail: '/tokenize has another shape than such an engine gives' });
  return counted.data.count;
}
