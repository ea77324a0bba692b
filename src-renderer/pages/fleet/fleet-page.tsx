/** Other consoles by address and read-only token: last seen, state, earnings, alerts; a dead one is a row like any other (issue: "Several nodes"). */
import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FleetNode } from '../../../src-shared/bridge/fleet-calls.ts';
import { Amount, Unknown } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Empty } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { agoText } from '../../format/time.ts';
import { AddConsole } from './add-console.tsx';
import { ConsoleState } from './console-state.tsx';
import { FleetPanel } from './fleet-panel.tsx';
import { alertCount, answering, earnedOnDayOf, sumByCoin, type CoinSum } from './sum-fleet.ts';
import './fleet.css';

/** While the page is open each console is asked so often. */
const askEveryMs = 15_000;

function Figure({ name, children, below }: { name: string; children: ReactNode; below?: string }) {
  return (
    <Card title={name}>
      <div className="figure">{children}</div>
      {below !== undefined && <p className="hint">{below}</p>}
    </Card>
  );
}

function Sums({
  name,
  sums,
  total,
}: {
  name: string;
  sums: readonly CoinSum[];
  /** Consoles that are listed; one that was never heard has said nothing. */ total: number;
}) {
  const { t } = useTranslation();
  const said = sums.reduce((count, sum) => count + sum.said, 0);
  const known = sums.filter((sum) => sum.said > 0);
  return (
    <Figure name={name} below={said === total ? t('fleet.sumAll') : t('fleet.sumOf', { count: said, total })}>
      {known.length === 0 ? (
        <Unknown reason={t('fleet.noneSaid')} />
      ) : (
        known.map(({ coin, amount, oldestMs }) => (
          <div key={coin.type}>
            <Amount value={amount} coin={coin} source="local" readAtMs={oldestMs} size="large" />
          </div>
        ))
      )}
    </Figure>
  );
}

function Figures({ nodes }: { nodes: readonly FleetNode[] }) {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  return (
    <div className="fleet-figures">
      <Figure name={t('fleet.figure.consoles')}>
        {t('fleet.ofAll', { count: answering(nodes), total: nodes.length })}
      </Figure>
      <Sums name={t('fleet.figure.today')} sums={sumByCoin(nodes, earnedOnDayOf(nowMs))} total={nodes.length} />
      <Sums
        name={t('fleet.figure.claimable')}
        sums={sumByCoin(nodes, (summary) => summary.claimable)}
        total={nodes.length}
      />
      <Figure name={t('fleet.figure.alerts')}>{countText(alertCount(nodes))}</Figure>
    </div>
  );
}

function FleetTable({
  nodes,
  chosen,
  onOpen,
}: {
  nodes: readonly FleetNode[];
  chosen: string | null;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const amount = (node: FleetNode, value: bigint | null | undefined) =>
    value === null || value === undefined || node.summary === null ? (
      <Unknown reason={t('fleet.unsaid')} />
    ) : (
      <Amount value={value} coin={node.summary.coin} source="local" readAtMs={node.lastSeenMs} />
    );
  const alertsText = (node: FleetNode): string =>
    node.summary === null
      ? '—'
      : node.summary.alerts.length === 0
        ? t('fleet.noAlerts')
        : t('fleet.alertCount', { count: node.summary.alerts.length });
  const columns: Column<FleetNode>[] = [
    {
      id: 'name',
      head: t('fleet.column.name'),
      read: (node) => node.name,
      cell: (node) => (
        <Button small look="quiet" aria-label={t('fleet.open', { name: node.name })} onClick={() => onOpen(node.id)}>
          {node.name}
        </Button>
      ),
    },
    {
      id: 'state',
      head: t('fleet.column.state'),
      read: (node) => node.problem ?? node.summary?.state ?? '',
      cell: (node) => <ConsoleState node={node} />,
    },
    {
      id: 'seen',
      head: t('fleet.column.seen'),
      read: (node) => node.lastSeenMs ?? 0,
      cell: (node) => (node.lastSeenMs === null ? t('fleet.never') : agoText(node.lastSeenMs, nowMs)),
    },
    {
      id: 'today',
      head: t('fleet.column.today'),
      read: (node) => node.summary?.earnedToday ?? -1n,
      cell: (node) => amount(node, node.summary?.earnedToday),
      figure: true,
    },
    {
      id: 'claimable',
      head: t('fleet.column.claimable'),
      read: (node) => node.summary?.claimable ?? -1n,
      cell: (node) => amount(node, node.summary?.claimable),
      figure: true,
    },
    {
      id: 'alerts',
      head: t('fleet.column.alerts'),
      read: (node) => node.summary?.alerts.length ?? -1,
      cell: alertsText,
    },
    {
      id: 'network',
      head: t('fleet.column.network'),
      read: (node) => node.summary?.network.name ?? '',
      cell: (node) => node.summary?.network.name ?? '—',
    },
    {
      id: 'address',
      head: t('fleet.column.address'),
      read: (node) => node.url,
      cell: (node) => <code>{node.url}</code>,
      hidden: true,
    },
    {
      id: 'version',
      head: t('fleet.column.version'),
      read: (node) => node.summary?.version ?? '',
      cell: (node) => node.summary?.version ?? '—',
      hidden: true,
    },
  ];
  return (
    <DataTable label={t('fleet.table')} rows={nodes} columns={columns} rowId={(node) => node.id} chosen={chosen} />
  );
}

/** The page. */
export function FleetPage() {
  const { t } = useTranslation();
  const fleet = useCall('fleet.list', {}, { repeatMs: askEveryMs });
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const open = fleet.data?.find((node) => node.id === chosen) ?? null;
  return (
    <>
      <PageHead title={t('page.fleet')} intro={t('fleet.intro')}>
        <Button look="primary" icon={<Plus size={16} aria-hidden="true" />} onClick={() => setAdding(true)}>
          {t('fleet.add')}
        </Button>
      </PageHead>
      <Read query={fleet}>
        {(nodes) =>
          nodes.length === 0 ? (
            <Empty icon={Server}>{t('fleet.empty')}</Empty>
          ) : (
            <div className="fleet">
              <Figures nodes={nodes} />
              <Card title={t('fleet.table')}>
                <FleetTable nodes={nodes} chosen={chosen} onOpen={setChosen} />
              </Card>
            </div>
          )
        }
      </Read>
      {adding && <AddConsole onClose={() => setAdding(false)} />}
      {open !== null && <FleetPanel node={open} onClose={() => setChosen(null)} />}
    </>
  );
}
