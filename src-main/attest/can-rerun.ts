/** Whether this node can run an entry again now: its kind of work, and the model where there is one (coordinator.md 2 and 7). */
import type { HistoryEntry } from '../core/attest-rows.ts';
import type { AttestDeps } from './types.ts';

/** `no_model`: not on this disk yet; `unsupported`: work of a kind that this machine does not run. */
export type CanRerun = 'yes' | 'no_model' | 'unsupported';

/** A WASM function brings its module with it; all other work needs the model that the coordinator names. */
export function canRerun({ workloadClass, model }: Pick<HistoryEntry, 'workloadClass' | 'model'>, { models, rerun }: Pick<AttestDeps, 'models' | 'rerun'>): CanRerun {
  if (workloadClass === 'wasm.run') return (rerun.wasm?.() ?? null) === null ? 'unsupported' : 'yes';
  if (workloadClass !== 'ai.inference' && rerun.perform === undefined) return 'unsupported';
  return models().includes(model) ? 'yes' : 'no_model';
}
