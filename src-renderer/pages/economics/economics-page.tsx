/** Am I making a profit: gross, electricity, gas and net by day and task, the rates they rest on, and the ledger (product.md, "Economics"). */
import { Scale } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { economicsRangeSchema, type EconomicsRange, type EconomicsView } from '../../../src-shared/bridge/economics.ts';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import { Amount } from '../../components/amount.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Segments } from '../../components/field.tsx';
import { Empty, Notice } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { fiatText } from '../../format/fiat.ts';
import { agoText, dayText } from '../../format/time.ts';
import { CostsCard } from './costs-card.tsx';
import { Fiat, type FiatBasis } from './fiat-amount.tsx';
import { byDay, byTask, sumRows } from './group-rows.ts';
import { LedgerCard } from './ledger-card.tsx';
import { RowsTable } from './rows-table.tsx';
import { useBases } from './use-bases.ts';
import './economics.css';

function Figure({ name, children, below }: { name: string; children: ReactNode; below?: ReactNode }) {
  return (
    <Card title={name}>
      <div className="figure">{children}</div>
      {below !== undefined && <div className="hint">{below}</div>}
    </Card>
  );
}

function Figures({ view }: { view: EconomicsView }) {
  const { t } = useTranslation();
  const { currency } = view.settings;
  const basis = useBases(view);
  const sum = sumRows('all', view.rows);
  // What is missing is said in words: a dash alone does not tell what to do.
  const inFiat = (amount: string | null, reason: string, on: FiatBasis): ReactNode =>
    amount === null ? reason : <Fiat amount={amount} currency={currency} reason={reason} basis={on} />;
  return (
    <div className="economics-figures">
      <Figure name={t('economics.figure.gross')} below={inFiat(sum.grossFiat, t('economics.noRate'), basis.gross)}>
        <Amount value={sum.gross} coin={view.coin} size="large" />
      </Figure>
      <Figure
        name={t('economics.figure.power')}
        below={
          sum.electricity === null ? t('economics.noTariff') : t(`economics.energySource.${sum.source ?? 'estimated'}`)
        }
      >
        <Fiat amount={sum.electricity} currency={currency} reason={t('economics.noTariff')} basis={basis.power} />
      </Figure>
      <Figure name={t('economics.figure.gas')} below={inFiat(sum.gasFiat, t('economics.noSuiRate'), basis.gas)}>
        <Amount value={sum.gasMist} coin={suiCoin} size="large" />
      </Figure>
      <Figure name={t('economics.figure.net')} below={sum.net === null ? t('economics.noNet') : undefined}>
        <Fiat amount={sum.net} currency={currency} reason={t('economics.noNet')} basis={basis.net} />
      </Figure>
    </div>
  );
}

function RatesCard({ view }: { view: EconomicsView }) {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  const terms = useCall('node.get', {}).data?.terms ?? null;
  const { rates, coin, breakEven } = view;
  const rateText = (rate: EconomicsView['rates']['coin']): ReactNode =>
    rate === null ? (
      t('economics.rates.unknown')
    ) : (
      <>
        {fiatText(rate.perCoin, rate.currency)}{' '}
        <span className="muted">
          {t('economics.rates.from', { source: rate.source, ago: agoText(rate.atMs, nowMs) })}
        </span>
      </>
    );
  const price =
    breakEven.price === null
      ? t(`economics.rates.missing.${breakEven.missing ?? 'speed'}`)
      : t('economics.rates.breakEvenPrice', {
          price: countText(breakEven.price),
          count: Number(terms?.priceUnit ?? 1n),
          units: countText(terms?.priceUnit ?? 1n),
          source: t(`economics.rates.breakEvenSource.${breakEven.measured ? 'measured' : 'estimated'}`),
        });
  return (
    <Card title={t('economics.rates.title')}>
      <Facts
        rows={[
          [t('economics.rates.coin', { symbol: coin.symbol }), rateText(rates.coin)],
          [t('economics.rates.coin', { symbol: suiCoin.symbol }), rateText(rates.sui)],
          [t('economics.rates.breakEven'), price],
        ]}
      />
      {rates.problem !== null && (
        <Notice tone="unstaking" role="status" title={t('economics.rates.problem', { problem: rates.problem })} />
      )}
    </Card>
  );
}

function Rows({ view }: { view: EconomicsView }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<'day' | 'task'>('day');
  const basis = useBases(view);
  if (view.rows.length === 0) return <Empty icon={Scale}>{t('economics.empty')}</Empty>;
  const shared = { coin: view.coin, currency: view.settings.currency, basis };
  return (
    <Card
      title={t(by === 'day' ? 'economics.table' : 'economics.tableByTask')}
      head={
        <Segments
          legend={t('economics.by.legend')}
          value={by}
          onChange={setBy}
          options={[
            ['day', t('economics.by.day')],
            ['task', t('economics.by.task')],
          ]}
        />
      }
    >
      {by === 'day' ? (
        <RowsTable
          {...shared}
          label={t('economics.table')}
          head={t('economics.column.day')}
          groups={byDay(view.rows)}
          nameOf={(dayMs) => dayText(dayMs)}
          sortOf={(dayMs) => dayMs}
        />
      ) : (
        <RowsTable
          {...shared}
          label={t('economics.tableByTask')}
          head={t('economics.column.task')}
          groups={byTask(view.rows)}
          nameOf={(task) =>
            task === null ? t('economics.taskNone') : t('economics.taskNamed', { id: task.toString() })
          }
          sortOf={(task) => task ?? 2n ** 64n}
        />
      )}
    </Card>
  );
}

/** The page. */
export function EconomicsPage() {
  const { t } = useTranslation();
  const [range, setRange] = useState<EconomicsRange>('days30');
  const query = useCall('economics.get', { range }, { keepPrevious: true });
  return (
    <>
      <PageHead title={t('page.economics')} intro={t('economics.intro')}>
        <Segments
          legend={t('economics.rangeLegend')}
          value={range}
          onChange={setRange}
          options={economicsRangeSchema.options.map((option) => [option, t(`economics.range.${option}`)] as const)}
        />
      </PageHead>
      <Read query={query}>
        {(view) => (
          <div className="economics">
            <Figures view={view} />
            <Rows view={view} />
            <RatesCard view={view} />
            <CostsCard key={view.coin.type} settings={view.settings} symbol={view.coin.symbol} />
            <LedgerCard currency={view.settings.currency} />
          </div>
        )}
      </Read>
    </>
  );
}
