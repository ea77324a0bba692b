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

const unitsRow = z.object({ stack_small_id: unsignedInteger, units: unsignedInteger, jobs: plainInteger });
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
    /** Acknowledged units and jobs per stack, over all time. */
    unitsByStack(): Map<bigint, { units: bigint; jobs: number }> {
      const rows = store.readAll(source, unitsRow, 'SELECT stack_small_id, sum(units) AS units, sum(jobs) AS jobs FROM earned_units GROUP BY stack_small_id');
      return new Map(rows.map((row) => [row.stack_small_id, { units: row.units, jobs: row.jobs }]));
    },
  };
}
