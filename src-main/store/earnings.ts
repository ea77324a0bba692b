/** What acknowledged work is worth, summed in SQL from quarters of an hour (product.md, Dashboard: earned, pending, claimable and claimed kept apart). */
import { z } from 'zod';
import { bigintColumn } from './chain-columns.ts';
import { flag, plainInteger, unsignedInteger } from './columns.ts';
import { localDay, startOfDay } from '../platform/local-day.ts';
import type { Store } from './open.ts';

const earnedRow = z
  .object({
    quarter_ms: plainInteger,
    stack_small_id: unsignedInteger,
    task_small_id: unsignedInteger,
    units: unsignedInteger,
    jobs: plainInteger,
    price: bigintColumn,
    sampling_consensus: flag,
  })
  .transform((columns) => ({
    quarterMs: columns.quarter_ms,
    stackSmallId: columns.stack_small_id,
    taskSmallId: columns.task_small_id,
    units: columns.units,
    jobs: columns.jobs,
    price: columns.price,
    samplingConsensus: columns.sampling_consensus,
  }));
/** Acknowledged units of one stack within a quarter of an hour, with the stack's price. */
export type EarnedTableRow = z.output<typeof earnedRow>;

/** Checks only; what it gives is changed afterwards. A transform per column costs more than all the rest, and the chart of all time has thousands of rows. */
const dayRow = z.object({
  day: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  task_small_id: unsignedInteger,
  units: unsignedInteger,
  jobs: unsignedInteger,
  price: z.string().regex(/^\d{1,40}$/),
  sampling_consensus: z.union([z.literal(0n), z.literal(1n)]),
});
const dayOf = (columns: z.output<typeof dayRow>) => ({
  dayMs: startOfDay(columns.day),
  taskSmallId: columns.task_small_id,
  units: columns.units,
  jobs: Number(columns.jobs),
  price: BigInt(columns.price),
  samplingConsensus: columns.sampling_consensus === 1n,
});
/** Acknowledged units of one local day, task and price; `dayMs` is the day's first moment. */
export type EarnedDayRow = ReturnType<typeof dayOf>;

const sumRow = z
  .object({ units: unsignedInteger, price: bigintColumn, sampling_consensus: flag })
  .transform((columns) => ({ units: columns.units, price: columns.price, samplingConsensus: columns.sampling_consensus }));
/** Acknowledged units of one price. */
export type EarnedSum = z.output<typeof sumRow>;

const daySource = { table: 'earned_days', id: ['day', 'task_small_id', 'price', 'sampling_consensus'] } as const;
const source = { table: 'earned_units', id: ['quarter_ms', 'stack_small_id'] } as const;

/** Earnings of an open store. */
export function createEarnings(store: Store) {
  return {
    /** By quarter of an hour and stack, from `sinceMs` on, oldest first. A stack the chain was never read for has no price and is left out. */
    quarters: (sinceMs: number): EarnedTableRow[] =>
      store.readAll(
        source, earnedRow,
        `SELECT quarter_ms, stack_small_id, earned_units.task_small_id, units, jobs, price, sampling_consensus
         FROM earned_units JOIN stacks USING (stack_small_id) WHERE quarter_ms >= ? ORDER BY quarter_ms, stack_small_id`,
        BigInt(Math.trunc(sinceMs)),
      ),
    /** By local day, task and price, from the day of `sinceMs` on, oldest first; stacks as in {@link quarters}. */
    days: (sinceMs: number): EarnedDayRow[] =>
      store.readAll(daySource, dayRow, 'SELECT * FROM earned_days WHERE day >= ? ORDER BY day, task_small_id, price, sampling_consensus', localDay(sinceMs)).map(dayOf),
    /** By price, over all days before the one of `untilMs`. */
    before: (untilMs: number): EarnedSum[] =>
      store.readAll(
        daySource, sumRow,
        'SELECT price, sampling_consensus, sum(units) AS units FROM earned_days WHERE day < ? GROUP BY price, sampling_consensus',
        localDay(untilMs),
      ),
    /** Acknowledged units of a stack. */
    unitsOf: (stackSmallId: bigint): bigint =>
      BigInt(store.db.get('SELECT coalesce(sum(units), 0) AS units FROM earned_units WHERE stack_small_id = ?', stackSmallId)?.['units'] as bigint),
  };
}
