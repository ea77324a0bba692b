/** Generation speed of the engine in its own process against a bare onnxruntime-node loop and transformers.js, one stream and several at once (product.md, Budgets). */
import { join } from 'node:path';
import { createInference } from '../../src-main/inference/create-inference.ts';
import { loadTokenizer } from '../../src-main/inference/tokenizer.ts';
import type { Inference, InferenceRequest } from '../../src-main/inference/types.ts';
import { silentLogger } from '../../src-main/log/logger.ts';
import { forkChild } from '../../src-main/platform/processes.ts';
import { bareGreedy, openBareModel } from './bare-loop.ts';
import type { Benchmark } from './benchmark.ts';
import type { Measurement } from './figure.ts';
import { ANSWER_TOKENS, AT_ONCE, equalRequests, inTurn, together } from './generation-batch.ts';
import { openPipeline } from './generation-references.ts';
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

type Speeds = Record<'engine' | 'single' | 'threaded' | 'inTurn' | 'together' | 'pipeline', number[]>;

export const generationSpeed: Benchmark = {
  name: 'generation',
  run: async ({ log }) => {
    const engine = openEngine(AT_ONCE);
    try {
      const model = (await engine.readyModels())[0];
      if (model === undefined) return { omitted: 'no model of resources/models passes its checks' };
      const request = longRequest(model.id);
      const { signal } = new AbortController();
      const { completionTokens } = await engine.run(request, { signal });
      const requests = await equalRequests(engine, model.id);
      const prompt = (await loadTokenizer(model.folder)).encode(messages);
      // Handing out work to threads may help or not; the reference is the better of both.
      const [single, threaded] = [await openBareModel(model.folder, 1), await openBareModel(model.folder, 0)];
      const pipeline = await openPipeline(model.folder);
      const speeds: Speeds = { engine: [], single: [], threaded: [], inTurn: [], together: [], pipeline: [] };
      const works = {
        engine: async () => void speeds.engine.push((await engine.run(request, { signal })).tokensPerSecond),
        single: async () => void speeds.single.push((await bareGreedy(single, prompt, completionTokens)).tokensPerSecond),
        threaded: async () => void speeds.threaded.push((await bareGreedy(threaded, prompt, completionTokens)).tokensPerSecond),
        inTurn: async () => void speeds.inTurn.push(await inTurn(engine, requests)),
        together: async () => void speeds.together.push(await together(engine, requests)),
        pipeline: async () => void speeds.pipeline.push(await pipeline.run(messages[0]?.content ?? '', ANSWER_TOKENS)),
      };
      await interleave(2, works);
      for (const list of Object.values(speeds)) list.length = 0;
      await interleave(rounds, works);
      await pipeline.close();
      log(`bare loop: ${median(speeds.single).toFixed(0)} tokens/s on one thread, ${median(speeds.threaded).toFixed(0)} on as many as onnxruntime takes`);
      return figuresOf(speeds, `${completionTokens} tokens of ${model.id}`);
    } finally {
      await engine.close();
    }
  },
};

/** Medians of all rounds against their references of the same rounds. */
function figuresOf(speeds: Speeds, what: string): Measurement[] {
  const of = (value: keyof Speeds, reference: number, budget: number) => ({ value: median(speeds[value]), unit: 'tokens/s', reference, budget, of: 'ratio' as const, direction: 'at least' as const });
  const batch = `generation: ${AT_ONCE} different requests of ${ANSWER_TOKENS} tokens each, at once and one after the other, by the clock on the wall, prompts included`;
  const beside = `generation: transformers.js's own text-generation pipeline, greedy, ${ANSWER_TOKENS} tokens, one stream, on as many threads as the engine; rounds in turn with all others`;
  return [
    { name: 'generation speed, one stream', ...of('engine', Math.max(median(speeds.single), median(speeds.threaded)), 0.97), note: `generation: ${what} through the inference process, seeded sampling included, against a bare greedy loop of as many tokens; the median of ${rounds} rounds in turn` },
    { name: `generation speed, ${AT_ONCE} at once`, ...of('together', median(speeds.inTurn), 3), note: batch },
    { name: 'generation speed against transformers.js, one stream', ...of('inTurn', median(speeds.pipeline), 1), note: beside },
    { name: `generation speed against transformers.js, ${AT_ONCE} at once`, ...of('together', median(speeds.pipeline), 3), note: beside },
  ];
}
