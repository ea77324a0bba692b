/** What moved the balances, as the ledger has it from chain (product.md, Wallet: history from chain). */
import { ReceiptText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LedgerEntry } from '../../../src-shared/bridge/views.ts';
import { Amount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Empty, ErrorNotice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/read.tsx';
import { useLedger } from '../../data/use-ledger.ts';
import { dateTimeText } from '../../format/time.ts';

/** The card. */
export function HistoryCard() {
  const { t } = useTranslation();
  const query = useLedger();
  const entries = query.data?.pages.flat() ?? [];
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
      id: 'amount',
      head: t('economics.ledger.column.amount'),
      read: (entry) => entry.amount,
      cell: (entry) => <Amount value={entry.amount} coin={entry.coin} source="chain" signed />,
      figure: true,
    },
    {
      id: 'stack',
      head: t('economics.ledger.column.stack'),
      read: (entry) => entry.stackSmallId ?? -1n,
      cell: (entry) => (entry.stackSmallId === null ? '—' : `#${entry.stackSmallId}`),
      figure: true,
    },
    {
      id: 'epoch',
      head: t('wallet.history.epoch'),
      read: (entry) => entry.epoch,
      cell: (entry) => String(entry.epoch),
      figure: true,
      hidden: true,
    },
    {
      id: 'digest',
      head: t('economics.ledger.column.digest'),
      read: (entry) => entry.digest,
      cell: (entry) => <IdText id={entry.digest} name={t('economics.ledger.column.digest')} />,
    },
  ];
  return (
    <Card title={t('wallet.history.title')} className="history">
      <p className="hint">{t('wallet.history.intro')}</p>
      {query.isPending && <Skeleton />}
      {query.error !== null && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && entries.length === 0 && (
        <Empty icon={ReceiptText}>{t('wallet.history.empty')}</Empty>
      )}
      {entries.length > 0 && (
        <DataTable
          label={t('wallet.history.title')}
          rows={entries}
          columns={columns}
          rowId={(entry) => entry.id}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, ask: () => void query.fetchNextPage() }}
        />
      )}
    </Card>
  );
}
