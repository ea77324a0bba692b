/** Step 6: the task, its price and limit with live hints, the state of its model, and the subscription. */
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Intent } from '../../../src-shared/bridge/intents.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Empty, Notice } from '../../components/notice.tsx';
import { OfferFields, useOffer } from '../../components/offer-fields.tsx';
import { perUnit, suggestOffer } from '../../components/offer.ts';
import type { OfferTerms } from '../../components/offer.ts';
import { ProposalFlow } from '../../components/proposal-flow.tsx';
import { Read } from '../../components/read.tsx';
import { useCall } from '../../data/client.tsx';
import { sizeText } from '../../format/quantity.ts';
import type { StepProps } from './step-props.ts';
import { TaskTable } from './task-table.tsx';
import type { TaskRow } from './task-table.tsx';

function ModelState({ task }: { task: TaskRow }) {
  const { t } = useTranslation();
  const models = useCall('models.list', {});
  const model = models.data?.find((entry) => entry.verified && (entry.id === task.model || entry.name === task.model));
  if (models.data === undefined) return null;
  if (model === undefined) return <Notice tone="unstaking" role="status" title={t('setup.task.modelMissing')} />;
  return (
    <Notice
      tone="executing"
      title={t('setup.task.modelReady', {
        name: model.name,
        revision: model.revision,
        size: sizeText(model.sizeBytes),
      })}
    />
  );
}

function OfferForm({ task, coin, terms, onPreview }: { task: TaskRow; coin: Coin; terms: OfferTerms; onPreview: (intent: Intent) => void }) {
  const { t } = useTranslation();
  const caps = task.recentStacks.map((stack) => stack.price);
  const [suggested] = useState(() =>
    suggestOffer(
      caps,
      task.subscribers.map((node) => node.price),
      terms,
    ),
  );
  const offer = useOffer(suggested);
  const { price, limit } = offer;
  return (
    <form
      className="stack-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (price !== null && limit !== null) onPreview({ kind: 'subscribe', taskSmallId: task.taskSmallId, price, maxComputeUnits: limit });
      }}
    >
      <OfferFields offer={offer} caps={caps} coin={coin} terms={terms} />
      <ModelState task={task} />
      <div className="actions">
        <Button type="submit" look="primary" disabled={price === null || limit === null}>
          {t('setup.offer.preview')}
        </Button>
      </div>
    </form>
  );
}

function ChooseTask({ tasks, coin, terms }: { tasks: readonly TaskRow[]; coin: Coin; terms: OfferTerms }) {
  const { t } = useTranslation();
  const tell = useTell();
  const servable = tasks.filter((task) => task.canServe);
  const [picked, setPicked] = useState<bigint | null>(null);
  const [intent, setIntent] = useState<Intent | null>(null);
  const chosen = picked ?? servable[0]?.taskSmallId ?? null;
  const task = tasks.find((entry) => entry.taskSmallId === chosen);
  const choose = (id: bigint): void => {
    setPicked(id);
    setIntent(null);
  };
  return (
    <>
      <TaskTable tasks={tasks} chosen={chosen} onChoose={choose} />
      {task === undefined && <Notice tone="unstaking" role="status" title={t('setup.task.noneServable')} />}
      {task !== undefined && intent === null && (
        <OfferForm key={task.taskSmallId.toString()} task={task} coin={coin} terms={terms} onPreview={setIntent} />
      )}
      {intent !== null && (
        <ProposalFlow
          level={2}
          source={{ kind: 'intent', intent }}
          onCancel={() => setIntent(null)}
          onOutcome={(outcome) => outcome.status === 'success' && tell(true, t('setup.task.success'))}
        />
      )}
    </>
  );
}

/** Picks a task this machine can serve and subscribes to it. */
export function TaskStep({ setup, onNext }: StepProps) {
  const { t } = useTranslation();
  const tasks = useCall('tasks.list', {});
  const terms = useCall('node.get', {}).data?.terms;
  if (setup.subscriptions.length > 0) {
    const ids = new Intl.ListFormat().format(setup.subscriptions.map((id) => `#${id}`));
    return (
      <>
        <Notice tone="executing" role="status" title={t('setup.task.done', { ids })} />
        <div className="actions">
          <Button look="primary" onClick={onNext}>
            {t('act.continue')}
          </Button>
        </div>
      </>
    );
  }
  return (
    <Read query={tasks}>
      {(list) =>
        list.length === 0 ? (
          <Empty icon={ListChecks} action={<Button onClick={() => void tasks.refetch()}>{t('act.readAgain')}</Button>}>
            {t('setup.task.empty')}
          </Empty>
        ) : (
          <ChooseTask key={terms?.priceUnit.toString() ?? ''} tasks={list} coin={setup.funds.coin} terms={terms ?? perUnit} />
        )
      }
    </Read>
  );
}
