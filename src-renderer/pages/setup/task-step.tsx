/** Step 6: the task, its price and limit with live hints, the state of its model, and the subscription. */
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Intent } from '../../../src-shared/bridge/intents.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Empty, Notice } from '../../components/notice.tsx';
import { ProposalFlow } from '../../components/proposal-flow.tsx';
import { Read } from '../../components/read.tsx';
import { Term } from '../../components/term.tsx';
import { useCall } from '../../data/client.tsx';
import { amountSentence, countText } from '../../format/amount.ts';
import { sizeText } from '../../format/quantity.ts';
import { buyersPaying, readOffer, suggestOffer } from './offer.ts';
import type { OfferProblem } from './offer.ts';
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

function PriceHint({ price, task, coin }: { price: bigint | null; task: TaskRow; coin: Coin }) {
  const { t } = useTranslation();
  if (price === null) return null;
  const caps = task.recentStacks.map((stack) => stack.price);
  return (
    <>
      <span>{t('setup.offer.priceMeans', { amount: amountSentence(price * 1_000n, coin) })} </span>
      <span>
        {caps.length === 0
          ? t('setup.offer.noBuyers')
          : t('setup.offer.buyers', { paying: buyersPaying(price, caps), count: caps.length })}
      </span>
    </>
  );
}

function OfferForm({ task, coin, onPreview }: { task: TaskRow; coin: Coin; onPreview: (intent: Intent) => void }) {
  const { t } = useTranslation();
  const [suggested] = useState(() =>
    suggestOffer(
      task.recentStacks.map((stack) => stack.price),
      task.subscribers.map((node) => node.price),
    ),
  );
  const [priceText, setPriceText] = useState(suggested.price.toString());
  const [limitText, setLimitText] = useState(suggested.limit.toString());
  const offer = readOffer(priceText, limitText);
  const problem = (found: OfferProblem | null): string | null =>
    found === null ? null : t(`setup.offer.problem.${found}`);
  return (
    <form
      className="stack-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (offer.price === null || offer.limit === null) return;
        onPreview({
          kind: 'subscribe',
          taskSmallId: task.taskSmallId,
          price: offer.price,
          maxComputeUnits: offer.limit,
        });
      }}
    >
      <div className="offer">
        <Field
          label={t('setup.offer.price')}
          inputMode="numeric"
          value={priceText}
          onChange={(event) => setPriceText(event.target.value)}
          error={problem(offer.priceProblem)}
          hint={<PriceHint price={offer.price} task={task} coin={coin} />}
        />
        <Field
          label={t('setup.offer.limit')}
          inputMode="numeric"
          value={limitText}
          onChange={(event) => setLimitText(event.target.value)}
          error={problem(offer.limitProblem)}
          hint={offer.limit === null ? undefined : t('setup.offer.limitHint', { units: countText(offer.limit) })}
        />
      </div>
      <p className="hint">
        {t('setup.offer.paid')} <Term name="computeUnit" /> · <Term name="stack" />
      </p>
      <ModelState task={task} />
      <div className="actions">
        <Button type="submit" look="primary" disabled={offer.price === null || offer.limit === null}>
          {t('setup.offer.preview')}
        </Button>
      </div>
    </form>
  );
}

function ChooseTask({ tasks, coin }: { tasks: readonly TaskRow[]; coin: Coin }) {
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
        <OfferForm key={task.taskSmallId.toString()} task={task} coin={coin} onPreview={setIntent} />
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
          <ChooseTask tasks={list} coin={setup.funds.coin} />
        )
      }
    </Read>
  );
}
