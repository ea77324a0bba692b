/** Earnings over time, stacked by task; as a table for those who read rather than look. */
import { ChartColumn } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Segments, Select } from '../../components/field.tsx';
import { Empty } from '../../components/notice.tsx';
import { Read, Skeleton } from '../../components/read.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { numberFormat } from '../../format/formatters.ts';
import { amountSentence, countText, totalOf } from '../../format/amount.ts';
import { dayText, hourText } from '../../format/time.ts';
import { barsOf, stackedColumns } from './series.ts';
import type { Bars, EarningsPoint, Range } from './series.ts';

const BarChart = lazy(() => import('../../components/bar-chart.tsx').then((part) => ({ default: part.BarChart })));
const ranges: readonly Range[] = ['today', 'days7', 'days30', 'all'];
const colorOf = (index: number): string => `--task-${(index % 6) + 1}`;
const axisText = (value: number): string => numberFormat(undefined, { maximumSignificantDigits: 3 }).format(value);

function SeriesTable({ bars, coin, nameOf }: { bars: Bars; coin: Coin; nameOf: (fromMs: number) => string }) {
  const { t } = useTranslation();
  const shown = bars.bars.filter((bar) => bar.jobs > 0 || bar.total > 0n).reverse();
  return (
    <div className="table-wrap tall" tabIndex={0} role="group" aria-label={t('dashboard.earnings')}>
      <table className="table">
        <caption className="sr-only">{t('dashboard.earnings')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('dashboard.when')}</th>
            {bars.tasks.map((task) => (
              <th scope="col" className="right" key={task.toString()}>
                {t('dashboard.task', { id: task.toString() })}
              </th>
            ))}
            <th scope="col" className="right">
              {t('dashboard.total')}
            </th>
            <th scope="col" className="right">
              {t('dashboard.jobs')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((bar) => (
            <tr key={bar.fromMs}>
              <th scope="row">{nameOf(bar.fromMs)}</th>
              {bar.amounts.map((amount, index) => (
                <td className="right" key={index}>
                  <Amount value={amount} coin={coin} />
                </td>
              ))}
              <td className="right">
                <Amount value={bar.total} coin={coin} />
              </td>
              <td className="right">{countText(bar.jobs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Legend({
  bars,
  hovered,
  coin,
  nameOf,
}: {
  bars: Bars;
  hovered: number | null;
  coin: Coin;
  nameOf: (fromMs: number) => string;
}) {
  const { t } = useTranslation();
  const bar = hovered === null ? undefined : bars.bars[hovered];
  const sumOf = (index: number): bigint =>
    bar?.amounts[index] ?? totalOf(bars.bars.map((entry) => entry.amounts[index] ?? 0n));
  return (
    <div className="chart-legend">
      <span>{bar === undefined ? t('dashboard.wholeRange') : nameOf(bar.fromMs)}</span>
      {bars.tasks.map((task, index) => (
        <span key={task.toString()}>
          <i className="swatch" style={{ background: `var(${colorOf(index)})` }} />
          {t('dashboard.task', { id: task.toString() })} {amountSentence(sumOf(index), coin)}
        </span>
      ))}
    </div>
  );
}

function Series(props: {
  points: readonly EarningsPoint[];
  range: Range;
  task: bigint | null;
  coin: Coin;
  asTable: boolean;
}) {
  const { t } = useTranslation();
  const hourMs = 3_600_000;
  const hour = Math.floor(useNow(60_000) / hourMs);
  const [hovered, setHovered] = useState<number | null>(null);
  const bars = useMemo(
    () => barsOf(props.points, props.range, hour * hourMs, props.task),
    [props.points, props.range, props.task, hour],
  );
  const nameOf = (fromMs: number): string => (props.range === 'today' ? hourText(fromMs) : dayText(fromMs));
  const total = totalOf(bars.bars.map((bar) => bar.total));
  if (bars.tasks.length === 0) return <Empty icon={ChartColumn}>{t('dashboard.noEarnings')}</Empty>;
  if (props.asTable) return <SeriesTable bars={bars} coin={props.coin} nameOf={nameOf} />;
  return (
    <>
      <Suspense fallback={<Skeleton />}>
        <BarChart
          columns={stackedColumns(bars, props.coin.decimals)}
          colors={bars.tasks.map((_, index) => colorOf(index))}
          labels={bars.bars.map((bar) => nameOf(bar.fromMs))}
          formatValue={axisText}
          onHover={setHovered}
          label={t('dashboard.chartLabel', {
            amount: amountSentence(total, props.coin),
            range: t(`dashboard.range.${props.range}`),
          })}
        />
      </Suspense>
      <Legend bars={bars} hovered={hovered} coin={props.coin} nameOf={nameOf} />
    </>
  );
}

/** Range and task choice over the chart or its table. */
export function EarningsCard({ coin }: { coin: Coin }) {
  const { t } = useTranslation();
  const [range, setRange] = useState<Range>('days7');
  const [task, setTask] = useState('all');
  const [asTable, setAsTable] = useState(false);
  const series = useCall('earnings.series', { range }, { keepPrevious: true });
  const tasks = [...new Set((series.data ?? []).map((point) => point.taskSmallId.toString()))].sort();
  return (
    <Card
      className="span-12"
      title={t('dashboard.earnings')}
      head={
        <div className="actions">
          <Segments
            legend={t('dashboard.rangeLegend')}
            value={range}
            onChange={setRange}
            options={ranges.map((entry) => [entry, t(`dashboard.range.${entry}`)] as const)}
          />
          {tasks.length > 1 && (
            <Select
              compact
              label={t('dashboard.byTask')}
              value={task}
              onChange={setTask}
              options={[
                ['all', t('dashboard.allTasks')],
                ...tasks.map((id) => [id, t('dashboard.task', { id })] as const),
              ]}
            />
          )}
          <Button small aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t('act.showTable')}
          </Button>
        </div>
      }
    >
      <Read query={series}>
        {(points) => (
          <Series
            points={points}
            range={range}
            task={task === 'all' ? null : BigInt(task)}
            coin={coin}
            asTable={asTable}
          />
        )}
      </Read>
    </Card>
  );
}
