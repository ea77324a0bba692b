/** The tasks as a table: what each asks for, its prices, and whether this machine can serve it. */
import type { ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { TaskView } from '../../../src-shared/bridge/views.ts';
import { CanServe } from '../../components/can-serve.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { countText } from '../../format/amount.ts';
import { modelName } from '../../format/quantity.ts';
import { isParked, openOffers } from './task-rows.ts';

/** Name of a task's role. */
export const roleText = (role: number, t: TFunction): string => t(`tasks.role.${roles[role] ?? 'unknown'}`, { role });
/** By their number on chain (protocol.md 5.1). */
const roles = ['chat', 'embeddings', 'vision', 'image', 'speech', 'transcription', 'fineTuning', 'training'] as const;

/** Lowest and highest of some prices, or a dash. */
function rangeText(prices: readonly bigint[]): string {
  const ascending = [...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [low, high] = [ascending[0], ascending.at(-1)];
  if (low === undefined || high === undefined) return '—';
  return low === high ? countText(low) : `${countText(low)}–${countText(high)}`;
}

type Selection = { selected: ReadonlySet<bigint>; onSelect: (id: bigint, on: boolean) => void };

function columnsOf({ selected, onSelect }: Selection, t: TFunction): Column<TaskView>[] {
  const head = (task: TaskView): ReactNode => {
    const id = task.taskSmallId.toString();
    return (
      <span className="task-head">
        <input
          type="checkbox"
          className="check"
          aria-label={t('tasks.select', { id })}
          disabled={!task.canServe || task.subscription !== null}
          checked={selected.has(task.taskSmallId)}
          onChange={(event) => onSelect(task.taskSmallId, event.target.checked)}
        />
        <Link href={`/tasks/${id}`} aria-label={t('tasks.openRow', { id })}>
          #{id}
        </Link>
      </span>
    );
  };
  const lowest = (task: TaskView): bigint | null => openOffers(task)[0]?.price ?? null;
  const mine = (task: TaskView): string =>
    task.subscription === null ? '—' : isParked(task) ? t('tasks.parked') : countText(task.subscription.price);
  return [
    { id: 'task', head: t('tasks.column.task'), read: (task) => task.taskSmallId, cell: head },
    {
      id: 'model',
      head: t('tasks.column.model'),
      read: (task) => task.model ?? '',
      cell: (task) => (task.model === null ? t('task.noModel') : modelName(task.model)),
    },
    { id: 'role', head: t('tasks.column.role'), read: (task) => task.role, cell: (task) => roleText(task.role, t) },
    {
      id: 'security',
      head: t('tasks.column.security'),
      read: (task) => task.securityLevel,
      cell: (task) => t(`setup.task.security.${task.securityLevel}`),
    },
    {
      id: 'reputation',
      head: t('tasks.column.reputation'),
      read: (task) => task.minimumReputation,
      cell: (task) => countText(task.minimumReputation),
      figure: true,
      hidden: true,
    },
    {
      id: 'nodes',
      head: t('tasks.column.nodes'),
      read: (task) => openOffers(task).length,
      cell: (task) => countText(openOffers(task).length),
      figure: true,
    },
    {
      id: 'lowest',
      head: t('tasks.column.lowest'),
      read: (task) => lowest(task) ?? -1n,
      cell: (task) => (lowest(task) === null ? '—' : countText(lowest(task) ?? 0n)),
      figure: true,
    },
    {
      id: 'paid',
      head: t('tasks.column.paid'),
      read: (task) => task.recentStacks[0]?.price ?? -1n,
      cell: (task) => rangeText(task.recentStacks.map((stack) => stack.price)),
      figure: true,
    },
    {
      id: 'mine',
      head: t('tasks.column.mine'),
      read: (task) => (task.subscription === null ? -1n : task.subscription.price),
      cell: mine,
      figure: true,
    },
    {
      id: 'machine',
      head: t('tasks.column.machine'),
      read: (task) => (task.canServe ? '' : (task.whyNot ?? '')),
      cell: (task) => <CanServe task={task} />,
    },
  ];
}

/** `chosen` is the task whose panel is open. */
export function TasksTable(props: Selection & { tasks: readonly TaskView[]; chosen: string | null; tools: ReactNode }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('tasks.table')}
      rows={props.tasks}
      columns={columnsOf(props, t)}
      rowId={(task) => task.taskSmallId.toString()}
      chosen={props.chosen}
      cards
      tools={props.tools}
    />
  );
}
