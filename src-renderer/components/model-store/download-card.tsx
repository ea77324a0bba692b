/** A download or repair under way: how far, how fast, what holds it up, and the way to pause, resume or drop it. */
import { CircleAlert, Clock, Download, Pause, ScanSearch } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ModelDownloadView } from '../../../src-shared/bridge/model-calls.ts';
import { useTell } from '../announcer.tsx';
import { Button } from '../button.tsx';
import { Card } from '../card.tsx';
import { Notice } from '../notice.tsx';
import { Progress } from '../progress.tsx';
import { Mark } from '../state-pill.tsx';
import { useNow } from '../use-now.ts';
import { useAct } from '../../data/client.tsx';
import { sizeText } from '../../format/quantity.ts';
import { durationText } from '../../format/time.ts';
import { actOf, leftMs, percentDone } from './progress-of.ts';

const marks = {
  queued: ['idle', Clock],
  downloading: ['executing', Download],
  waiting: ['unstaking', Clock],
  verifying: ['ready', ScanSearch],
  paused: ['idle', Pause],
  failed: ['danger', CircleAlert],
} as const;

/** Why it stands still, and until when. */
function Held({ download }: { download: ModelDownloadView }) {
  const { t } = useTranslation();
  const nowMs = useNow(1_000);
  if (download.error === null) return null;
  const { nextAttemptMs } = download;
  return (
    <Notice tone={download.state === 'failed' ? 'danger' : 'unstaking'} title={download.error.message}>
      {nextAttemptMs !== null && (
        <p>{t('models.nextAttempt', { time: durationText(Math.max(0, nextAttemptMs - nowMs)) })}</p>
      )}
    </Notice>
  );
}

/** Bytes, speed and time left in one line; what is not known is left out. */
function Line({ download }: { download: ModelDownloadView }) {
  const { t } = useTranslation();
  const left = leftMs(download);
  const parts = [
    t('models.bytes', { done: sizeText(download.doneBytes), total: sizeText(download.totalBytes) }),
    download.bytesPerSecond === null ? null : t('models.speed', { size: sizeText(download.bytesPerSecond) }),
    left === null ? null : t('models.left', { time: durationText(left) }),
    t('models.filesChecked', { done: download.filesVerified, count: download.files }),
  ];
  return <p className="hint">{parts.filter((part) => part !== null).join(' · ')}</p>;
}

/** The card. */
export function DownloadCard({ download, level = 3 }: { download: ModelDownloadView; level?: 2 | 3 }) {
  const { t } = useTranslation();
  const tell = useTell();
  const act = actOf(download.state);
  const pause = useAct('models.pause', ['models.get']);
  const resume = useAct('models.resume', ['models.get']);
  const cancel = useAct('models.cancel', ['models.get']);
  const told = { onError: (error: Error) => tell(false, error.message) };
  const [tone, icon] = marks[download.state];
  return (
    <Card
      title={download.name}
      level={level}
      head={
        <Mark tone={tone} icon={icon}>
          {t(`models.state.${download.state}`)}
        </Mark>
      }
    >
      <Progress percent={percentDone(download)} label={t('models.progress', { name: download.name })} />
      <Line download={download} />
      {download.file !== null && (
        <p className="hint break">
          {t(download.state === 'verifying' ? 'models.checkingFile' : 'models.file', { file: download.file })}
        </p>
      )}
      <Held download={download} />
      <div className="actions">
        <Button
          small
          busy={pause.isPending || resume.isPending}
          onClick={() => (act === 'pause' ? pause : resume).mutate({ id: download.id }, told)}
          aria-label={t(`models.${act}Named`, { name: download.name })}
        >
          {t(`act.${act}`)}
        </Button>
        <Button
          small
          look="quiet"
          busy={cancel.isPending}
          onClick={() => cancel.mutate({ id: download.id }, told)}
          aria-label={t('models.cancelNamed', { name: download.name })}
        >
          {t(download.kind === 'repair' ? 'models.stopRepair' : 'models.drop')}
        </Button>
      </div>
    </Card>
  );
}
