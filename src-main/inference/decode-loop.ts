/** The plain decode loop over a graph with a key-value cache, one sequence without any padding: for graphs that understand no padding, and what batches are held against (stack.md 7). */
import type { Tensor } from 'onnxruntime-node';
import { numbersOf } from './batch-cache.ts';
import type { DecodeModel } from './loaded-model.ts';
import { logitsOf } from './run-step.ts';
import type { Picker } from './sampler.ts';

/** Why a loop ended: the model's end token, the caller's wish, or the given number of tokens. */
export type DecodeEnd = 'end_token' | 'stopped' | 'length';

/** Input of one loop. */
export type DecodeInput = {
  promptTokens: readonly number[];
  maxTokens: number;
  pick: Picker;
  /** Called with each token but the end token; true ends the loop after it. */
  onToken: (token: number) => boolean;
  signal: AbortSignal;
  /** Equal bytes are promised: nothing may run beside it that could change them. */
  exact?: boolean;
};

/** A model's output held no number: its weights or its provider are broken. */
export const NOT_A_NUMBER = 'the model produced no numbers';

/**
 * Decodes until the model ends, the caller stops it, `maxTokens` are made or `signal` aborts.
 * @returns the number of decoded tokens, the end token included, and why it ended
 * @throws signal.reason on abort, which is seen between two tokens; whatever the session throws
 */
export async function decode(model: DecodeModel, input: DecodeInput): Promise<{ tokens: number; end: DecodeEnd }> {
  const { promptTokens, maxTokens, pick, onToken, signal } = input;
  const { session, cache, endTokens } = model;
  const step = createStep(model, promptTokens, maxTokens);
  const fetches = ['logits', ...cache.map((slot) => slot.present)];
  for (let made = 0; made < maxTokens;) {
    signal.throwIfAborted();
    const outputs = await session.run(step.feeds, fetches);
    const token = pick(logitsOf(outputs['logits'] as Tensor, 0));
    if (token < 0) throw new Error(NOT_A_NUMBER);
    made++;
    if (endTokens.has(token)) return { tokens: made, end: 'end_token' };
    if (onToken(token)) return { tokens: made, end: 'stopped' };
    for (const slot of cache) step.feeds[slot.past] = outputs[slot.present] as Tensor;
    step.advance(token);
  }
  signal.throwIfAborted();
  return { tokens: maxTokens, end: 'length' };
}

/** The inputs of the next run: first the whole prompt with an empty past, then one token at a time over the growing cache. */
function createStep({ ort, session, cache, keepsLogits }: DecodeModel, promptTokens: readonly number[], maxTokens: number) {
  const length = promptTokens.length;
  // The mask of every step is a longer view of the same ones; token and position are written in place.
  const ones = new BigInt64Array(length + maxTokens).fill(1n);
  const token = new BigInt64Array(1);
  const position = new BigInt64Array(1);
  const tokenTensor = new ort.Tensor('int64', token, [1, 1]);
  const positionTensor = new ort.Tensor('int64', position, [1, 1]);
  const feeds: Record<string, Tensor> = {
    input_ids: new ort.Tensor('int64', BigInt64Array.from(promptTokens, BigInt), [1, length]),
    attention_mask: new ort.Tensor('int64', ones.subarray(0, length), [1, length]),
    position_ids: new ort.Tensor(
      'int64',
      BigInt64Array.from({ length }, (_, i) => BigInt(i)),
      [1, length],
    ),
  };
  for (const { past, heads, width, type } of cache) {
    feeds[past] = new ort.Tensor(type, numbersOf(type, 0) as Float32Array, [1, heads, 0, width]);
  }
  if (keepsLogits) feeds['num_logits_to_keep'] = new ort.Tensor('int64', BigInt64Array.of(1n), []);
  if (!session.inputNames.includes('position_ids')) delete feeds['position_ids'];
  let total = length;
  const advance = (next: number): void => {
    token[0] = BigInt(next);
    position[0] = BigInt(total);
    total++;
    feeds['input_ids'] = tokenTensor;
    if (feeds['position_ids']) feeds['position_ids'] = positionTensor;
    feeds['attention_mask'] = new ort.Tensor('int64', ones.subarray(0, total), [1, total]);
  };
  return { feeds, advance };
}
