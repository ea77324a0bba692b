/** Chooses the next prompt and its budget so that a stack is used up to the last few units (product.md: a stack settles at 95 %). */

/** A prompt a buyer may send; `answerBytes` is how long its answer is expected to be. */
export type Prompt = { readonly text: string; readonly answerBytes: number };

/** What to send next on a stack: `send` with its lock, `wait` for acknowledgements, or `spent`: nothing fits any more. */
export type RequestPlan = { readonly kind: 'send'; readonly prompt: Prompt; readonly maxComputeUnits: number } | { readonly kind: 'wait' } | { readonly kind: 'spent' };

/** Units kept for an answer whose length nobody knows yet. */
export const answerAllowance = 96;

const messageOverhead = 'user'.length + 4;
const answerHeader = 'assistant'.length + 2;
const slack = 2;

/** Upper estimate of a prompt's tokens: the model reads bytes, its template puts four marks and the role around each message and opens the answer. */
export const promptUnits = (text: string): number => Buffer.byteLength(text) + messageOverhead + answerHeader + slack;

/** Units the whole request will probably take: prompt, answer, end mark. */
const likelyUnits = (prompt: Prompt): number => promptUnits(prompt.text) - slack + prompt.answerBytes + 1;

/**
 * Plans one request. `pick` is any counter; it decides among equals.
 * While the stack has room, the lock is the prompt plus the allowance; the tail takes everything that is left.
 */
export function planRequest(facts: { prompts: readonly Prompt[]; unitsLeft: number; unitsLocked: number; pick: number }): RequestPlan {
  const { prompts, unitsLeft, pick } = facts;
  const fitting = prompts.filter((prompt) => promptUnits(prompt.text) + 1 <= unitsLeft);
  // Locks are larger than what is used in the end: what they give back may be enough.
  if (fitting.length === 0) return { kind: facts.unitsLocked > 0 ? 'wait' : 'spent' };
  const next = fitting[pick % fitting.length] as Prompt;
  const wanted = promptUnits(next.text) + answerAllowance;
  if (wanted <= unitsLeft) return { kind: 'send', prompt: next, maxComputeUnits: wanted };
  if (facts.unitsLocked > 0) return { kind: 'wait' };
  const gain = (prompt: Prompt): number => Math.min(likelyUnits(prompt), unitsLeft);
  const fullest = fitting.reduce((best, prompt) => (gain(prompt) > gain(best) ? prompt : best), next);
  return { kind: 'send', prompt: fullest, maxComputeUnits: unitsLeft };
}
