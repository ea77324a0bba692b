/** The latest requests at a glance; the whole list is a page of its own. */
import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Card } from '../../components/card.tsx';
import { JobMark } from '../../components/job-mark.tsx';
import { Empty } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { latestJobs } from '../../data/first-reads.ts';
import { countText } from '../../format/amount.ts';
import { shortTimeText, workTimeText } from '../../format/time.ts';
import { PlainTable } from '../../components/plain-table.tsx';

/** Six rows. */
export function LastJobsCard() {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  const jobs = useCall('jobs.list', latestJobs);
  return (
    <Card className="span-7" title={t('dashboard.lastJobs')} head={<Link href="/jobs">{t('dashboard.allJobs')}</Link>}>
      <Read query={jobs}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={ListChecks}>{t('jobs.empty')}</Empty>
          ) : (
            <PlainTable
              label={t('dashboard.lastJobs')}
              heads={[
                t('jobs.column.received'),
                t('jobs.column.stage'),
                { text: t('jobs.column.stack'), figure: true },
                { text: t('jobs.column.units'), figure: true },
                { text: t('jobs.column.total'), figure: true },
              ]}
            >
              {items.map((job) => (
                <tr key={job.taskId}>
                  <th scope="row" className="nowrap">
                    <Link
                      href={`/jobs/${job.taskId}`}
                      aria-label={t('jobs.openRow', { time: shortTimeText(job.receivedMs, nowMs) })}
                    >
                      {shortTimeText(job.receivedMs, nowMs)}
                    </Link>
                  </th>
                  <td>
                    <JobMark stage={job.stage} />
                  </td>
                  <td className="right">#{job.stackSmallId.toString()}</td>
                  <td className="right">{job.computeUnits === null ? '—' : countText(job.computeUnits)}</td>
                  <td className="right nowrap">{job.timing === null ? '—' : workTimeText(job.timing.totalMs)}</td>
                </tr>
              ))}
            </PlainTable>
          )
        }
      </Read>
    </Card>
  );
}
