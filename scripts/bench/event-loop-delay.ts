/** Event-loop delay of the main process while the engine generates on every slot and streams, against the same process idle (product.md, Budgets). */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openEngine } from './generation-speed.ts';
import type { Benchmark } from './benchmark.ts';
import { startBenchNode } from './pipeline/bench-node.ts';

const slots = 8;
/** A body may ask for a temperature of 2 at most; with this seed the model then talks for some 110 tokens. Each slot asks again at once. */
const body = JSON.stringify({ messages: [{ role: 'user', content: 'Count.' }], seed: 23, temperature: 2 });
const idleMs = 4_000;
const loadMs = 12_000;
/** The histogram holds the time between two ticks of this timer; what is above it is delay. */
const resolutionMs = 5;
const nanosecondsPerMs = 1e6;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** 99th percentile of the delay while `work` runs, in milliseconds. */
async function delayDuring(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  await work();
  histogram.disable();
  return Math.max(0, histogram.percentile(99) / nanosecondsPerMs - resolutionMs);
}

export const eventLoopDelay: Benchmark = {
  name: 'event-loop',
  run: async ({ folder, log }) => {
    const engine = openEngine(slots);
    const model = (await engine.readyModels())[0];
    if (model === undefined) return { omitted: 'no model of resources/models passes its checks' };
    const node = await startBenchNode({ dataDir: folder('event-loop'), model: model.id, slots, inference: engine });
    try {
      const answers = { count: 0, chunks: 0 };
      const keepBusy = async (untilMs: number): Promise<void> => {
        while (performance.now() < untilMs) {
          const { chunks } = await node.request({ body, model: model.id, stackSmallId: 7, maxComputeUnits: 4_096, stream: true });
          answers.count += 1;
          answers.chunks += chunks;
        }
      };
      const load = (ms: number): Promise<unknown> => Promise.all(Array.from({ length: slots }, () => keepBusy(performance.now() + ms)));
      await load(1_000);
      await node.settled();
      const idle = await delayDuring(() => pause(idleMs));
      answers.count = answers.chunks = 0;
      const loaded = await delayDuring(() => load(loadMs));
      log(`${answers.count} answers in ${answers.chunks} streamed pieces on ${slots} slots in ${loadMs / 1000} s`);
      return [
        {
          name: 'event-loop delay of the main process at full load, p99',
          value: loaded,
          unit: 'ms',
          reference: idle,
          budget: 20,
          of: 'value',
          direction: 'below',
          note: `event loop: store, keys, pipeline and link of the node in one process, ${slots} requests at once through the real inference process, streamed; the reference is the same process idle`,
        },
      ];
    } finally {
      await node.stop();
      await engine.close();
    }
  },
};
