/** Pages of requests as the window shows them, newest first, without prompt and answer (bridge call jobs.list). */
import { z } from 'zod';
import type { JobView } from '../../src-shared/bridge/views.ts';
import { isRunning, jobStageSchema, type JobStage } from '../../src-shared/domain/job-stage.ts';
import type { SqlRow, SqlValue } from '../platform/sqlite.ts';
import { plainInteger, unsignedInteger } from './columns.ts';
import { endedList, jobSource, openList } from './job-rows.ts';
import type { Store } from './open.ts';

/** What is asked of the list; `before` is the `next` of the page before. */
export type JobQuery = { limit: number; stages: readonly JobStage[] | null; stackSmallId: bigint | null; before: string | null };
export type JobPage = { items: JobView[]; total: number; next: string | null };

const maybe = plainInteger.nullable();
const viewRow = z
  .object({
    task_id: z.string(),
    task_small_id: unsignedInteger,
    stack_small_id: unsignedInteger,
    workload_class: z.string(),
    model: z.string(),
    stage: jobStageSchema,
    received_ms: plainInteger,
    finished_ms: maybe,
    code: z.string().nullable(),
    detail: z.string().nullable(),
    poe: z.string().nullable(),
    compute_units: unsignedInteger.nullable(),
    input_units: maybe,
    output_units: maybe,
    queued_ms: maybe,
    decrypt_ms: maybe,
    execute_ms: maybe,
    total_ms: maybe,
    status: z.enum(['accepted', 'duplicate', 'rejected']).nullable(),
    entry_index: maybe,
  })
  .transform((row): JobView => ({
    taskId: row.task_id,
    stackSmallId: row.stack_small_id,
    taskSmallId: row.task_small_id,
    workloadClass: row.workload_class,
    model: row.model,
    stage: row.stage,
    receivedMs: row.received_ms,
    finishedMs: row.finished_ms,
    promptTokens: row.input_units,
    completionTokens: row.output_units,
    computeUnits: row.compute_units,
    timing:
      row.queued_ms === null || row.decrypt_ms === null || row.execute_ms === null || row.total_ms === null
        ? null
        : { queuedMs: row.queued_ms, decryptMs: row.decrypt_ms, executeMs: row.execute_ms, totalMs: row.total_ms },
    proof: row.poe,
    entryIndex: row.entry_index,
    acknowledged: row.status,
    code: row.code,
    detail: row.detail,
  }));

const select = `SELECT j.task_id, j.task_small_id, j.stack_small_id, j.workload_class, j.model, j.stage, j.received_ms, j.finished_ms, j.code, j.detail,
  s.poe, s.compute_units, s.input_units, s.output_units, s.queued_ms, s.decrypt_ms, s.execute_ms, s.total_ms, a.status, a.entry_index
  FROM jobs j LEFT JOIN signing_records s ON s.task_id = j.task_id LEFT JOIN acks a ON a.task_id = j.task_id`;

type Part = { where: string; params: readonly SqlValue[] };

/** Reads one page. An unreadable `before` starts at the newest. */
export function listJobs(store: Store, query: JobQuery): JobPage {
  const { limit, stages, stackSmallId } = query;
  const ofStack: Part[] = stackSmallId === null ? [] : [{ where: 'j.stack_small_id = ?', params: [stackSmallId] }];
  const older = olderThan(query.before);
  // Stage by stage, since each has its rows in order of time: together they would all be sorted for one page.
  const groups: Part[][] = stages === null ? [ofStack] : stages.map((stage) => [ofStage(stage), ...ofStack]);
  const total = stackSmallId === null ? countAll(store, stages) : groups.reduce((sum, group) => sum + countOf(store, group), 0);
  // One more than asked for tells whether there is a next page; rows are counted before any is parked.
  const rows = groups.flatMap((group) => newest(store, [...group, ...older], limit + 1)).sort(newestFirst).slice(0, limit + 1);
  const last = rows[limit - 1];
  return {
    items: store.parse(jobSource, viewRow, rows.slice(0, limit)),
    total,
    next: rows.length > limit && last !== undefined ? `${String(last['received_ms'])}:${String(last['task_id'])}` : null,
  };
}

/** Names the partial index that holds the stage. */
const ofStage = (stage: JobStage): Part => ({ where: `j.${isRunning(stage) || stage === 'proved' ? openList : endedList} AND j.stage = ?`, params: [stage] });

function olderThan(before: string | null): Part[] {
  const [, atMs, taskId] = /^(\d{1,15}):([0-9A-Z]{1,40})$/.exec(before ?? '') ?? [];
  return atMs === undefined || taskId === undefined ? [] : [{ where: '(j.received_ms, j.task_id) < (?, ?)', params: [BigInt(atMs), taskId] }];
}

const clauseOf = (parts: readonly Part[]): string => (parts.length === 0 ? '' : ` WHERE ${parts.map(({ where }) => where).join(' AND ')}`);
const paramsOf = (parts: readonly Part[]): SqlValue[] => parts.flatMap(({ params }) => [...params]);

/** Ended requests are counted as they end; the open ones are few. */
function countAll(store: Store, stages: readonly JobStage[] | null): number {
  const ended = store.db.all('SELECT stage, jobs FROM job_totals');
  const open = store.db.all(`SELECT stage, count(*) AS jobs FROM jobs WHERE ${openList} GROUP BY stage`);
  return [...ended, ...open].filter(({ stage }) => stages?.includes(stage as JobStage) ?? true).reduce((sum, { jobs }) => sum + Number(jobs), 0);
}
const countOf = (store: Store, parts: readonly Part[]): number =>
  Number(store.db.get(`SELECT count(*) AS n FROM jobs j${clauseOf(parts)}`, ...paramsOf(parts))?.['n'] ?? 0n);
const newest = (store: Store, parts: readonly Part[], limit: number): SqlRow[] =>
  store.db.all(`${select}${clauseOf(parts)} ORDER BY j.received_ms DESC, j.task_id DESC LIMIT ?`, ...paramsOf(parts), BigInt(limit));

/** Order of {@link newest}, by bytes as SQLite compares them. */
function newestFirst(left: SqlRow, right: SqlRow): number {
  const [leftMs, rightMs] = [left['received_ms'] as bigint, right['received_ms'] as bigint];
  if (leftMs !== rightMs) return leftMs > rightMs ? -1 : 1;
  return String(left['task_id']) > String(right['task_id']) ? -1 : 1;
}

/** One request as the window shows it; null when there is no row of it. */
export const findJob = (store: Store, taskId: string): JobView | null => store.readOne(jobSource, viewRow, `${select} WHERE j.task_id = ?`, taskId);
