/** One task in a side panel with an address of its own: facts, offers, the price lab, and the offer of this node. */
import { useState, type ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { parkedPrice, type Intent } from '../../../src-shared/bridge/intents.ts';
import type { NodeView, TaskView } from '../../../src-shared/bridge/views.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { ModelNeeds } from '../../components/model-store/model-needs.tsx';
import { MissingModel } from '../../components/model-store/missing-model.tsx';
import { OfferFields, useOffer } from '../../components/offer-fields.tsx';
import { suggestOffer } from '../../components/offer.ts';
import { ProposalFlow } from '../../components/proposal-flow.tsx';
import { Term } from '../../components/term.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { useCall } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { PriceLab } from './price-lab-view.tsx';
import { isParked, isServed, openOffers } from './task-rows.ts';
import { roleText } from './tasks-table.tsx';
import { PriceNote } from '../../components/price-note.tsx';
import { PlainTable } from '../../components/plain-table.tsx';

type Terms = NonNullable<NodeView['terms']>;
type Props = { task: TaskView; coin: Coin; terms: Terms; nodeSmallId: bigint | null };

/** The offer that the form starts from: the present one, or one that most recent buyers would have paid. */
function startOffer(task: TaskView, terms: Terms): { price: bigint; limit: bigint } {
  if (task.subscription !== null && isServed(task))
    return { price: task.subscription.price, limit: task.subscription.maxComputeUnits };
  return suggestOffer(
    task.recentStacks.map((stack) => stack.price),
    openOffers(task).map((offer) => offer.price),
    terms,
  );
}

/** How an offer ends without harm in this generation (protocol.md 5.6). */
function restIntent(task: TaskView, terms: Terms): Intent {
  const { taskSmallId, subscription } = task;
  if (terms.resting === 'unsubscribe' || subscription === null) return { kind: 'unsubscribe', taskSmallId };
  return {
    kind: 'update_subscription',
    taskSmallId,
    price: parkedPrice,
    maxComputeUnits: subscription.maxComputeUnits,
  };
}

function Offers({ task, nodeSmallId }: Pick<Props, 'task' | 'nodeSmallId'>) {
  const { t } = useTranslation();
  const offers = openOffers(task);
  if (offers.length === 0) return <p className="hint">{t('tasks.noRivals')}</p>;
  return (
    <PlainTable
      label={t('tasks.rivals')}
      heads={[
        t('tasks.rival.node'),
        { text: t('tasks.rival.price'), figure: true },
        { text: t('tasks.rival.limit'), figure: true },
      ]}
    >
      {offers.map((offer) => (
        <tr key={offer.nodeSmallId.toString()} className={offer.nodeSmallId === nodeSmallId ? 'chosen' : undefined}>
          <th scope="row">
            #{offer.nodeSmallId.toString()}
            {offer.nodeSmallId === nodeSmallId && ` · ${t('tasks.rival.you')}`}
          </th>
          <td className="right">{countText(offer.price)}</td>
          <td className="right">{countText(offer.maxComputeUnits)}</td>
        </tr>
      ))}
    </PlainTable>
  );
}

function OfferPart({ task, coin, terms, nodeSmallId, onIntent }: Props & { onIntent: (intent: Intent) => void }) {
  const { t } = useTranslation();
  const [start] = useState(() => startOffer(task, terms));
  const offer = useOffer(start);
  const { price, limit } = offer;
  const kind = task.subscription === null ? 'subscribe' : 'update_subscription';
  const act = task.subscription === null ? 'subscribe' : isParked(task) ? 'resume' : 'update';
  const breakEven = useCall('economics.get', { range: 'days7' }).data?.breakEven ?? null;
  const factorPermille =
    task.securityLevel === 'sampling_consensus' ? (terms.samplingConsensusPermille ?? 1_000n) : 1_000n;
  return (
    <form
      className="stack-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (price !== null && limit !== null)
          onIntent({ kind, taskSmallId: task.taskSmallId, price, maxComputeUnits: limit });
      }}
    >
      {task.canServe && !task.isDeprecated && (
        <OfferFields offer={offer} caps={task.recentStacks.map((stack) => stack.price)} coin={coin} terms={terms} />
      )}
      {task.canServe && !task.isDeprecated && (
        <div className="actions">
          <Button type="submit" look="primary" disabled={price === null || limit === null}>
            {t(`tasks.${act}`)}
          </Button>
        </div>
      )}
      <PriceLab
        stacks={task.recentStacks}
        rivals={openOffers(task).filter((rival) => rival.nodeSmallId !== nodeSmallId)}
        terms={{ priceUnit: terms.priceUnit, factorPermille }}
        coin={coin}
        price={price}
        limit={limit}
        onPrice={(chosen) => offer.setPrice(chosen.toString())}
        breakEven={breakEven}
      />
      {isServed(task) && (
        <div className="section">
          <p className="hint">{t(terms.resting === 'park' ? 'tasks.parkHint' : 'tasks.unsubscribeHint')}</p>
          <div className="actions">
            <Button onClick={() => onIntent(restIntent(task, terms))}>
              {t(terms.resting === 'park' ? 'tasks.park' : 'tasks.unsubscribe')}
            </Button>
          </div>
        </div>
      )}
    </form>
  );
}

/** Levels that ask something of the node are defined where they stand. */
function Security({ level }: { level: TaskView['securityLevel'] }) {
  const { t } = useTranslation();
  const text = t(`setup.task.security.${level}`);
  if (level === 'sampling_consensus') return <Term name="samplingConsensus">{text}</Term>;
  return level === 'confidential' ? <Term name="confidential">{text}</Term> : text;
}

function factRows(task: TaskView, t: TFunction): readonly (readonly [string, ReactNode])[] {
  return [
    [t('tasks.column.model'), task.model ?? t('task.noModel')],
    [t('tasks.column.role'), roleText(task.role, t)],
    [t('tasks.column.security'), <Security key="security" level={task.securityLevel} />],
    [t('tasks.column.reputation'), countText(task.minimumReputation)],
    [t('tasks.facts.stacks'), countText(task.recentStacks.length)],
  ];
}

/** The panel. An act shows its simulated transaction in place of the form. */
export function TaskPanel({ onClose, ...props }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const { task, nodeSmallId } = props;
  const [intent, setIntent] = useState<Intent | null>(null);
  return (
    <Sheet title={t('tasks.panel', { id: task.taskSmallId.toString() })} onClose={onClose}>
      {intent !== null ? (
        <ProposalFlow source={{ kind: 'intent', intent }} onCancel={() => setIntent(null)} />
      ) : (
        <>
          {task.isDeprecated && <Notice tone="unstaking" title={t('tasks.facts.deprecated')} />}
          {!task.canServe && task.whyNot !== null && task.whyNot !== 'model_missing' && (
            <Notice tone="idle" title={t(`setup.task.whyNot.${task.whyNot}`)} />
          )}
          <Facts rows={factRows(task, t)} />
          {task.model !== null && <ModelNeeds model={task.model} canServe={task.canServe} />}
          {task.whyNot === 'model_missing' && task.model !== null && <MissingModel model={task.model} level={3} />}
          <OfferPart key={task.subscription?.price.toString() ?? ''} {...props} onIntent={setIntent} />
          <div className="section">
            <h3>{t('tasks.rivals')}</h3>
            <Offers task={task} nodeSmallId={nodeSmallId} />
            <PriceNote coin={props.coin} terms={props.terms} />
          </div>
        </>
      )}
    </Sheet>
  );
}
