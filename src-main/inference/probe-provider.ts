/** A real tiny inference on one provider, inside a process that may crash for it (product.md, set-up step 3). */
import { decode } from './decode-loop.ts';
import { loadDecodeModel } from './loaded-model.ts';
import { verifyModelFolder } from './model-folder.ts';
import { argmax } from './sampler.ts';
import type { Provider } from './types.ts';

const PROMPT = [1, 2, 3, 4, 5, 6, 7, 8];
const TOKENS = 32;
const NEVER = new AbortController().signal;

/**
 * Loads the model on the provider and decodes a few tokens.
 * @returns tokens per second, after one run to warm up
 * @throws Error with the provider's own words when it is not there or does not work
 */
export async function probeProvider(provider: Provider, folder: string, nowMs: () => number): Promise<number> {
  const ready = await verifyModelFolder(folder);
  if ('detail' in ready) throw new Error(ready.detail);
  // No token ends the loop: speed is measured over a fixed number of steps.
  const model = { ...(await loadDecodeModel(folder, provider)), endTokens: new Set<number>() };
  const input = { promptTokens: PROMPT, maxTokens: TOKENS, pick: argmax, onToken: () => false, signal: NEVER };
  await decode(model, { ...input, maxTokens: 4 });
  const startedAtMs = nowMs();
  const { tokens } = await decode(model, input);
  return (tokens * 1000) / Math.max(nowMs() - startedAtMs, 0.001);
}
