/** Decides whether an engine may serve tasks under sampling consensus: the same greedy request, alone and among others, has to give the same bytes each time (issue 4, item 5; coordinator.md 4). */
import type { ChatAnswer } from './run-chat.ts';
import type { ChatRequest } from './types.ts';

type Run = (request: ChatRequest, signal: AbortSignal) => Promise<ChatAnswer>;

const alone = 3;
const together = 6;
const prompt = 'List twelve animals, then tell in three sentences what the first and the last of them have in common.';
const tokens = 96;

const requestOf = (model: string, content: string, maxOutputTokens: number): ChatRequest => ({
  model, messages: [{ role: 'user', content }], maxComputeUnits: 100_000, maxOutputTokens, sampling: { kind: 'greedy' }, stop: [], exact: true,
});

/**
 * Runs it. Concurrent runs share the engine with requests of other lengths, since what stands in one batch is what changes bits.
 * @throws AppError engine.… when it does not answer
 */
export async function probeDeterminism(model: string, run: Run, { concurrency, signal }: { concurrency: number; signal: AbortSignal }): Promise<{ equal: boolean; alone: number; together: number }> {
  const asked = requestOf(model, prompt, tokens);
  const answers: ChatAnswer[] = [];
  for (let time = 0; time < alone; time += 1) answers.push(await run(asked, signal));
  // Never more at once than the engine's own limit: the others of a batch are other requests.
  const places = Math.max(1, Math.min(together, concurrency));
  for (let done = 0; done < together; done += places) {
    const batch = Array.from({ length: places }, (_, place) => (place % 2 === 0 ? asked : requestOf(model, `${prompt} ${'Be brief. '.repeat(place)}`, tokens - 8 * place)));
    const ended = await Promise.all(batch.map((request) => run(request, signal)));
    answers.push(...ended.filter((_, place) => batch[place] === asked));
  }
  const texts = new Set(answers.map(({ content, promptTokens, completionTokens, finishReason }) => JSON.stringify([content, promptTokens, completionTokens, finishReason])));
  return { equal: texts.size === 1, alone, together: answers.length - alone };
}
