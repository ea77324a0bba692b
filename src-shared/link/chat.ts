/** Chat completion bodies: the buyer's request, the result bytes in their fixed key order, and the chunks (coordinator.md 4). */
import { z } from 'zod';
import { ulidTimeMs } from '../domain/ids.ts';
import { seedOfTask } from './proof.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.union([z.string(), z.array(textPart).min(1)]),
});
const positive = z.number().int().min(1);

/** The part of an OpenAI chat request that decides the answer; its own `stream` and `model` do not count. */
export const chatRequestSchema = z.looseObject({
  messages: z.array(messageSchema).min(1),
  max_tokens: positive.nullish(),
  max_completion_tokens: positive.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  n: z.literal(1).nullish(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** What a run needs, as values. */
export type ChatPlan = {
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  /** The body's wish; null means all that the budget leaves. */
  maxOutputTokens: number | null;
  sampling: { kind: 'greedy' } | { kind: 'seeded'; seed: number; temperature: number; topP: number };
  stop: string[];
};

/** Reads a body into a plan, or null when it is not a chat request (bad_payload). No temperature, or 0, means greedy. */
export function planChat(body: string, taskId: string): ChatPlan | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = chatRequestSchema.safeParse(json);
  if (!parsed.success) return null;
  const request = parsed.data;
  const temperature = request.temperature ?? 0;
  const stop = request.stop ?? [];
  return {
    messages: request.messages.map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? content : content.map((part) => part.text).join(''),
    })),
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

const createdSeconds = (taskId: string): number => Math.floor(ulidTimeMs(taskId) / 1000);

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
