/** The tasks on chain as a choice: what each needs, who serves it, what buyers pay, and whether this machine can. */
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../src-shared/bridge/index.ts';
import { CanServe } from '../../components/can-serve.tsx';
import { Term } from '../../components/term.tsx';
import { countText } from '../../format/amount.ts';

/** One task. */
export type TaskRow = CallOutput<'tasks.list'>[number];

const rangeText = (prices: readonly bigint[]): string => {
  const low = prices.reduce((a, b) => (b < a ? b : a), prices[0] ?? 0n);
  const high = prices.reduce((a, b) => (b > a ? b : a), 0n);
  if (prices.length === 0) return '—';
  return low === high ? countText(low) : `${countText(low)}–${countText(high)}`;
};

function TaskLine({ task, chosen, onChoose }: { task: TaskRow; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation();
  const name = task.model ?? t('task.noModel');
  return (
    <tr className={chosen ? 'chosen' : undefined}>
      <td className="pick">
        <input
          type="radio"
          className="radio"
          name="task"
          checked={chosen}
          disabled={!mayChoose(task)}
          onChange={onChoose}
          aria-label={t('setup.task.choose', { id: task.taskSmallId.toString(), model: name })}
        />
      </td>
      <th scope="row">
        <span className="notice-title">{name}</span>
        <p className="hint">{t('setup.task.number', { id: task.taskSmallId.toString() })}</p>
      </th>
      <td data-head={t('setup.task.canServe')}>
        <CanServe task={task} />
      </td>
      <td data-head={t('setup.task.securityHead')}>
        <span>{t(`setup.task.security.${task.securityLevel}`)}</span>
      </td>
      <td className="right" data-head={t('setup.task.minReputation')}>
        <span>{task.minimumReputation}</span>
      </td>
      <td className="right" data-head={t('setup.task.subscribers')}>
        <span>{task.subscribers.length}</span>
      </td>
      <td className="right nowrap" data-head={t('setup.task.recentPrices')}>
        <span>{rangeText(task.recentStacks.map((stack) => stack.price))}</span>
      </td>
    </tr>
  );
}

/** A task whose model is missing may be chosen too: the model can be fetched. */
export const mayChoose = (task: TaskRow): boolean =>
  task.canServe || (task.whyNot === 'model_missing' && task.model !== null);

/** Radio rows; tasks that this machine can serve first. */
export function TaskTable(props: { tasks: readonly TaskRow[]; chosen: bigint | null; onChoose: (id: bigint) => void }) {
  const { t } = useTranslation();
  const ordered = [...props.tasks].sort(
    (a, b) => Number(b.canServe) - Number(a.canServe) || Number(a.taskSmallId - b.taskSmallId),
  );
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label={t('setup.task.table')}>
      <table className="table cards">
        <caption className="sr-only">{t('setup.task.table')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">{t('setup.task.choice')}</span>
            </th>
            <th scope="col">{t('setup.task.model')}</th>
            <th scope="col">{t('setup.task.canServe')}</th>
            <th scope="col">{t('setup.task.securityHead')}</th>
            <th scope="col" className="right">
              <Term name="reputation">{t('setup.task.minReputation')}</Term>
            </th>
            <th scope="col" className="right">
              {t('setup.task.subscribers')}
            </th>
            <th scope="col" className="right">
              {t('setup.task.recentPrices')}
            </th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((task) => (
            <TaskLine
              key={task.taskSmallId.toString()}
              task={task}
              chosen={task.taskSmallId === props.chosen}
              onChoose={() => props.onChoose(task.taskSmallId)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
