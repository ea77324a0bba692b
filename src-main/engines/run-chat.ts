/** One chat completion at an engine: its budget found before, its text streamed, its usage taken from the engine and never guessed (coordinator.md 4 and 6; issue 4, item 5). */
import { z } from 'zod';
import type { EngineKind } from '../../src-shared/bridge/engine-calls.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { EngineHttp } from './engine-http.ts';
import { countPrompt } from './engine-kinds.ts';
import { readEvents } from './read-events.ts';
import type { ChatRequest } from './types.ts';

const count = z.number().int().min(0).max(2 ** 31);
const usageSchema = z.looseObject({ prompt_tokens: count.min(1), completion_tokens: count });
const finishSchema = z.enum(['stop', 'length']);
const chunkSchema = z.looseObject({
  choices: z.array(z.looseObject({ index: z.literal(0), delta: z.looseObject({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() })).max(1).optional(),
  usage: usageSchema.nullish(),
  error: z.unknown().optional(),
});
const wholeSchema = z.looseObject({ usage: usageSchema });

/** The engine it runs at. */
export type ChatTarget = { name: string; kind: EngineKind; http: EngineHttp; engineModel: string; contextTokens: number | null };
export type ChatAnswer = { content: string; finishReason: 'stop' | 'length'; promptTokens: number; completionTokens: number };
type Options = { signal: AbortSignal; onText(delta: string): void };

/** More than the template of any known model adds to a message, and to a prompt, in tokens. */
const perMessageTokens = 32;
const perPromptTokens = 512;

/**
 * Runs it. `onText` gets the pieces; joined they are the content.
 * @throws AppError inference.input_too_large before anything runs, engine.…; signal.reason on abort
 */
export async function runChat(target: ChatTarget, request: ChatRequest, { signal, onText }: Options): Promise<ChatAnswer> {
  const maxTokens = await outputBudget(target, request, signal);
  const body = { ...bodyOf(target, request), max_tokens: maxTokens, stream: true, stream_options: { include_usage: true } };
  const answer = await readAnswer(target, await target.http.stream('/v1/chat/completions', { body, signal }), { signal, onText });
  // What the engine says it used is what counts, so it has to fit what was locked.
  if (answer.completionTokens > maxTokens || answer.promptTokens + answer.completionTokens > request.maxComputeUnits) {
    throw broken(target, `it used ${answer.promptTokens} + ${answer.completionTokens} tokens where it may use ${request.maxComputeUnits}`);
  }
  return answer;
}

/** "max output = min(what the body asks, max_compute_units − input)" (coordinator.md 4), and never more than the context has left. */
async function outputBudget(target: ChatTarget, request: ChatRequest, signal: AbortSignal): Promise<number> {
  const room = Math.min(request.maxComputeUnits, target.contextTokens ?? Infinity);
  const wish = request.maxOutputTokens;
  // No tokenizer makes more tokens of a text than it has bytes: where even that fits, the wish is the budget whatever the count.
  if (wish !== null && mostPromptTokens(request) + wish <= room) return wish;
  const input = await promptTokens(target, request, signal);
  if (input >= room) throw new AppError('inference.input_too_large');
  return Math.min(wish ?? Infinity, room - input);
}

const mostPromptTokens = ({ messages }: ChatRequest): number =>
  messages.reduce((sum, { content }) => sum + Buffer.byteLength(content) + perMessageTokens, perPromptTokens);

/** By the engine's tokenizer; where it has none to ask, by a run of one token, whose usage names the prompt. */
async function promptTokens(target: ChatTarget, request: ChatRequest, signal: AbortSignal): Promise<number> {
  const { name, kind, http, engineModel } = target;
  const counted = await countPrompt(kind, { name, http, signal }, { model: engineModel, messages: request.messages });
  if (counted !== null) return counted;
  const parsed = wholeSchema.safeParse(await http.json('/v1/chat/completions', { body: { ...bodyOf(target, request), max_tokens: 1, stream: false }, signal }));
  if (!parsed.success) throw broken(target, 'it reports no token usage');
  return parsed.data.usage.prompt_tokens;
}

function bodyOf({ kind, engineModel }: ChatTarget, { messages, sampling, stop, exact }: ChatRequest): Record<string, unknown> {
  return {
    model: engineModel,
    messages,
    n: 1,
    ...(sampling.kind === 'greedy' ? { temperature: 0, top_p: 1 } : { temperature: sampling.temperature, top_p: sampling.topP, seed: sampling.seed }),
    ...(stop.length === 0 ? {} : { stop }),
    // llama.cpp computes another prompt in other batches when it keeps a part of an earlier one, and bits may differ.
    ...(kind === 'llama-cpp' && exact === true ? { cache_prompt: false } : {}),
  };
}

async function readAnswer(target: ChatTarget, stream: ReadableStream<Uint8Array>, { signal, onText }: Options): Promise<ChatAnswer> {
  let content = '';
  let finish: string | null = null;
  let usage: z.infer<typeof usageSchema> | null = null;
  let ended = false;
  try {
    for await (const data of readEvents(stream)) {
      signal.throwIfAborted();
      if (data === '[DONE]') {
        ended = true;
        break;
      }
      const chunk = readChunk(target, data);
      const [choice] = chunk.choices ?? [];
      const delta = choice?.delta?.content ?? '';
      if (delta !== '' && finish !== null) throw broken(target, 'text came after the end');
      if (delta !== '') onText(delta);
      content += delta;
      finish = choice?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
  } catch (caught) {
    signal.throwIfAborted();
    if (caught instanceof AppError) throw caught;
    throw new AppError('engine.unreachable', { engine: target.name }, { cause: caught });
  }
  signal.throwIfAborted();
  if (!ended) throw broken(target, 'its stream was cut off');
  const finishReason = finishSchema.safeParse(finish);
  if (!finishReason.success) throw broken(target, `it ended with ${finish === null ? 'no reason' : 'a reason nobody asked for'}`);
  if (usage === null) throw broken(target, 'it reports no token usage');
  return { content, finishReason: finishReason.data, promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
}

function readChunk(target: ChatTarget, data: string): z.infer<typeof chunkSchema> {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    throw broken(target, 'a piece of its stream is no JSON');
  }
  const parsed = chunkSchema.safeParse(json);
  if (!parsed.success) throw broken(target, 'a piece of its stream has another shape');
  if (parsed.data.error !== undefined && parsed.data.error !== null) throw new AppError('engine.failed', { engine: target.name, status: 200 });
  return parsed.data;
}

const broken = ({ name }: ChatTarget, detail: string): AppError => new AppError('engine.bad_answer', { engine: name, detail });
