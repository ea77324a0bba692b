/** Subscribes to several tasks one after another, each at the suggested offer, each confirmed by the operator. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeView, TaskView } from '../../../src-shared/bridge/views.ts';
import { Button } from '../../components/button.tsx';
import { suggestOffer } from '../../components/offer.ts';
import { ProposalFlow } from '../../components/proposal-flow.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { openOffers } from './task-rows.ts';

/** The sheet. What was done stays done when it is closed in the middle. */
export function BatchSheet({
  tasks,
  terms,
  onClose,
}: {
  tasks: readonly TaskView[];
  terms: NonNullable<NodeView['terms']>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  // Fixed at the start: a subscription that succeeds takes its task out of the selection.
  const [queue] = useState(tasks);
  const [at, setAt] = useState(0);
  const [ended, setEnded] = useState(false);
  const task = queue[at];
  if (task === undefined) return null;
  const { price, limit } = suggestOffer(
    task.recentStacks.map((stack) => stack.price),
    openOffers(task).map((offer) => offer.price),
    terms,
  );
  const next = (): void => {
    if (at + 1 === queue.length) return onClose();
    setEnded(false);
    setAt(at + 1);
  };
  return (
    <Sheet title={t('tasks.batch.title', { done: at + 1, count: queue.length })} onClose={onClose}>
      <p className="hint">{t('tasks.batch.hint')}</p>
      <ProposalFlow
        key={task.taskSmallId.toString()}
        source={{
          kind: 'intent',
          intent: { kind: 'subscribe', taskSmallId: task.taskSmallId, price, maxComputeUnits: limit },
        }}
        onCancel={next}
        onOutcome={() => setEnded(true)}
      />
      {ended && (
        <div className="actions">
          <Button look="primary" onClick={next}>
            {t(at + 1 === queue.length ? 'tasks.batch.done' : 'tasks.batch.next')}
          </Button>
        </div>
      )}
    </Sheet>
  );
}
