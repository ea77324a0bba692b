/** A task's life: creation, retirement, removal (protocol.md 2.4, 2.7, 5.1). */
import { dbAbort, effect, ensure } from './outcome.ts';
import type { Effect, RuleContext } from './outcome.ts';
import { termsOf } from './terms.ts';
import { withEntry, withoutEntry } from './world.ts';
import type { TaskRecord, World } from './world.ts';

/** The task, or abort 17. */
export const taskOf = (world: World, taskId: bigint): TaskRecord => world.tasks.get(taskId) ?? dbAbort(17);

/** What a new task is to be; null = not given. */
export interface TaskRequest {
  readonly role: number;
  readonly modelName: string | null;
  readonly security: number | null;
  readonly minimumReputation: number | null;
  /** G2 only: false makes a task by invitation. Left out = public, as all of G1 are. */
  readonly isPublic?: boolean;
}

/** Creates a task and grants its badge; in G2 the caller has checked the manager's badge. Aborts: 35, 36, 44 (G2 43). */
export const createTask = (world: World, request: TaskRequest): Effect => {
  const { constants, securityCodes, offsets } = termsOf(world.generation);
  ensure(request.role <= constants.maxTaskRole, 35);
  const security = request.security ?? securityCodes.none;
  ensure(Object.values(securityCodes).includes(security), 36);
  ensure((request.minimumReputation ?? 0) <= constants.maxReputation, offsets.minimumReputation);
  const smallId = world.nextTask;
  const record: TaskRecord = {
    role: request.role,
    modelName: request.modelName,
    deprecatedAtEpoch: null,
    security,
    minimumReputation: request.minimumReputation ?? 0,
    offers: new Map(),
    nodeList: [],
    isPublic: request.isPublic ?? true,
    whitelist: [],
  };
  return effect(
    { ...world, nextTask: smallId + 1n, tasks: withEntry(world.tasks, smallId, record) },
    {
      grant: { badge: 'TaskBadge', smallId },
      events: [
        {
          name: 'TaskRegisteredEvent',
          fields: {
            taskSmallId: smallId,
            role: request.role,
            modelName: request.modelName,
            securityLevel: security,
            minimumReputationScore: request.minimumReputation,
          },
        },
      ],
    },
  );
};

/** Retires a task: no new subscriptions or updates, purchases go on. Aborts: 17, 34. */
export const deprecateTask = (world: World, context: RuleContext, taskId: bigint): Effect => {
  const task = taskOf(world, taskId);
  ensure(task.deprecatedAtEpoch === null, 34);
  return effect(
    { ...world, tasks: withEntry(world.tasks, taskId, { ...task, deprecatedAtEpoch: context.epoch }) },
    { events: [{ name: 'TaskDeprecationEvent', fields: { taskSmallId: taskId, epoch: context.epoch } }] },
  );
};

const removed = (world: World, context: RuleContext, taskId: bigint, waitEpochs: bigint): World => {
  const task = taskOf(world, taskId);
  if (task.deprecatedAtEpoch === null) return dbAbort(20);
  ensure(context.epoch >= task.deprecatedAtEpoch + waitEpochs, 19);
  return { ...world, tasks: withoutEntry(world.tasks, taskId) };
};

/** Removes a retired task for its owner. Aborts: 17, 20, 19. */
export const removeTask = (world: World, context: RuleContext, taskId: bigint): Effect =>
  effect(removed(world, context, taskId, termsOf(world.generation).constants.taskRemovalWaitEpochs), {
    events: [{ name: 'TaskRemovedEvent', fields: { taskSmallId: taskId, removedAtEpoch: context.epoch } }],
  });

/** Removes a retired task for the administrator; emits nothing (protocol.md 2.7). */
export const removeTaskByAdmin = (world: World, context: RuleContext, taskId: bigint): Effect =>
  effect(removed(world, context, taskId, termsOf(world.generation).constants.taskRemovalByAdminWaitEpochs));

/** G2: the administrator admits nodes to a private task. Aborts: 17, 44. */
export const whitelistNodes = (world: World, taskId: bigint, nodes: readonly bigint[]): Effect => {
  const task = taskOf(world, taskId);
  ensure(!task.isPublic, 44);
  const whitelist = [...task.whitelist, ...nodes];
  return effect({ ...world, tasks: withEntry(world.tasks, taskId, { ...task, whitelist }) });
};
