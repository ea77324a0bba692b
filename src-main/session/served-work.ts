/** What this machine can be asked to do now: workload classes by the models on disk, and the tasks it is subscribed to and can run. */
import type { WorkloadClass } from '../../src-shared/link/codes.ts';
import { workloadClassOfRole } from '../../src-shared/link/work.ts';
import type { Chain } from '../chain/create-chain.ts';
import { isActive } from '../core/views/task-views.ts';
import type { ReadyModel } from '../inference/types.ts';

/** Workload classes of the manifest (coordinator.md 2): only what the node can run. Images come from external engines alone, which list their models as ready. */
export const workloadClassesOf = (models: readonly ReadyModel[], wasm: boolean): WorkloadClass[] => [
  ...new Set(models.flatMap(({ role }) => workloadClassOfRole[role] ?? []).sort()),
  ...(wasm ? (['wasm.run'] as const) : []),
];

/** Tasks subscribed at a real price whose model is on disk and verified; confidential ones only where this machine may serve them. */
export function servedTasks({ subscriptions, tasks }: Pick<ReturnType<Chain['snapshot']>, 'subscriptions' | 'tasks'>, models: readonly ReadyModel[], confidential: boolean): bigint[] {
  // An engine that was not proved to give equal bytes serves no task whose answers others compute again.
  const serves = (name: string, role: number, exact: boolean): boolean => models.some((model) => model.name === name && model.role === role && (!exact || model.exact !== false));
  return (tasks ?? [])
    .filter((task) => confidential || task.securityLevel !== 'confidential')
    .filter((task) => isActive(subscriptions?.get(task.taskSmallId) ?? null) && task.modelName !== null && serves(task.modelName, task.role, task.securityLevel === 'sampling-consensus'))
    .map((task) => task.taskSmallId);
}
