/** A model on this disk: what it is, whether its files were verified, which tasks it serves, and the ways to mend and remove it. */
import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstalledModelView } from '../../../src-shared/bridge/model-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { Notice } from '../../components/notice.tsx';
import { RemoveSheet } from '../../components/remove-sheet.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct } from '../../data/client.tsx';
import { sizeText } from '../../format/quantity.ts';
import { agoText } from '../../format/time.ts';
import { roleWord } from '../../components/model-store/roles.ts';

const marks = {
  ready: ['executing', CircleCheck],
  checking: ['ready', LoaderCircle],
  refused: ['danger', CircleAlert],
} as const;

function TaskWords({ model }: { model: InstalledModelView }) {
  const { t } = useTranslation();
  if (model.tasks.length === 0) return <>{t('models.noTasks', { role: t(`models.role.${roleWord(model.role)}`) })}</>;
  const words = model.tasks.map(({ taskSmallId, subscribed }) =>
    t(subscribed ? 'models.taskServed' : 'models.taskOffered', { id: taskSmallId.toString() }),
  );
  return <>{words.join(', ')}</>;
}

/** What removing means, before it is done. */
function RemoveModel({ model, onClose }: { model: InstalledModelView; onClose: () => void }) {
  const { t } = useTranslation();
  const removal = useAct('models.remove', ['models.get', 'models.list', 'tasks.list', 'node.get']);
  const served = model.tasks.filter(({ subscribed }) => subscribed);
  return (
    <RemoveSheet
      title={t('models.removeTitle', { name: model.name })}
      act={t('models.remove')}
      done={t('models.removed', { name: model.name })}
      removal={removal}
      input={{ id: model.id }}
      onClose={onClose}
    >
      <p>{t('models.removeWhat', { size: sizeText(model.sizeBytes) })}</p>
      {served.length > 0 && (
        <Notice
          tone="unstaking"
          title={t('models.removeServed', { tasks: served.map(({ taskSmallId }) => `#${taskSmallId}`).join(', ') })}
        >
          <p>{t('models.removeServedHint')}</p>
        </Notice>
      )}
    </RemoveSheet>
  );
}

/** When and how the files were checked. */
function VerifiedWords({ model }: { model: InstalledModelView }) {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  if (model.state === 'refused') return <>{t('models.filesDiffer')}</>;
  if (model.verifiedAtMs === null || model.files === null) return <>{t('models.filesByEngine')}</>;
  return <>{t('models.filesVerified', { count: model.files, ago: agoText(model.verifiedAtMs, nowMs) })}</>;
}

/** The card. */
export function ModelCard({ model, busy }: { model: InstalledModelView; busy: boolean }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [removing, setRemoving] = useState(false);
  const repair = useAct('models.repair', ['models.get']);
  const [tone, icon] = marks[model.state];
  return (
    <Card
      title={model.name}
      level={3}
      head={
        <Mark tone={tone} icon={icon}>
          {t(`models.installed.${model.state}`)}
        </Mark>
      }
    >
      <Facts
        rows={[
          [t('models.tasks'), <TaskWords key="t" model={model} />],
          [
            t('models.quantisation'),
            model.quantisation === null ? t('models.asItCame') : t(`models.quantisationName.${model.quantisation}`),
          ],
          [t('models.size'), sizeText(model.sizeBytes)],
          [t('models.files'), <VerifiedWords key="f" model={model} />],
          [t('models.vram'), t('models.estimate', { size: sizeText(model.vramBytes) })],
          [t('models.inMemory'), t(model.loaded ? 'models.loaded' : 'models.notLoaded')],
          [t('models.revision'), <IdText key="r" id={model.revision} name={t('models.revision')} />],
        ]}
      />
      {model.removable ? (
        <div className="actions">
          <Button
            small
            busy={repair.isPending}
            disabled={busy}
            onClick={() => repair.mutate({ id: model.id }, { onError: (error) => tell(false, error.message) })}
            aria-label={t('models.repairNamed', { name: model.name })}
          >
            {t('models.repair')}
          </Button>
          <Button
            small
            look="quiet"
            onClick={() => setRemoving(true)}
            aria-label={t('models.removeNamed', { name: model.name })}
          >
            {t('models.remove')}
          </Button>
        </div>
      ) : (
        <p className="hint">{t('models.notOurs')}</p>
      )}
      {removing && <RemoveModel model={model} onClose={() => setRemoving(false)} />}
    </Card>
  );
}
