/** Chat completion bodies: the buyer's request, the result bytes in their fixed key order, and the chunks (coordinator.md 4). */
import { z } from 'zod';
import { ulidTimeMs } from '../domain/ids.ts';
import { seedOfTask } from './proof.ts';
import type { RoleTask, VisionPart } from './role-tasks.ts';

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
/** Pictures come inside the body: a node fetches nothing for a buyer. */
const imagePart = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string().regex(/^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/), detail: z.enum(['auto', 'low', 'high']).nullish() }),
});
const roleSchema = z.enum(['system', 'developer', 'user', 'assistant']);
const messageSchema = z.strictObject({ role: roleSchema, content: z.union([z.string(), z.array(textPart).min(1)]), name: z.string().nullish() });
const visionMessageSchema = z.strictObject({ role: roleSchema, content: z.union([z.string(), z.array(z.union([textPart, imagePart])).min(1)]), name: z.string().nullish() });
const positive = z.number().int().min(1);

/** What decides the answer. */
const decisive = {
  max_tokens: positive.nullish(),
  max_completion_tokens: positive.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  n: z.literal(1).nullish(),
};
/** What clients send along, where it changes nothing; any other value would be another answer than the one asked for, so it is refused. */
const neutral = {
  model: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().nullish() }).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  store: z.literal(false).nullish(),
  service_tier: z.enum(['auto', 'default']).nullish(),
  frequency_penalty: z.literal(0).nullish(),
  presence_penalty: z.literal(0).nullish(),
  logit_bias: z.strictObject({}).nullish(),
  logprobs: z.literal(false).nullish(),
  response_format: z.strictObject({ type: z.literal('text') }).nullish(),
  tools: z.array(z.never()).max(0).nullish(),
  tool_choice: z.literal('none').nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  modalities: z.tuple([z.literal('text')]).nullish(),
};

/** An OpenAI chat request as this node answers it; a field or value that it does not know is refused. Its own `stream` and `model` do not count. */
export const chatRequestSchema = z.strictObject({ messages: z.array(messageSchema).min(1), ...decisive, ...neutral });
export type ChatRequest = z.infer<typeof chatRequestSchema>;
/** The same, with pictures between the texts. */
export const visionRequestSchema = z.strictObject({ messages: z.array(visionMessageSchema).min(1), ...decisive, ...neutral });

/** What a run needs, as values. */
export type ChatPlan = {
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  /** The body's wish; null means all that the budget leaves. */
  maxOutputTokens: number | null;
  sampling: { kind: 'greedy' } | { kind: 'seeded'; seed: number; temperature: number; topP: number };
  stop: string[];
};
/** What a run about pictures needs. */
export type VisionPlan = Extract<RoleTask, { kind: 'see' }>;

/** Reads a body into a plan, or null when it is not a chat request (bad_payload). No temperature, or 0, means greedy. */
export function planChat(body: string, taskId: string): ChatPlan | null {
  const request = read(chatRequestSchema, body);
  if (request === null) return null;
  const messages = request.messages.map(({ role, content }) => ({ role: speaker(role), content: typeof content === 'string' ? content : content.map((part) => part.text).join('') }));
  return { messages, ...wishes(request, taskId) };
}

/** As {@link planChat}, for a conversation about pictures. */
export function planVision(body: string, taskId: string): VisionPlan | null {
  const request = read(visionRequestSchema, body);
  if (request === null) return null;
  const messages = request.messages.map(({ role, content }) => ({
    role: speaker(role),
    parts: (typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content).map((part): VisionPart =>
      part.type === 'text' ? { kind: 'text', text: part.text } : { kind: 'image', base64: part.image_url.url.slice(part.image_url.url.indexOf(',') + 1) }),
  }));
  return { kind: 'see', messages, ...wishes(request, taskId) };
}

const usageWishSchema = z.looseObject({ stream_options: z.looseObject({ include_usage: z.literal(true) }) });
/** True when the buyer wants the usage as the stream's last chunk. */
export const wantsUsageChunk = (body: string): boolean => read(usageWishSchema, body) !== null;

/** OpenAI's newer name of the system's voice; chat templates know the old one. */
const speaker = (role: z.infer<typeof roleSchema>): 'system' | 'user' | 'assistant' => (role === 'developer' ? 'system' : role);

function read<T>(schema: z.ZodType<T>, body: string): T | null {
  try {
    return schema.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

function wishes(request: Omit<ChatRequest, 'messages'>, taskId: string): Omit<ChatPlan, 'messages'> {
  const temperature = request.temperature ?? 0;
  const stop = request.stop ?? [];
  return {
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
    sampling:
      temperature === 0
        ? { kind: 'greedy' }
        : { kind: 'seeded', seed: seedFor(request.seed ?? null, taskId), temperature, topP: request.top_p ?? 1 },
    stop: typeof stop === 'string' ? [stop] : stop,
  };
}

/** A given seed counts modulo 2³²; without one the task decides. */
function seedFor(seed: number | null, taskId: string): number {
  return seed === null ? seedOfTask(taskId) : Number(BigInt.asUintN(32, BigInt(seed)));
}

/** What an answer is made of. */
export type ChatAnswer = {
  taskId: string;
  /** `<name>@<revision>` of the dispatch. */
  model: string;
  content: string;
  finishReason: 'stop' | 'length';
  promptTokens: number;
  completionTokens: number;
};

/** `created` of a result: the time in its task's ULID, whatever the clock says. */
export const createdSeconds = (taskId: string): number => Math.floor(ulidTimeMs(taskId) / 1000);

/** The result as compact JSON in exactly the key order of coordinator.md 4; its UTF-8 bytes are the result bytes. */
export function chatResultText(answer: ChatAnswer): string {
  const { taskId, model, content, finishReason, promptTokens, completionTokens } = answer;
  return JSON.stringify({
    id: `chatcmpl-${taskId}`,
    object: 'chat.completion',
    created: createdSeconds(taskId),
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finishReason }],
    usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens },
  });
}

/** One streamed piece of the answer as chat.completion.chunk JSON. */
export function chatChunkText(piece: { taskId: string; model: string; content: string }): string {
  return JSON.stringify({
    id: `chatcmpl-${piece.taskId}`,
    object: 'chat.completion.chunk',
    created: createdSeconds(piece.taskId),
    model: piece.model,
    choices: [{ index: 0, delta: { content: piece.content }, finish_reason: null }],
  });
}

/** The last chunk of a stream whose buyer asked for its usage: no choice, the result's own usage. */
export function chatUsageChunkText(end: { taskId: string; model: string; promptTokens: number; completionTokens: number }): string {
  const { taskId, model, promptTokens, completionTokens } = end;
  return JSON.stringify({
    id: `chatcmpl-${taskId}`,
    object: 'chat.completion.chunk',
    created: createdSeconds(taskId),
    model,
    choices: [],
    usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens },
  });
}
