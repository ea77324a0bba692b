/** A model in memory: session, tokenizer and the shapes the decode loop needs, read from a folder that was verified just before (stack.md 7). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism, totalmem } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import type { Batching } from './batch-plan.ts';
import { type Decoder, createDecoder } from './decoder.ts';
import { GRAPH_FILE, verifyModelFolder } from './model-folder.ts';
import { type AddedEntries, exposeNewEntries } from './onnx-graph.ts';
import { probeBatching } from './probe-batching.ts';
import { readModelJson } from './read-model-json.ts';
import { type Ort, loadOrt, sessionOptions } from './runtime.ts';
import { type ModelTokenizer, loadTokenizer } from './tokenizer.ts';
import type { Provider, ReadyModel } from './types.ts';

/** One tensor of the key-value cache: its input name, its output name and its fixed dimensions. */
export type CacheSlot = { past: string; present: string; heads: number; width: number; type: 'float32' | 'float16'; added: AddedEntries };

/** What the decode loop runs on. */
export type DecodeModel = {
  ort: Ort;
  session: InferenceSession;
  cache: readonly CacheSlot[];
  /** Most tokens that prompt and answer may have together, by the model's design. */
  contextTokens: number;
  endTokens: ReadonlySet<number>;
  /** Outputs that a step needs: the logits and what it adds to the cache. */
  fetches: readonly string[];
  /** The graph asks how many positions' logits are wanted. */
  keepsLogits: boolean;
  /** Bytes of one token in the cache, all layers. */
  bytesPerEntry: number;
  /** What the processes' test at load found; `none` before it. */
  batching: Batching;
};

/** A model ready to answer. */
export type LoadedModel = DecodeModel & {
  ready: ReadyModel;
  tokenizer: ModelTokenizer;
  fingerprint: string;
  decoder: Decoder;
  release(): Promise<void>;
};

/** Requests of one model that decode together at most. */
const MAX_ROWS = 32;

/** Inputs of a decoder graph besides the cache, as optimum and transformers.js export it. */
const KNOWN_INPUTS: ReadonlySet<string> = new Set(['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep']);

const configSchema = z.object({
  max_position_embeddings: z.number().int().positive(),
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]),
});

/** The cache's tensors, in the order of the graph's inputs. */
export function cacheSlots(session: InferenceSession, added: ReadonlyMap<string, AddedEntries>): CacheSlot[] {
  const slots: CacheSlot[] = [];
  for (const input of session.inputMetadata) {
    const match = /^past_key_values\.(\d+\.(?:key|value))$/.exec(input.name);
    if (!match) continue;
    if (!input.isTensor || (input.type !== 'float32' && input.type !== 'float16')) {
      throw new Error(`${input.name} is neither float32 nor float16`);
    }
    const [, heads, , width] = input.shape;
    if (typeof heads !== 'number' || typeof width !== 'number') throw new Error(`${input.name} has no fixed shape`);
    const present = `present.${match[1]}`;
    slots.push({ past: input.name, present, heads, width, type: input.type, added: added.get(input.name) ?? { output: present, at: 'end' } });
  }
  if (slots.length === 0) throw new Error('the graph has no key-value cache');
  return slots;
}

/** Opens the graph on a provider and reads what the decode loop needs; the tokenizer is not needed here. */
export async function loadDecodeModel(folder: string, provider: Provider, index = 0): Promise<DecodeModel> {
  const ort = await loadOrt();
  const config = await readModelJson(folder, 'config.json', configSchema);
  const { file, added } = exposeNewEntries(await readFile(join(folder, GRAPH_FILE)));
  const session = await ort.InferenceSession.create(file, sessionOptions(provider, index, file.byteLength, availableParallelism()));
  const unknown = session.inputNames.filter((name) => !KNOWN_INPUTS.has(name) && !name.startsWith('past_key_values.'));
  if (unknown.length > 0) throw new Error(`the graph asks for ${unknown.join(', ')}, which is not known`);
  const cache = cacheSlots(session, added);
  return {
    ort,
    session,
    cache,
    contextTokens: config.max_position_embeddings,
    endTokens: new Set([config.eos_token_id].flat()),
    fetches: ['logits', ...cache.map((slot) => slot.added.output)],
    keepsLogits: session.inputNames.includes('num_logits_to_keep'),
    bytesPerEntry: cache.reduce((sum, { heads, width, type }) => sum + heads * width * (type === 'float32' ? 4 : 2), 0),
    batching: 'none',
  };
}

/** `<engine>/<version> <provider> <arch> <model sha-256, 12 hex>`: what equal bytes can depend on (coordinator.md 4). */
export const fingerprintOf = (version: string, provider: Provider, arch: string, sha256: string, engine = 'onnxruntime-node'): string =>
  `${engine}/${version} ${provider} ${arch} ${sha256.slice(0, 12)}`;

/**
 * Verifies the folder, then loads it and tries whether requests may share a run. `cacheBytes`: most memory for the caches of running requests; a quarter of the machine's by default.
 * @returns the model, or the reason why its files are not what its model.json says
 */
export async function loadModel(folder: string, provider: Provider, index = 0, cacheBytes?: number): Promise<LoadedModel | { detail: string }> {
  const ready = await verifyModelFolder(folder);
  if ('detail' in ready) return ready;
  const [graph, tokenizer] = [await loadDecodeModel(folder, provider, index), await loadTokenizer(folder)];
  const decode = { ...graph, batching: await probeBatching(graph) };
  const version = (decode.ort.env.versions as { node?: string }).node ?? decode.ort.env.versions.common;
  return {
    ...decode,
    ready,
    tokenizer,
    fingerprint: fingerprintOf(version, provider, process.arch, ready.sha256),
    decoder: createDecoder(decode, { maxRows: MAX_ROWS, cacheBytes: cacheBytes ?? Math.floor(totalmem() / 4) }),
    release: () => decode.session.release(),
  };
}
