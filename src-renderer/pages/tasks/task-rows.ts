/** Which tasks are shown, and what of a task is sorted by. */
import { parkedPrice } from '../../../src-shared/bridge/intents.ts';
import type { TaskView } from '../../../src-shared/bridge/views.ts';

/** The filters, in their order. */
export const taskFilters = ['all', 'servable', 'mine'] as const;
export type TaskFilter = (typeof taskFilters)[number];
/** A security level to show, or all. */
export type SecurityFilter = 'any' | TaskView['securityLevel'];

/** True while the subscription rests at the price nobody pays. */
export const isParked = (task: TaskView): boolean => task.subscription?.price === parkedPrice;
/** True when buyers can get this node on the task. */
export const isServed = (task: TaskView): boolean => task.subscription !== null && !isParked(task);

/** Offers that take part in draws, cheapest first. */
export const openOffers = (task: TaskView): TaskView['subscribers'] =>
  task.subscribers
    .filter((offer) => offer.price !== parkedPrice)
    .sort((a, b) => (a.price < b.price ? -1 : a.price > b.price ? 1 : 0));

/** Tasks that pass the filters; what this machine can serve first, then by number. */
export function shownTasks(
  tasks: readonly TaskView[],
  filter: TaskFilter,
  security: SecurityFilter,
  text: string,
): TaskView[] {
  const wanted = text.trim().toLowerCase();
  return tasks
    .filter((task) => (filter === 'all' ? true : filter === 'mine' ? task.subscription !== null : task.canServe))
    .filter((task) => security === 'any' || task.securityLevel === security)
    .filter(
      (task) =>
        wanted === '' || (task.model ?? '').toLowerCase().includes(wanted) || `#${task.taskSmallId}`.includes(wanted),
    )
    .sort((a, b) => Number(b.canServe) - Number(a.canServe) || Number(a.taskSmallId - b.taskSmallId));
}
