/** One request in a side panel with an address of its own: timings by stage, proof, acknowledgement, cause; never prompts or answers. */
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../../src-shared/bridge/views.ts';
import { taskIdSchema, type TaskId } from '../../../src-shared/domain/ids.ts';
import { Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { JobMark } from '../../components/job-mark.tsx';
import { Notice } from '../../components/notice.tsx';
import { Progress } from '../../components/progress.tsx';
import { Read } from '../../components/read.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { Term } from '../../components/term.tsx';
import { useCall } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { dateTimeText, workTimeText } from '../../format/time.ts';

function Timings({ timing }: { timing: NonNullable<JobView['timing']> }) {
  const { t } = useTranslation();
  const { queuedMs, decryptMs, executeMs, totalMs } = timing;
  const rest = Math.max(0, totalMs - queuedMs - decryptMs - executeMs);
  const rows = [
    ['queued', queuedMs],
    ['decrypt', decryptMs],
    ['execute', executeMs],
    ['rest', rest],
  ] as const;
  return (
    <div className="section">
      <h3>{t('jobs.timings')}</h3>
      <ul className="timings">
        {rows.map(([name, ms]) => (
          <li key={name}>
            <span className="muted">{t(`jobs.timing.${name}`)}</span>
            <Progress percent={totalMs > 0 ? Math.round((100 * ms) / totalMs) : 0} label={t(`jobs.timing.${name}`)} />
            <span className="right">{workTimeText(ms)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Details({ job }: { job: JobView }) {
  const { t } = useTranslation();
  return (
    <>
      <div>
        <JobMark stage={job.stage} />
      </div>
      {job.code !== null && (
        <Notice tone={job.stage === 'declined' ? 'idle' : 'danger'} title={t('jobs.cause', { code: job.code })}>
          {job.detail !== null && <p className="break">{job.detail}</p>}
        </Notice>
      )}
      <Facts
        rows={[
          [t('jobs.requestId'), <IdText key="i" id={job.taskId} name={t('jobs.requestId')} whole />],
          [t('jobs.column.received'), dateTimeText(job.receivedMs)],
          [t('jobs.finished'), job.finishedMs === null ? t('jobs.notFinished') : dateTimeText(job.finishedMs)],
          [t('jobs.column.model'), job.model === '' ? job.workloadClass : job.model],
          [t('jobs.column.class'), job.workloadClass],
          [<Term key="s" name="stack" />, `#${job.stackSmallId}`],
          [t('jobs.task'), `#${job.taskSmallId}`],
          [t('jobs.promptTokens'), job.promptTokens === null ? '—' : countText(job.promptTokens)],
          [t('jobs.completionTokens'), job.completionTokens === null ? '—' : countText(job.completionTokens)],
          [<Term key="u" name="computeUnit" />, job.computeUnits === null ? '—' : countText(job.computeUnits)],
        ]}
      />
      {job.timing !== null && <Timings timing={job.timing} />}
      <div className="section">
        <h3>
          <Term name="proof" />
        </h3>
        <Facts
          rows={[
            [
              t('jobs.hash'),
              job.proof === null ? t('jobs.noProof') : <IdText key="p" id={job.proof} name={t('jobs.hash')} whole />,
            ],
            [t('jobs.entry'), job.entryIndex === null ? '—' : countText(job.entryIndex)],
            [
              t('jobs.column.ack'),
              job.acknowledged === null ? t('jobs.notAcknowledged') : t(`jobs.ack.${job.acknowledged}`),
            ],
          ]}
        />
      </div>
      <p className="hint">{t('jobs.privacy')}</p>
    </>
  );
}

/** Reads the request by its id, so that its address works however far down the list it is. */
export function JobPanel({ taskId, onClose }: { taskId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const id = taskIdSchema.safeParse(taskId);
  return (
    <Sheet title={t('jobs.panel')} onClose={onClose}>
      {id.success ? <FoundJob taskId={id.data} /> : <Notice tone="idle" role="status" title={t('jobs.notFound')} />}
    </Sheet>
  );
}

function FoundJob({ taskId }: { taskId: TaskId }) {
  const { t } = useTranslation();
  const query = useCall('jobs.get', { taskId });
  return (
    <Read query={query}>
      {(job) =>
        job === null ? <Notice tone="idle" role="status" title={t('jobs.notFound')} /> : <Details job={job} />
      }
    </Read>
  );
}
