/** The ledger with the rate of each line's day, and its export as CSV (product.md, "Economics"). */
import { stringify } from 'csv-stringify/browser/esm/sync';
import { Download, ReceiptText } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ledgerCells, ledgerColumns } from '../../../src-shared/bridge/ledger-columns.ts';
import type { LedgerEntry } from '../../../src-shared/bridge/views.ts';
import { toAppError } from '../../../src-shared/errors.ts';
import { Amount } from '../../components/amount.tsx';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Empty, ErrorNotice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/read.tsx';
import { useClient } from '../../data/client.tsx';
import { useLedger } from '../../data/use-ledger.ts';
import type { Client } from '../../bridge.ts';
import { countText } from '../../format/amount.ts';
import { dateTimeText } from '../../format/time.ts';
import { Fiat } from './fiat-amount.tsx';

/** As many as one call gives. */
const exportSize = 500;

/** The whole ledger as CSV text, part by part; `onCount` hears how many lines there are so far. */
async function ledgerCsv(client: Client, onCount: (count: number) => void): Promise<string[]> {
  const parts = [stringify([[...ledgerColumns]], { record_delimiter: '\r\n' })];
  let before: string | null = null;
  let count = 0;
  for (;;) {
    const page: LedgerEntry[] = await client.call('ledger.list', { limit: exportSize, before });
    parts.push(stringify(page.map(ledgerCells), { record_delimiter: '\r\n' }));
    count += page.length;
    onCount(count);
    const last = page.at(-1);
    if (last === undefined || page.length < exportSize) return parts;
    before = last.id;
  }
}

function save(parts: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...parts], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'ledger.csv';
  link.click();
  URL.revokeObjectURL(url);
}

function ExportButton() {
  const { t } = useTranslation();
  const client = useClient();
  const tell = useTell();
  const [count, setCount] = useState<number | null>(null);
  const run = (): void => {
    setCount(0);
    ledgerCsv(client, setCount)
      .then((parts) => {
        save(parts);
        tell(true, t('economics.ledger.exported'));
      })
      .catch((error: unknown) => tell(false, toAppError(error).message))
      .finally(() => setCount(null));
  };
  return (
    <Button small busy={count !== null} icon={<Download size={15} aria-hidden="true" />} onClick={run}>
      {count === null ? t('economics.ledger.csv') : t('economics.ledger.exporting', { count })}
    </Button>
  );
}

/** The card. */
export function LedgerCard({ currency }: { currency: string }) {
  const { t } = useTranslation();
  const query = useLedger();
  const entries = query.data?.pages.flat() ?? [];
  const idOf = (id: bigint | null): string => (id === null ? '—' : `#${id}`);
  const columns: Column<LedgerEntry>[] = [
    {
      id: 'time',
      head: t('economics.ledger.column.time'),
      read: (entry) => entry.atMs,
      cell: (entry) => dateTimeText(entry.atMs),
    },
    {
      id: 'kind',
      head: t('economics.ledger.column.kind'),
      read: (entry) => entry.kind,
      cell: (entry) => t(`economics.ledger.kind.${entry.kind}`),
    },
    {
      id: 'stack',
      head: t('economics.ledger.column.stack'),
      read: (entry) => entry.stackSmallId ?? -1n,
      cell: (entry) => idOf(entry.stackSmallId),
      figure: true,
    },
    {
      id: 'task',
      head: t('economics.ledger.column.task'),
      read: (entry) => entry.taskSmallId ?? -1n,
      cell: (entry) => idOf(entry.taskSmallId),
      figure: true,
      hidden: true,
    },
    {
      id: 'amount',
      head: t('economics.ledger.column.amount'),
      read: (entry) => entry.amount,
      cell: (entry) => <Amount value={entry.amount} coin={entry.coin} source="chain" signed />,
      figure: true,
    },
    {
      id: 'fiat',
      head: t('economics.ledger.column.fiat'),
      read: (entry) => Number(entry.fiat?.amount ?? 0),
      cell: (entry) => (
        <Fiat
          amount={entry.fiat?.amount ?? null}
          currency={entry.fiat?.rate.currency ?? currency}
          reason={t('economics.noRate')}
        />
      ),
      figure: true,
    },
    {
      id: 'digest',
      head: t('economics.ledger.column.digest'),
      read: (entry) => entry.digest,
      cell: (entry) => <IdText id={entry.digest} name={t('economics.ledger.column.digest')} />,
    },
  ];
  return (
    <Card title={t('economics.ledger.title')} head={entries.length > 0 ? <ExportButton /> : undefined}>
      <p className="hint">{t('economics.ledger.intro')}</p>
      {query.isPending && <Skeleton />}
      {query.error !== null && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && entries.length === 0 && (
        <Empty icon={ReceiptText}>{t('economics.ledger.empty')}</Empty>
      )}
      {entries.length > 0 && (
        <DataTable
          label={t('economics.ledger.title')}
          rows={entries}
          columns={columns}
          rowId={(entry) => entry.id}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, ask: () => void query.fetchNextPage() }}
          tools={
            <span className="muted">
              {t('economics.ledger.exporting', { count: entries.length, formatted: countText(entries.length) })}
            </span>
          }
        />
      )}
    </Card>
  );
}
