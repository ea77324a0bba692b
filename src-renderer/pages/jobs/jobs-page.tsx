/** What did my machine do: every request with its stage, units, times and proof (product.md, Jobs). */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, ListChecks } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'wouter';
import type { CallOutput } from '../../../src-shared/bridge/index.ts';
import type { AppError } from '../../../src-shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { Field, Segments } from '../../components/field.tsx';
import { Empty } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useCall, useClient } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { csvOf, jobFilters, readStackFilter, stagesOf } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';
import { JobPanel } from './job-panel.tsx';
import { JobsTable } from './jobs-table.tsx';
import './jobs.css';

type Page = CallOutput<'jobs.list'>;
const pageSize = 50;

function useJobs(filter: JobFilter, stack: bigint | null) {
  const client = useClient();
  return useInfiniteQuery<Page, AppError, { pages: Page[] }, readonly unknown[], string | null>({
    queryKey: ['jobs.list', 'pages', filter, stack?.toString() ?? null],
    queryFn: ({ pageParam }) =>
      client.call('jobs.list', { limit: pageSize, stages: stagesOf(filter), stackSmallId: stack, before: pageParam }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
  });
}

function saveCsv(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'jobs.csv';
  link.click();
  URL.revokeObjectURL(url);
}

/** The page; `/jobs/<id>` opens the panel of that request. */
export function JobsPage() {
  const { t } = useTranslation();
  const { taskId } = useParams<{ taskId?: string }>();
  const [, navigate] = useLocation();
  const [filter, setFilter] = useState<JobFilter>('all');
  const [stackText, setStackText] = useState('');
  const stack = readStackFilter(stackText);
  const query = useJobs(filter, stack ?? null);
  const sandbox = useCall('node.get', {}).data?.network.kind === 'sandbox';
  const jobs = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? 0;
  const filtered = filter !== 'all' || stackText !== '';
  return (
    <>
      <PageHead title={t('page.jobs')} intro={t('jobs.intro')} />
      <div className="filters">
        <Segments
          legend={t('jobs.filterLegend')}
          value={filter}
          onChange={setFilter}
          options={jobFilters.map((entry) => [entry, t(`jobs.filter.${entry}`)] as const)}
        />
        <Field
          label={t('jobs.stackFilter')}
          placeholder={t('jobs.stackPlaceholder')}
          value={stackText}
          onChange={(event) => setStackText(event.target.value)}
          error={stack === undefined ? t('jobs.stackBad') : null}
        />
      </div>
      <Read query={query}>{() => null}</Read>
      {query.data !== undefined && jobs.length === 0 && (
        <Empty
          icon={ListChecks}
          action={
            filtered ? (
              <Button
                onClick={() => {
                  setFilter('all');
                  setStackText('');
                }}
              >
                {t('jobs.showAll')}
              </Button>
            ) : (
              sandbox && (
                <Link className="button" href="/network">
                  {t('stacks.emptyNetwork')}
                </Link>
              )
            )
          }
        >
          {t(filtered ? 'jobs.noneMatch' : 'jobs.empty')}
        </Empty>
      )}
      {jobs.length > 0 && (
        <>
          <JobsTable
            jobs={jobs}
            chosen={taskId ?? null}
            tools={
              <>
                <span className="muted" role="status">
                  {t('jobs.shown', { shown: countText(jobs.length), total: countText(total) })}
                </span>
                <Button
                  small
                  className="end"
                  icon={<Download size={15} aria-hidden="true" />}
                  onClick={() => saveCsv(csvOf(jobs))}
                >
                  {t('jobs.csv')}
                </Button>
              </>
            }
          />
          {query.hasNextPage && (
            <div className="table-foot">
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('jobs.more')}
              </Button>
            </div>
          )}
        </>
      )}
      {taskId !== undefined && <JobPanel taskId={taskId} onClose={() => navigate('/jobs')} />}
    </>
  );
}
