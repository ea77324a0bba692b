/** What can I serve and at what price: all tasks on chain with filters, the price lab, and this node's offers (product.md, "Tasks"). */
import { ListTodo } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'wouter';
import type { NodeView, TaskView } from '../../../src-shared/bridge/views.ts';
import { Button } from '../../components/button.tsx';
import { Field, Segments, Select } from '../../components/field.tsx';
import { Empty } from '../../components/notice.tsx';
import { PriceNote } from '../../components/price-note.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useCall } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { BatchSheet } from './batch-sheet.tsx';
import { TaskPanel } from './task-panel.tsx';
import { shownTasks, taskFilters, type SecurityFilter, type TaskFilter } from './task-rows.ts';
import { TasksTable } from './tasks-table.tsx';
import './tasks.css';

const securityLevels = ['any', 'none', 'sampling_consensus', 'confidential'] as const;

type Filters = { filter: TaskFilter; security: SecurityFilter; text: string };

function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useTranslation();
  return (
    <div className="filters">
      <Segments
        legend={t('tasks.filterLegend')}
        value={filters.filter}
        onChange={(filter) => onChange({ ...filters, filter })}
        options={taskFilters.map((entry) => [entry, t(`tasks.filter.${entry}`)] as const)}
      />
      <Select<SecurityFilter>
        label={t('tasks.security')}
        value={filters.security}
        onChange={(security) => onChange({ ...filters, security })}
        options={securityLevels.map(
          (level) => [level, level === 'any' ? t('tasks.securityAny') : t(`setup.task.security.${level}`)] as const,
        )}
      />
      <Field
        label={t('tasks.search')}
        placeholder={t('tasks.searchPlaceholder')}
        value={filters.text}
        onChange={(event) => onChange({ ...filters, text: event.target.value })}
      />
    </div>
  );
}

function TaskList({
  tasks,
  node,
  terms,
}: {
  tasks: readonly TaskView[];
  node: NodeView;
  terms: NonNullable<NodeView['terms']>;
}) {
  const { t } = useTranslation();
  const { taskSmallId } = useParams<{ taskSmallId?: string }>();
  const [, navigate] = useLocation();
  const none: Filters = { filter: 'all', security: 'any', text: '' };
  const [filters, setFilters] = useState(none);
  const [selected, setSelected] = useState<ReadonlySet<bigint>>(new Set());
  const [batch, setBatch] = useState(false);
  const shown = shownTasks(tasks, filters.filter, filters.security, filters.text);
  const chosen = tasks.find((task) => task.taskSmallId.toString() === taskSmallId);
  const picked = tasks.filter((task) => selected.has(task.taskSmallId) && task.canServe && task.subscription === null);
  const select = (id: bigint, on: boolean): void =>
    setSelected((old) => new Set(on ? [...old, id] : [...old].filter((entry) => entry !== id)));
  if (tasks.length === 0) return <Empty icon={ListTodo}>{t('tasks.empty')}</Empty>;
  return (
    <>
      <FilterBar filters={filters} onChange={setFilters} />
      <PriceNote coin={node.coin} terms={terms} />
      {shown.length === 0 ? (
        <Empty icon={ListTodo} action={<Button onClick={() => setFilters(none)}>{t('tasks.showAll')}</Button>}>
          {t('tasks.noneMatch')}
        </Empty>
      ) : (
        <TasksTable
          tasks={shown}
          chosen={taskSmallId ?? null}
          selected={selected}
          onSelect={select}
          tools={
            <>
              <span className="muted" role="status">
                {picked.length > 0
                  ? t('tasks.batch.bar', { count: picked.length })
                  : t('tasks.shown', { shown: countText(shown.length), total: countText(tasks.length) })}
              </span>
              {picked.length > 0 && (
                <Button small look="primary" onClick={() => setBatch(true)}>
                  {t('tasks.batch.start')}
                </Button>
              )}
            </>
          }
        />
      )}
      {chosen !== undefined && (
        <TaskPanel
          task={chosen}
          coin={node.coin}
          terms={terms}
          nodeSmallId={node.nodeSmallId}
          onClose={() => navigate('/tasks')}
        />
      )}
      {batch && (
        <BatchSheet
          tasks={picked}
          terms={terms}
          onClose={() => {
            setBatch(false);
            setSelected(new Set());
          }}
        />
      )}
    </>
  );
}

/** The page; `/tasks/<number>` opens the panel of that task. */
export function TasksPage() {
  const { t } = useTranslation();
  const tasks = useCall('tasks.list', {});
  const node = useCall('node.get', {}).data;
  return (
    <>
      <PageHead title={t('page.tasks')} intro={t('tasks.intro')} />
      <Read query={tasks}>
        {(list) =>
          node === undefined || node.terms === null ? null : <TaskList tasks={list} node={node} terms={node.terms} />
        }
      </Read>
    </>
  );
}
