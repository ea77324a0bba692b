/** The job table: what each column shows and sorts by. */
import { useMemo, type ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { JobView } from '../../../src-shared/bridge/views.ts';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { JobMark } from '../../components/job-mark.tsx';
import { useNow } from '../../components/use-now.ts';
import { countText } from '../../format/amount.ts';
import { modelName, shortId } from '../../format/quantity.ts';
import { shortTimeText, workTimeText } from '../../format/time.ts';

function tokensText(job: JobView, t: TFunction): string {
  if (job.promptTokens === null) return '—';
  const prompt = countText(job.promptTokens);
  return job.completionTokens === null
    ? t('jobs.tokensIn', { prompt })
    : t('jobs.tokensOf', { prompt, completion: countText(job.completionTokens) });
}

/** Columns in their order; class and proof are shown when they are chosen. */
function columnsOf(nowMs: number, t: TFunction): Column<JobView>[] {
  const openLink = (job: JobView): ReactNode => {
    const time = shortTimeText(job.receivedMs, nowMs);
    return (
      <Link href={`/jobs/${job.taskId}`} aria-label={t('jobs.openRow', { time })}>
        {time}
      </Link>
    );
  };
  const ackText = (job: JobView): string =>
    job.acknowledged === null ? (job.code ?? '—') : t(`jobs.ack.${job.acknowledged}`);
  return [
    { id: 'received', head: t('jobs.column.received'), read: (job) => job.receivedMs, cell: openLink },
    {
      id: 'stage',
      head: t('jobs.column.stage'),
      read: (job) => job.stage,
      cell: (job) => <JobMark stage={job.stage} />,
    },
    { id: 'model', head: t('jobs.column.model'), read: (job) => job.model, cell: modelText },
    {
      id: 'class',
      head: t('jobs.column.class'),
      read: (job) => job.workloadClass,
      cell: (job) => job.workloadClass,
      hidden: true,
    },
    {
      id: 'stack',
      head: t('jobs.column.stack'),
      read: (job) => job.stackSmallId,
      cell: (job) => `#${job.stackSmallId}`,
      figure: true,
    },
    {
      id: 'tokens',
      head: t('jobs.column.tokens'),
      read: (job) => (job.promptTokens ?? -1) + (job.completionTokens ?? 0),
      cell: (job) => tokensText(job, t),
      figure: true,
    },
    {
      id: 'units',
      head: t('jobs.column.units'),
      read: (job) => job.computeUnits ?? -1n,
      cell: (job) => (job.computeUnits === null ? '—' : countText(job.computeUnits)),
      figure: true,
    },
    {
      id: 'total',
      head: t('jobs.column.total'),
      read: (job) => job.timing?.totalMs ?? -1,
      cell: (job) => (job.timing === null ? '—' : workTimeText(job.timing.totalMs)),
      figure: true,
    },
    {
      id: 'proof',
      head: t('jobs.column.proof'),
      read: (job) => job.proof ?? '',
      cell: (job) => (job.proof === null ? '—' : <code>{shortId(job.proof, 8)}</code>),
      hidden: true,
    },
    { id: 'ack', head: t('jobs.column.ack'), read: ackText, cell: ackText },
  ];
}

/** A function brings its own module and names no model. */
const modelText = (job: JobView): string => (job.model === '' ? job.workloadClass : modelName(job.model));

/** `chosen` marks the row whose panel is open. */
export function JobsTable({ jobs, chosen, tools }: { jobs: JobView[]; chosen: string | null; tools?: ReactNode }) {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  const columns = useMemo(() => columnsOf(nowMs, t), [nowMs, t]);
  return (
    <DataTable
      label={t('page.jobs')}
      rows={jobs}
      columns={columns}
      rowId={(job) => job.taskId}
      chosen={chosen}
      tools={tools}
    />
  );
}
