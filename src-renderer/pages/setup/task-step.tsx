/** Step 6: the task, its price and limit with live hints, the state of its model, and the subscription. */
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Intent } from '../../../src-shared/bridge/intents.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Empty, Notice } from '../../components/notice.tsx';
import { ModelNeeds } from '../../components/model-store/model-needs.tsx';
import { MissingModel } from '../../components/model-store/missing-model.tsx';
import { OfferFields, useOffer } from '../../components/offer-fields.tsx';
import { suggestOffer } from '../../components/offer.ts';
import type { OfferTerms } from '../../components/offer.ts';
import { PriceNote } from '../../components/price-note.tsx';
import { ProposalFlow } from '../../components/proposal-flow.tsx';
import { Read, Skeleton } from '../../components/read.tsx';
import { useSettled } from '../../components/use-settled.ts';
import { useCall } from '../../data/client.tsx';
import { idListText, sizeText } from '../../format/quantity.ts';
import type { StepProps } from './step-props.ts';
import { mayChoose, TaskTable } from './task-table.tsx';
import type { TaskRow } from './task-table.tsx';

function ModelState({ task }: { task: TaskRow }) {
  const { t } = useTranslation();
  const models = useCall('models.list', {});
  const model = models.data?.find((entry) => entry.verified && (entry.id === task.model || entry.name === task.model));
  if (models.data === undefined) return null;
  // An engine on another program serves it: there is nothing on this disk to tell of.
  if (model === undefined) return null;
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

const previewAfterMs = 600;

/** The offer with its simulated subscription below, which follows what is entered: what is no longer entered cannot be confirmed. */
function OfferForm({ task, coin, terms }: { task: TaskRow; coin: Coin; terms: OfferTerms }) {
  const { t } = useTranslation();
  const tell = useTell();
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
  const intent: Intent | null =
    price === null || limit === null
      ? null
      : { kind: 'subscribe', taskSmallId: task.taskSmallId, price, maxComputeUnits: limit };
  const key = `${price ?? ''} ${limit ?? ''}`;
  const previewed = useSettled(intent, key, previewAfterMs);
  return (
    <div className="stack-list">
      <OfferFields offer={offer} caps={caps} coin={coin} terms={terms} />
      <ModelState task={task} />
      {previewed === null && intent !== null && <Skeleton />}
      {previewed !== null && previewed.kind === 'subscribe' && (
        <ProposalFlow
          key={`${previewed.price} ${previewed.maxComputeUnits}`}
          level={2}
          source={{ kind: 'intent', intent: previewed }}
          onOutcome={(outcome) => outcome.status === 'success' && tell(true, t('setup.task.success'))}
        />
      )}
    </div>
  );
}

function ChooseTask({ tasks, coin, terms }: { tasks: readonly TaskRow[]; coin: Coin; terms: OfferTerms }) {
  const { t } = useTranslation();
  const choosable = [...tasks.filter((task) => task.canServe), ...tasks.filter(mayChoose)];
  const [picked, setPicked] = useState<bigint | null>(null);
  const chosen = picked ?? choosable[0]?.taskSmallId ?? null;
  const task = tasks.find((entry) => entry.taskSmallId === chosen);
  return (
    <>
      <TaskTable tasks={tasks} chosen={chosen} onChoose={setPicked} />
      <PriceNote coin={coin} terms={terms} />
      {task !== undefined && task.model !== null && <ModelNeeds model={task.model} canServe={task.canServe} />}
      {task === undefined ? (
        <Notice tone="unstaking" role="status" title={t('setup.task.noneServable')} />
      ) : !task.canServe && task.model !== null ? (
        <MissingModel model={task.model} level={2} />
      ) : (
        <OfferForm key={task.taskSmallId.toString()} task={task} coin={coin} terms={terms} />
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
    const ids = idListText(setup.subscriptions);
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
        ) : terms === undefined || terms === null ? (
          <Skeleton />
        ) : (
          <ChooseTask tasks={list} coin={setup.funds.coin} terms={terms} />
        )
      }
    </Read>
  );
}
