/** What acknowledged work is worth, summed in SQL from quarters of an hour (product.md, Dashboard: earned, pending, claimable and claimed kept apart). */
import { z } from 'zod';
import { bigintColumn } from './chain-columns.ts';
import { flag, plainInteger, unsignedInteger } from './columns.ts';
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

const dayRow = z
  .object({
    day: z.string().transform((text, context) => {
      const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
      if (year !== undefined) return new Date(Number(year), Number(month) - 1, Number(day)).getTime();
      context.addIssue({ code: 'custom', message: 'not a day' });
      return z.NEVER;
    }),
    task_small_id: unsignedInteger,
    units: unsignedInteger,
    jobs: plainInteger,
    price: bigintColumn,
    sampling_consensus: flag,
  })
  .transform((columns) => ({
    dayMs: columns.day,
    taskSmallId: columns.task_small_id,
    units: columns.units,
    jobs: columns.jobs,
    price: columns.price,
    samplingConsensus: columns.sampling_consensus,
  }));
/** Acknowledged units of one local day, task and price; `dayMs` is the day's first moment. */
export type EarnedDayRow = z.output<typeof dayRow>;

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
    /** By local day, task and price, over all time, oldest first; stacks as in {@link quarters}. */
    days: (): EarnedDayRow[] => store.readAll(daySource, dayRow, 'SELECT * FROM earned_days ORDER BY day, task_small_id, price, sampling_consensus'),
    /** Acknowledged units of a stack. */
    unitsOf: (stackSmallId: bigint): bigint =>
      BigInt(store.db.get('SELECT coalesce(sum(units), 0) AS units FROM earned_units WHERE stack_small_id = ?', stackSmallId)?.['units'] as bigint),
  };
}
