/** Tasks on chain with what this machine can do about each (product.md, Tasks). */
import type { TaskView } from '../../../src-shared/bridge/views.ts';
import { parkedPrice } from '../../../src-shared/bridge/intents.ts';

/** One task as the chain tells it. */
export type TaskOnChain = {
  taskSmallId: bigint;
  role: number;
  modelName: string | null;
  securityLevel: TaskView['securityLevel'] | 'sampling-consensus';
  minimumReputation: number;
  isDeprecated: boolean;
  subscribers: readonly { nodeSmallId: bigint; price: bigint; maxComputeUnits: bigint }[];
  recentStacks: readonly { price: bigint; computeUnits: bigint }[];
};

/** What this machine has. */
export type Serving = {
  nodeSmallId: bigint | null;
  reputation: number | null;
  /** Names of verified models and the roles they serve. */
  models: readonly { name: string; role: number; /** On another host. */ elsewhere?: boolean }[];
  /** It may serve confidential tasks; left out, it may not. */
  confidential?: boolean;
};

/** True when a subscription takes part: it is there and its price is not the parked one. */
export const isActive = (subscription: { price: bigint } | null): boolean => subscription !== null && subscription.price !== parkedPrice;

/** Builds the view of every task. */
export const taskViews = (tasks: readonly TaskOnChain[], serving: Serving): TaskView[] => tasks.map((task) => taskView(task, serving));

function taskView(task: TaskOnChain, serving: Serving): TaskView {
  const own = task.subscribers.find((subscriber) => subscriber.nodeSmallId === serving.nodeSmallId) ?? null;
  const whyNot = reasonAgainst(task, serving);
  return {
    taskSmallId: task.taskSmallId,
    role: task.role,
    model: task.modelName,
    securityLevel: task.securityLevel === 'sampling-consensus' ? 'sampling_consensus' : task.securityLevel,
    minimumReputation: task.minimumReputation,
    isDeprecated: task.isDeprecated,
    subscribers: task.subscribers.map(({ nodeSmallId, price, maxComputeUnits }) => ({ nodeSmallId, price, maxComputeUnits })),
    subscription: own === null ? null : { price: own.price, maxComputeUnits: own.maxComputeUnits },
    recentStacks: task.recentStacks.map(({ price, computeUnits }) => ({ price, computeUnits })),
    canServe: whyNot === null,
    whyNot,
  };
}

/** Roles that can be served at all; fine tuning (6) and training (7) are listed and refused (protocol.md 5.1; issue 4, item 1). */
const servedRoles: readonly number[] = [0, 1, 2, 3, 4, 5];
const imageRole = 3;

function reasonAgainst(task: TaskOnChain, { models, reputation, confidential = false }: Serving): TaskView['whyNot'] {
  if (task.isDeprecated) return 'deprecated';
  if (task.securityLevel === 'confidential' && !confidential) return 'confidential_hardware';
  const own = models.filter((model) => model.name === task.modelName && model.role === task.role);
  // What a buyer seals for this machine does not leave it for an engine elsewhere.
  const hasModel = own.length > 0 && !(task.securityLevel === 'confidential' && own.some(({ elsewhere }) => elsewhere === true));
  // An external engine may draw; this console cannot by itself.
  if (task.role === imageRole && !hasModel) return 'needs_engine';
  if (!servedRoles.includes(task.role)) return 'role_unsupported';
  if (reputation !== null && reputation < task.minimumReputation) return 'reputation';
  return hasModel ? null : 'model_missing';
}
