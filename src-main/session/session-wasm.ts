/** Lets the job pipeline run WASM functions, and refuses what asks for hardware that is not there (coordinator.md 4; issue 4, item 7). Wiring only. */
import { AppError } from '../../src-shared/errors.ts';
import type { Chain } from '../chain/create-chain.ts';
import type { JobWasm } from '../job/types.ts';
import type { SessionParts } from './session-parts.ts';

/** Levels at which a function may run on any machine; whatever else a task asks for, or is not known to ask for, needs a trusted execution environment. */
const openLevels: readonly string[] = ['none', 'sampling-consensus'];

/** The functions of a session; null where this machine runs none. */
export function wireWasm({ wasm }: Pick<SessionParts, 'wasm'>, chain: Pick<Chain, 'snapshot'>, confidential: { isOffered(): boolean }): JobWasm {
  return {
    run: async ({ taskSmallId, ...request }, options) => {
      const engine = wasm?.() ?? null;
      if (engine === null) throw new AppError('wasm.process_died');
      const level = chain.snapshot().tasks?.find((task) => task.taskSmallId === taskSmallId)?.securityLevel ?? 'unknown';
      if (!openLevels.includes(level) && !(level === 'confidential' && confidential.isOffered())) throw new AppError('wasm.needs_tee');
      return engine.run(request, options);
    },
  };
}
