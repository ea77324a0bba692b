/** The job table: sortable, columns can be chosen, figures at the right, a row opens its panel (design.md, "Tables"). */
import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp, ChevronsUpDown, Columns3 } from 'lucide-react';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { JobView } from '../../../src-shared/bridge/views.ts';
import { Disclosure } from '../../components/disclosure.tsx';
import { JobMark } from '../../components/job-mark.tsx';
import { useNow } from '../../components/use-now.ts';
import { countText } from '../../format/amount.ts';
import { modelName, shortId } from '../../format/quantity.ts';
import { shortTimeText, workTimeText } from '../../format/time.ts';

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns,
});
const helper = createColumnHelper<typeof features, JobView>();

/** Columns by name: value to sort by and whether it is a figure. */
const definitions = [
  ['received', (job: JobView) => job.receivedMs, false],
  ['stage', (job: JobView) => job.stage, false],
  ['model', (job: JobView) => job.model, false],
  ['class', (job: JobView) => job.workloadClass, false],
  ['stack', (job: JobView) => Number(job.stackSmallId), true],
  ['tokens', (job: JobView) => (job.promptTokens ?? -1) + (job.completionTokens ?? 0), true],
  ['units', (job: JobView) => Number(job.computeUnits ?? -1n), true],
  ['total', (job: JobView) => job.timing?.totalMs ?? -1, true],
  ['proof', (job: JobView) => job.proof ?? '', false],
  ['ack', (job: JobView) => job.acknowledged ?? '', false],
] as const;
type ColumnName = (typeof definitions)[number][0];
const isFigure = (name: string): boolean => definitions.some(([id, , figure]) => id === name && figure);

const columns = helper.columns(definitions.map(([id, read]) => helper.accessor(read, { id })));

function cellOf(name: ColumnName, job: JobView, nowMs: number, t: TFunction): ReactNode {
  switch (name) {
    case 'received': {
      const time = shortTimeText(job.receivedMs, nowMs);
      return (
        <Link href={`/jobs/${job.taskId}`} aria-label={t('jobs.openRow', { time })}>
          {time}
        </Link>
      );
    }
    case 'stage':
      return <JobMark stage={job.stage} />;
    case 'model':
      return modelName(job.model);
    case 'class':
      return job.workloadClass;
    case 'stack':
      return `#${job.stackSmallId}`;
    case 'tokens':
      if (job.promptTokens === null) return '—';
      return job.completionTokens === null
        ? t('jobs.tokensIn', { prompt: countText(job.promptTokens) })
        : t('jobs.tokensOf', { prompt: countText(job.promptTokens), completion: countText(job.completionTokens) });
    case 'units':
      return job.computeUnits === null ? '—' : countText(job.computeUnits);
    case 'total':
      return job.timing === null ? '—' : workTimeText(job.timing.totalMs);
    case 'proof':
      return job.proof === null ? '—' : <code>{shortId(job.proof, 8)}</code>;
    case 'ack':
      return job.acknowledged === null ? (job.code ?? '—') : t(`jobs.ack.${job.acknowledged}`);
  }
}

const sortIcons = { asc: ArrowUp, desc: ArrowDown, none: ChevronsUpDown } as const;
const ariaSort = { asc: 'ascending', desc: 'descending', none: 'none' } as const;

/** `chosen` marks the row whose panel is open. */
export function JobsTable({ jobs, chosen, tools }: { jobs: JobView[]; chosen: string | null; tools?: ReactNode }) {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  const initialState = useMemo(() => ({ columnVisibility: { class: false, proof: false } }), []);
  const table = useTable({
    features,
    columns,
    data: jobs,
    initialState,
    getRowId: (job) => job.taskId,
    enableSortingRemoval: true,
  });
  const visible = table.getAllLeafColumns().filter((column) => column.getIsVisible());
  return (
    <>
      <div className="table-foot jobs-tools">
        {tools}
        <Disclosure
          button={
            <>
              <Columns3 size={15} aria-hidden="true" />
              {t('jobs.columns')}
            </>
          }
        >
          {() => (
            <fieldset className="column-list">
              <legend className="sr-only">{t('jobs.columns')}</legend>
              {table.getAllLeafColumns().map((column) => (
                <label key={column.id}>
                  <input
                    type="checkbox"
                    className="check"
                    checked={column.getIsVisible()}
                    disabled={column.id === 'received'}
                    onChange={(event) => column.toggleVisibility(event.target.checked)}
                  />
                  {t(`jobs.column.${column.id as ColumnName}`)}
                </label>
              ))}
            </fieldset>
          )}
        </Disclosure>
      </div>
      <div className="table-wrap tall" tabIndex={0} role="group" aria-label={t('page.jobs')}>
        <table className="table">
          <caption className="sr-only">{t('page.jobs')}</caption>
          <thead>
            <tr>
              {visible.map((column) => {
                const sorted = column.getIsSorted() || 'none';
                const Icon = sortIcons[sorted];
                return (
                  <th
                    key={column.id}
                    scope="col"
                    className={isFigure(column.id) ? 'right' : undefined}
                    aria-sort={ariaSort[sorted]}
                  >
                    <button
                      type="button"
                      className="sort"
                      onClick={() => column.toggleSorting(sorted === 'none' ? isFigure(column.id) : sorted === 'asc')}
                    >
                      {t(`jobs.column.${column.id as ColumnName}`)}
                      <Icon size={12} aria-hidden="true" />
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} className={row.id === chosen ? 'chosen' : undefined}>
                {visible.map((column) => {
                  const classes = isFigure(column.id)
                    ? 'right nowrap'
                    : column.id === 'received'
                      ? 'nowrap'
                      : undefined;
                  const content = cellOf(column.id as ColumnName, row.original, nowMs, t);
                  return column.id === 'received' ? (
                    <th scope="row" key={column.id} className={classes}>
                      {content}
                    </th>
                  ) : (
                    <td key={column.id} className={classes}>
                      {content}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
