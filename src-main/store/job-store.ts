/** Everything of the store that the job pipeline and the link use, in one value (architecture.md, main-job steps 1 to 6). */
import { createJobRows, type JobRows } from './job-rows.ts';
import type { Store } from './open.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createResults, type Results } from './results.ts';
import { createStackWork, type StackWorkReader } from './stack-work.ts';

/** Table groups of the main job over one database, with its transaction. */
export type JobTables = { transaction: Store['transaction']; rows: JobRows; results: Results; outbox: Outbox; work: StackWorkReader };

/** Joins the table groups of an open store. */
export const createJobTables = (store: Store): JobTables => ({
  transaction: (work, durability) => store.transaction(work, durability),
  rows: createJobRows(store),
  results: createResults(store),
  outbox: createOutbox(store),
  work: createStackWork(store),
});
