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

type Tasks = Pick<ReturnType<Chain['snapshot']>, 'subscriptions' | 'tasks'>;
type Task = NonNullable<Tasks['tasks']>[number];

const modelsOf = ({ modelName, role }: Task, models: readonly ReadyModel[]): ReadyModel[] => models.filter((model) => model.name === modelName && model.role === role);

/** Whether one of the models may serve the task. */
function isServed(task: Task, models: readonly ReadyModel[]): boolean {
  const own = modelsOf(task, models);
  // An engine that was not proved to give equal bytes serves no task whose answers others compute again.
  if (task.securityLevel === 'sampling-consensus') return own.some(({ exact }) => exact !== false);
  return own.length > 0 && !(task.securityLevel === 'confidential' && leavesMachine(task, models));
}

/** What a buyer sealed for this machine does not leave it: one engine elsewhere that takes the model is one too many. */
const leavesMachine = (task: Task, models: readonly ReadyModel[]): boolean => modelsOf(task, models).some(({ elsewhere }) => elsewhere === true);

/** Tasks subscribed at a real price whose model is on disk and verified; confidential ones only where this machine may serve them. */
export const servedTasks = ({ subscriptions, tasks }: Tasks, models: readonly ReadyModel[], confidential: boolean): bigint[] =>
  (tasks ?? [])
    .filter((task) => confidential || task.securityLevel !== 'confidential')
    .filter((task) => isActive(subscriptions?.get(task.taskSmallId) ?? null) && isServed(task, models))
    .map((task) => task.taskSmallId);

/** Confidential tasks that may not run here now: without the hardware all of them, else those whose model runs on another host. */
export const withheldTasks = ({ tasks }: Pick<Tasks, 'tasks'>, models: readonly ReadyModel[], confidential: boolean): ReadonlySet<bigint> =>
  new Set((tasks ?? []).filter((task) => task.securityLevel === 'confidential' && (!confidential || leavesMachine(task, models))).map((task) => task.taskSmallId));
