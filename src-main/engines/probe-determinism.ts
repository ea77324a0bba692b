/** Decides whether an engine may serve tasks under sampling consensus: the same request, alone and among others, has to give the same bytes each time (issue 4, item 5; coordinator.md 4). */
import type { ChatRequest } from './types.ts';

const alone = 3;
const together = 6;
const prompt = 'List twelve animals, then tell in three sentences what the first and the last of them have in common.';
const tokens = 96;

/** The greedy chat request that is compared (0), and others that share the engine with it. */
export const probeChat = (model: string, variant: number): ChatRequest => ({
  model, messages: [{ role: 'user', content: probeText(variant) }], maxComputeUnits: 100_000, maxOutputTokens: tokens - 8 * variant, sampling: { kind: 'greedy' }, stop: [], exact: true,
});
/** The text that is compared (0), and others of other lengths. */
export const probeText = (variant: number): string => (variant === 0 ? prompt : `${prompt} ${'Be brief. '.repeat(variant)}`);

/**
 * Runs it; `run` gives all of an answer that could differ, as text. Runs at once share the engine with requests of other lengths, since what stands
 * in one batch is what changes bits.
 * @throws AppError engine.… when it does not answer
 */
export async function probeDeterminism(run: (variant: number) => Promise<string>, { concurrency }: { concurrency: number }): Promise<{ equal: boolean; alone: number; together: number }> {
  const answers: string[] = [];
  for (let time = 0; time < alone; time += 1) answers.push(await run(0));
  // Never more at once than the engine's own limit: the others of a batch are other requests.
  const places = Math.max(1, Math.min(together, concurrency));
  for (let done = 0; done < together; done += places) {
    const variants = Array.from({ length: places }, (_, place) => (place % 2 === 0 ? 0 : place));
    const ended = await Promise.all(variants.map(run));
    answers.push(...ended.filter((_, place) => variants[place] === 0));
  }
  return { equal: new Set(answers).size === 1, alone, together: answers.length - alone };
}
