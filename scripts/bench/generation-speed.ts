/** Generation speed of the engine in its own process against a bare onnxruntime-node loop of the same model, one stream (product.md, Budgets). */
import { join } from 'node:path';
import { createInference } from '../../src-main/inference/create-inference.ts';
import { loadTokenizer } from '../../src-main/inference/tokenizer.ts';
import type { Inference, InferenceRequest } from '../../src-main/inference/types.ts';
import { silentLogger } from '../../src-main/log/logger.ts';
import { forkChild } from '../../src-main/platform/processes.ts';
import { bareGreedy, openBareModel } from './bare-loop.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave, median } from './statistics.ts';

const rounds = 9;
const messages = [{ role: 'user' as const, content: 'Hello there, who are you?' }];

/** The engine with the models of the repository. */
export const openEngine = (slots: number): Inference =>
  createInference(
    { processModule: join(import.meta.dirname, '../../src-main/inference/process.ts'), modelRoots: [join(import.meta.dirname, '../../resources/models')], slots },
    { spawn: forkChild, log: silentLogger, now: Date.now, random: Math.random },
  );

/** So hot that the model hardly ever chooses its end token: greedily it answers in 20 tokens, too few to measure a speed. */
export const longRequest = (model: string): InferenceRequest => ({
  model, messages, maxComputeUnits: 4_096, maxOutputTokens: null, sampling: { kind: 'seeded', seed: 6, temperature: 40, topP: 1 }, stop: [],
});

export const generationSpeed: Benchmark = {
  name: 'generation',
  run: async ({ log }) => {
    const engine = openEngine(1);
    try {
      const model = (await engine.readyModels())[0];
      if (model === undefined) return { omitted: 'no model of resources/models passes its checks' };
      const request = longRequest(model.id);
      const { signal } = new AbortController();
      const { completionTokens } = await engine.run(request, { signal });
      const prompt = (await loadTokenizer(model.folder)).encode(messages);
      // Handing out work to threads may help or not; the reference is the better of both.
      const [single, threaded] = [await openBareModel(model.folder, 1), await openBareModel(model.folder, 0)];
      const speeds = { engine: [] as number[], single: [] as number[], threaded: [] as number[] };
      const works = {
        engine: async () => void speeds.engine.push((await engine.run(request, { signal })).tokensPerSecond),
        single: async () => void speeds.single.push((await bareGreedy(single, prompt, completionTokens)).tokensPerSecond),
        threaded: async () => void speeds.threaded.push((await bareGreedy(threaded, prompt, completionTokens)).tokensPerSecond),
      };
      await interleave(2, works);
      for (const list of Object.values(speeds)) list.length = 0;
      await interleave(rounds, works);
      log(`bare loop: ${median(speeds.single).toFixed(0)} tokens/s on one thread, ${median(speeds.threaded).toFixed(0)} on as many as onnxruntime takes`);
      return [
        {
          name: 'generation speed, one stream',
          value: median(speeds.engine),
          unit: 'tokens/s',
          reference: Math.max(median(speeds.single), median(speeds.threaded)),
          budget: 0.97,
          of: 'ratio',
          direction: 'at least',
          note: `generation: ${completionTokens} tokens of ${model.id} through the inference process, seeded sampling included, against a greedy loop of as many tokens; the median of ${rounds} rounds in turn`,
        },
      ];
    } finally {
      await engine.close();
    }
  },
};
