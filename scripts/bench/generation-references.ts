/** What generation speed is held against besides the bare loop: transformers.js's own pipeline on the same files (stack.md 7). */
import { basename, dirname, sep } from 'node:path';
import { loadTransformers } from '../../src-main/inference/runtime.ts';

/** Greedy generation by the pipeline's own loop: exactly `tokens` tokens for one conversation; resolves with tokens per second. */
export type PipelineRun = (content: string, tokens: number) => Promise<number>;

type Model = { generation_config: { eos_token_id: unknown } };
type Generate = (messages: { role: string; content: string }[], options: Record<string, unknown>) => Promise<unknown>;

/** Opens the text-generation pipeline of a model folder on the processor, with as many threads as the engine gives such a graph. */
export async function openPipeline(folder: string): Promise<{ run: PipelineRun; close(): Promise<void> }> {
  const { pipeline, env } = await loadTransformers();
  env.localModelPath = dirname(folder) + sep;
  const pipe = await pipeline('text-generation', basename(folder), { dtype: 'fp32', device: 'cpu', local_files_only: true, session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 } });
  // No token ends it: speed is measured over a fixed length.
  (pipe.model as unknown as Model).generation_config.eos_token_id = null;
  return {
    run: async (content, tokens) => {
      const startedAt = performance.now();
      await (pipe as unknown as Generate)([{ role: 'user', content }], { max_new_tokens: tokens, do_sample: false });
      return (tokens * 1000) / (performance.now() - startedAt);
    },
    close: async () => void (await pipe.dispose()),
  };
}
