/** The WASM engine of the node: offered once a real run succeeded here, and remembered over restarts, so that the first manifest already has it (coordinator.md 2: only what the node can run). */
import { z } from 'zod';
import type { Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { schedule } from '../platform/schedule.ts';
import type { Settings } from '../store/settings.ts';
import { createWasmEngine } from '../wasm/create-wasm-engine.ts';
import type { WasmEngine } from '../wasm/types.ts';

export type NodeWasm = {
  /** The engine where it runs; null where it does not, or is not known to. */
  ready(): WasmEngine | null;
  /** Tries it; calls `changed` when the answer is another than before. */
  probe(): Promise<void>;
};

type Deps = { spawn: SpawnChild; settings: Settings; allowLoopback(): boolean; changed(): void; log: Logger };

const provedKey = 'wasm.proved';
const provedSchema = z.boolean();

/** Creates it for a process module; without one nothing is ever offered. */
export function createNodeWasm({ processModule }: { processModule: string | undefined }, { spawn, settings, allowLoopback, changed, log }: Deps): NodeWasm {
  if (processModule === undefined) return { ready: () => null, probe: async () => undefined };
  const engine = createWasmEngine({ processModule }, { spawn, fetch, allowLoopback, schedule, log: log.child({ part: 'wasm' }) });
  const proved = (): boolean => settings.get(provedKey, provedSchema) ?? false;
  return {
    ready: () => (proved() ? engine : null),
    async probe() {
      const runs = await engine.probe();
      if (runs === proved()) return;
      settings.set(provedKey, runs);
      changed();
    },
  };
}
