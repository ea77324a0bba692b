/** Filters of the job list and its export as CSV (product.md, Jobs; design.md, "Tables"). */
import { stringify } from 'csv-stringify/browser/esm/sync';
import type { JobView } from '../../../src-shared/bridge/views.ts';
import type { JobStage } from '../../../src-shared/domain/job-stage.ts';

/** Groups of stages an operator asks for. */
export type JobFilter = 'all' | 'running' | 'delivered' | 'accepted' | 'failed';
/** The groups in order. */
export const jobFilters: readonly JobFilter[] = ['all', 'running', 'delivered', 'accepted', 'failed'];

const stagesByFilter: Record<JobFilter, readonly JobStage[] | null> = {
  all: null,
  running: ['received', 'decrypting', 'executing', 'proving'],
  delivered: ['proved'],
  accepted: ['accepted', 'duplicate'],
  failed: ['failed', 'rejected', 'declined'],
};

/** Stages of a filter; null asks for every stage. */
export const stagesOf = (filter: JobFilter): JobStage[] | null => stagesByFilter[filter]?.slice() ?? null;

/** A stack number as typed, with or without "#"; null when empty, undefined when it is no number. */
export function readStackFilter(text: string): bigint | null | undefined {
  const digits = text.trim().replace(/^#/, '');
  if (digits === '') return null;
  return /^\d{1,20}$/.test(digits) ? BigInt(digits) : undefined;
}

const csvColumns: readonly (readonly [string, (job: JobView) => string])[] = [
  ['task_id', (job) => job.taskId],
  ['received', (job) => new Date(job.receivedMs).toISOString()],
  ['finished', (job) => (job.finishedMs === null ? '' : new Date(job.finishedMs).toISOString())],
  ['stage', (job) => job.stage],
  ['class', (job) => job.workloadClass],
  ['model', (job) => job.model],
  ['stack', (job) => job.stackSmallId.toString()],
  ['task', (job) => job.taskSmallId.toString()],
  ['prompt_tokens', (job) => job.promptTokens?.toString() ?? ''],
  ['completion_tokens', (job) => job.completionTokens?.toString() ?? ''],
  ['compute_units', (job) => job.computeUnits?.toString() ?? ''],
  ['total_ms', (job) => job.timing?.totalMs.toString() ?? ''],
  ['proof', (job) => job.proof ?? ''],
  ['entry_index', (job) => job.entryIndex?.toString() ?? ''],
  ['acknowledged', (job) => job.acknowledged ?? ''],
  ['code', (job) => job.code ?? ''],
];

/** The jobs as CSV with a heading row. A leading = + - @ would run as a formula in a spreadsheet, and texts from the network may start so: they are escaped. */
export const csvOf = (jobs: readonly JobView[]): string =>
  stringify([csvColumns.map(([name]) => name), ...jobs.map((job) => csvColumns.map(([, read]) => read(job)))], {
    record_delimiter: '\r\n',
    escape_formulas: true,
  });
