/** A model in memory: session, tokenizer and the shapes the decode loop needs, read from a folder that was verified just before (stack.md 7). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import { GRAPH_FILE, verifyModelFolder } from './model-folder.ts';
import { type Ort, loadOrt, sessionOptions } from './runtime.ts';
import { type ModelTokenizer, loadTokenizer } from './tokenizer.ts';
import type { Provider, ReadyModel } from './types.ts';

/** One tensor of the key-value cache: its input name, its output name and its fixed dimensions. */
export type CacheSlot = { past: string; present: string; heads: number; width: number; type: 'float32' | 'float16' };

/** What the decode loop runs on. */
export type DecodeModel = {
  ort: Ort;
  session: InferenceSession;
  cache: readonly CacheSlot[];
  /** Most tokens that prompt and answer may have together, by the model's design. */
  contextTokens: number;
  endTokens: ReadonlySet<number>;
};

/** A model ready to answer. */
export type LoadedModel = DecodeModel & {
  ready: ReadyModel;
  tokenizer: ModelTokenizer;
  fingerprint: string;
  release(): Promise<void>;
};

const configSchema = z.object({
  max_position_embeddings: z.number().int().positive(),
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]),
});

/** The cache's tensors, in the order of the graph's inputs. */
export function cacheSlots(session: InferenceSession): CacheSlot[] {
  const slots: CacheSlot[] = [];
  for (const input of session.inputMetadata) {
    const match = /^past_key_values\.(\d+\.(?:key|value))$/.exec(input.name);
    if (!match) continue;
    if (!input.isTensor || (input.type !== 'float32' && input.type !== 'float16')) {
      throw new Error(`${input.name} is neither float32 nor float16`);
    }
    const [, heads, , width] = input.shape;
    if (typeof heads !== 'number' || typeof width !== 'number') throw new Error(`${input.name} has no fixed shape`);
    slots.push({ past: input.name, present: `present.${match[1]}`, heads, width, type: input.type });
  }
  if (slots.length === 0) throw new Error('the graph has no key-value cache');
  return slots;
}

/** Opens the graph on a provider and reads what the decode loop needs; the tokenizer is not needed here. */
export async function loadDecodeModel(folder: string, provider: Provider): Promise<DecodeModel> {
  const ort = await loadOrt();
  const config = configSchema.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
  const graph = await readFile(join(folder, GRAPH_FILE));
  const options = sessionOptions(provider, graph.byteLength, availableParallelism());
  const session = await ort.InferenceSession.create(graph, options);
  return {
    ort,
    session,
    cache: cacheSlots(session),
    contextTokens: config.max_position_embeddings,
    endTokens: new Set([config.eos_token_id].flat()),
  };
}

/** `<engine>/<version> <provider> <arch> <model sha-256, 12 hex>`: what equal bytes can depend on (coordinator.md 4). */
export const fingerprintOf = (version: string, provider: Provider, arch: string, sha256: string): string =>
  `onnxruntime-node/${version} ${provider} ${arch} ${sha256.slice(0, 12)}`;

/**
 * Verifies the folder, then loads it.
 * @returns the model, or the reason why its files are not what its model.json says
 */
export async function loadModel(folder: string, provider: Provider): Promise<LoadedModel | { detail: string }> {
  const ready = await verifyModelFolder(folder);
  if ('detail' in ready) return ready;
  const [decode, tokenizer] = [await loadDecodeModel(folder, provider), await loadTokenizer(folder)];
  const version = (decode.ort.env.versions as { node?: string }).node ?? decode.ort.env.versions.common;
  return {
    ...decode,
    ready,
    tokenizer,
    fingerprint: fingerprintOf(version, provider, process.arch, ready.sha256),
    release: () => decode.session.release(),
  };
}
