/** Loads onnxruntime-node and transformers.js on first use, the same from ES modules and from the CommonJS bundle (stack.md 0 and 7). */
import type * as OnnxRuntime from 'onnxruntime-node';
import type * as Transformers from '@huggingface/transformers';
import type { Provider } from './types.ts';

export type Ort = typeof OnnxRuntime;

/** An imported CommonJS module has its exports under `default` as an ES module, and is itself when required. */
const exportsOf = <T>(module: T): T => (module as { default?: T }).default ?? module;

let ort: Promise<Ort> | null = null;
/** onnxruntime-node, loaded once per process. */
export function loadOrt(): Promise<Ort> {
  ort ??= import('onnxruntime-node').then(exportsOf);
  return ort;
}

let transformers: Promise<typeof Transformers> | null = null;
/** transformers.js, loaded once per process and cut off from the network: models come from disk, verified. */
export function loadTransformers(): Promise<typeof Transformers> {
  transformers ??= import('@huggingface/transformers').then((module) => {
    const loaded = (module as { AutoTokenizer?: unknown }).AutoTokenizer ? module : exportsOf(module);
    loaded.env.allowRemoteModels = false;
    loaded.env.allowLocalModels = true;
    loaded.env.useFSCache = false;
    loaded.env.useBrowserCache = false;
    return loaded;
  });
  return transformers;
}

const ORT_NAMES: Record<Provider, string> = {
  cpu: 'cpu',
  webgpu: 'webgpu',
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
};
const SMALL_GRAPH_BYTES = 64 * 1024 * 1024;

/**
 * Session options of a provider. It stands alone in the list: naming a missing provider throws and nothing falls back in silence (stack.md 7).
 * `index` chooses among several cards. A small graph runs on one thread, where handing out work costs more than it saves.
 */
export function sessionOptions(
  provider: Provider,
  index: number,
  graphBytes: number,
  cores: number,
): OnnxRuntime.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider === 'cuda' ? { name: 'cuda', deviceId: index } : provider === 'directml' ? { name: 'dml', deviceId: index } : ORT_NAMES[provider]],
    intraOpNumThreads: graphBytes < SMALL_GRAPH_BYTES ? 1 : Math.max(1, cores),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  };
}
