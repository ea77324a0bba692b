/** Writes the chat request of a buyer's n-th request, with the variety real buyers have: streams, sealed answers, sampling. */

/** The body and how it is to be answered. */
export type ChatRequestDraft = { readonly body: string; readonly stream: boolean; readonly sealedAnswer: boolean };

const streamEvery = 3;
/** Which requests want their answer sealed. */
export const sealedEvery = 7;
const sampledEvery = 11;

/** Every third is streamed, every seventh wants a sealed answer, every eleventh is sampled with a seed of its own. */
export function chatBody(facts: { number: number; prompt: string; modelName: string; maxTokens: number }): ChatRequestDraft {
  const { number, prompt, modelName, maxTokens } = facts;
  const stream = number % streamEvery === 0;
  const sampled = number % sampledEvery === 0 ? { temperature: 0.7, seed: number } : { temperature: 0 };
  const body = JSON.stringify({ model: modelName, messages: [{ role: 'user', content: prompt }], max_tokens: maxTokens, ...sampled, stream });
  return { body, stream, sealedAnswer: number % sealedEvery === 0 };
}
