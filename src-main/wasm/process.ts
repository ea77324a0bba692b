/** Entry of the process of one run: a thread with a deep stack runs the module, the main thread stays free to hear and to be killed. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { connectParent } from '../platform/processes.ts';
import { toRun, type FromRun } from './messages.ts';
import { runModule } from './run-module.ts';

/** Far above what the measured call depth can take (decision on WASM functions), so that the measure always comes first. */
const threadLimits = { stackSizeMb: 64, maxOldGenerationSizeMb: 256 };

if (isMainThread) listen();
else void work();

function listen(): void {
  const parent = connectParent();
  // This very module, as the parent named it.
  const path = process.argv.at(-1) ?? '';
  parent.onClose(() => process.exit(0));
  parent.onMessage((message) => {
    const worker = new Worker(path, { workerData: toRun.parse(message), resourceLimits: threadLimits });
    worker.once('message', (outcome: FromRun) => parent.send(outcome));
    worker.once('error', (error) => parent.send({ kind: 'failed', reason: 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out_of_memory' : 'engine' } satisfies FromRun));
  });
  parent.send({ kind: 'ready' } satisfies FromRun);
}

async function work(): Promise<void> {
  const input = toRun.parse(workerData);
  parentPort?.postMessage((await runModule(input)) satisfies FromRun);
}
