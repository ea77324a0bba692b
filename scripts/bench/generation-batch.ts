/** Requests at once against the same requests one after the other, through the inference process (product.md, Budgets: 8 at once at least 3 × the single-stream aggregate). */
import type { Inference, InferenceRequest } from '../../src-main/inference/types.ts';

/** Requests that decode together. */
export const AT_ONCE = 8;
/** Length of each answer, as a chat answer has it. */
export const ANSWER_TOKENS = 64;
const QUESTIONS = ['Hello there, who are you?', 'Where is the red lamp?', 'Count.', 'What is two times seven?', 'Spell the word window.', 'Name a colour.', 'Say hello to Ada and Max, please.', 'Which day comes after Monday?'];
const never = new AbortController().signal;

/** Requests of equal length: seeds with which the model, asked so hotly that it writes noise, does not end before ANSWER_TOKENS. */
export async function equalRequests(engine: Inference, model: string): Promise<InferenceRequest[]> {
  const found: InferenceRequest[] = [];
  for (let seed = 1; found.length < AT_ONCE; seed++) {
    const content = QUESTIONS[found.length % QUESTIONS.length] as string;
    const request: InferenceRequest = {
      model, messages: [{ role: 'user', content }], maxComputeUnits: 4_096, maxOutputTokens: ANSWER_TOKENS, sampling: { kind: 'seeded', seed, temperature: 40, topP: 1 }, stop: [],
    };
    if ((await engine.run(request, { signal: never })).completionTokens === ANSWER_TOKENS) found.push(request);
  }
  return found;
}

/** Tokens per second of all requests, by the clock on the wall. */
async function aggregate(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (AT_ONCE * ANSWER_TOKENS * 1000) / (performance.now() - startedAt);
}

/** One after the other. */
export const inTurn = (engine: Inference, requests: readonly InferenceRequest[]): Promise<number> =>
  aggregate(async () => {
    for (const request of requests) await engine.run(request, { signal: never });
  });

/** All at once. */
export const together = (engine: Inference, requests: readonly InferenceRequest[]): Promise<number> =>
  aggregate(() => Promise.all(requests.map((request) => engine.run(request, { signal: never }))));
