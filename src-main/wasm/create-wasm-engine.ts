/** Runs WASM functions, each in a process that ends with it, whatever the module does (coordinator.md 4 and 6, wasm.run). */
import { createHash } from 'node:crypto';
import { ulidTimeMs } from '../../src-shared/domain/ids.ts';
import { AppError } from '../../src-shared/errors.ts';
import { wasmInstructions } from '../../src-shared/link/wasm.ts';
import type { Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { fetchModule } from './fetch-module.ts';
import { fromRun, type FromRun, type ToRun } from './messages.ts';
import type { WasmEngine, WasmRequest, WasmResult } from './types.ts';

export type WasmOptions = {
  /** Module of a run's process: process.ts, or its bundle. */
  processModule: string;
  /** A run that takes longer is given up, whatever its deadline. */
  timeLimitMs?: number;
};
type Deps = {
  spawn: SpawnChild;
  fetch: typeof globalThis.fetch;
  /** Modules may come from this machine: only where the whole network is on it. */
  allowLoopback(): boolean;
  schedule(delayMs: number, work: () => void): () => void;
  log: Logger;
};

/** Version of the definition of an instruction; another one would count differently. */
const meteringVersion = 1;
const defaultTimeLimitMs = 10 * 60_000;
const probeTaskId = '01J00000000000000000000000';
/** `(module (memory (export "memory") 0) (func (export "_start")))` */
const probeModule = 'AGFzbQEAAAABBAFgAAADAgEABQMBAAAHEwIGbWVtb3J5AgAGX3N0YXJ0AAAKBAECAAs=';

/** Creates the engine; a process starts with each run. */
export function createWasmEngine({ processModule, timeLimitMs = defaultTimeLimitMs }: WasmOptions, { spawn, fetch, allowLoopback, schedule, log }: Deps): WasmEngine {
  const inProcess = (order: ToRun, signal: AbortSignal): Promise<FromRun> =>
    new Promise((resolve, reject) => {
      const child = spawn(processModule, [processModule], { quiet: true });
      const end = (settle: () => void): void => {
        signal.removeEventListener('abort', stop);
        disarm();
        child.kill();
        settle();
      };
      const stop = (): void => end(() => reject(signal.reason as Error));
      const disarm = schedule(timeLimitMs, () => end(() => reject(new AppError('wasm.too_slow'))));
      child.onMessage((message) => {
        const parsed = fromRun.safeParse(message);
        if (!parsed.success) end(() => reject(new AppError('wasm.process_died', {}, { cause: parsed.error })));
        else if (parsed.data.kind === 'ready') child.send(order);
        else end(() => resolve(parsed.data));
      });
      child.onExit(() => end(() => reject(new AppError('wasm.process_died'))));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });

  const run = async (request: WasmRequest, { signal }: { signal: AbortSignal }): Promise<WasmResult> => {
    const { module, taskId, args, stdin } = request;
    const bytes = typeof module === 'string' ? Buffer.from(module, 'base64') : await fetchModule(module, signal, { fetch, allowLoopback: allowLoopback() });
    const order: ToRun = {
      kind: 'run', module: new Uint8Array(bytes), args, stdin: new Uint8Array(Buffer.from(stdin, 'base64')), taskId, taskTimeMs: ulidTimeMs(taskId), maxInstructions: wasmInstructions(request.maxComputeUnits),
    };
    const outcome = await inProcess(order, signal);
    switch (outcome.kind) {
      case 'ended':
        return { ...outcome, stdout: base64(outcome.stdout), stderr: base64(outcome.stderr), fingerprint: `wasm/${meteringVersion} metered any ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}` };
      case 'refused':
        throw new AppError('wasm.bad_module', { detail: outcome.detail });
      case 'output_too_large':
        throw new AppError('job.result_too_large');
      case 'failed':
        throw outcome.reason === 'out_of_memory' ? new AppError('inference.out_of_memory') : new AppError('wasm.process_died');
      case 'ready':
        throw new AppError('bug.unexpected', { stage: 'wasm' });
    }
  };

  return {
    run,
    async probe() {
      try {
        const { trap, instructions } = await run({ module: probeModule, args: [], stdin: '', taskId: probeTaskId, maxComputeUnits: 1n }, { signal: new AbortController().signal });
        return trap === null && instructions === 0n;
      } catch (error) {
        log.warn('wasm.unavailable', { error });
        return false;
      }
    },
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
