/** Filters keep what they name, and parked offers take no part. */
import { describe, expect, it } from 'vitest';
import { parkedPrice } from '../../../src-shared/bridge/intents.ts';
import type { TaskView } from '../../../src-shared/bridge/views.ts';
import { isParked, isServed, openOffers, shownTasks, type SecurityFilter, type TaskFilter } from './task-rows.ts';

const task = (taskSmallId: bigint, change: Partial<TaskView> = {}): TaskView => ({
  taskSmallId,
  role: 0,
  model: `owner/model-${taskSmallId}`,
  securityLevel: 'none',
  minimumReputation: 0,
  isDeprecated: false,
  subscribers: [],
  subscription: null,
  recentStacks: [],
  canServe: true,
  whyNot: null,
  ...change,
});
const mine = task(3n, { subscription: { price: 5n, maxComputeUnits: 9n } });
const parked = task(4n, { subscription: { price: parkedPrice, maxComputeUnits: 9n } });
const tasks = [
  task(1n, { canServe: false, whyNot: 'model_missing' }),
  task(2n, { securityLevel: 'sampling_consensus' }),
  mine,
  parked,
];

describe('shownTasks', () => {
  it.each<[TaskFilter, SecurityFilter, string, bigint[]]>([
    ['all', 'any', '', [2n, 3n, 4n, 1n]],
    ['servable', 'any', '', [2n, 3n, 4n]],
    ['mine', 'any', '', [3n, 4n]],
    ['all', 'sampling_consensus', '', [2n]],
    ['all', 'any', ' MODEL-1 ', [1n]],
    ['all', 'any', '#3', [3n]],
    ['all', 'any', 'nothing', []],
  ])('%s, %s, "%s"', (filter, security, text, ids) =>
    expect(shownTasks(tasks, filter, security, text).map((one) => one.taskSmallId)).toEqual(ids),
  );
});

describe('offers', () => {
  it('tells a parked offer from a served one', () => {
    expect([isParked(mine), isServed(mine), isParked(parked), isServed(parked), isServed(tasks[0]!)]).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });
  it('lists open offers, cheapest first', () => {
    const offers = [7n, parkedPrice, 5n].map((price, index) => ({
      nodeSmallId: BigInt(index),
      price,
      maxComputeUnits: 1n,
    }));
    expect(openOffers(task(1n, { subscribers: offers })).map((offer) => offer.price)).toEqual([5n, 7n]);
  });
});
