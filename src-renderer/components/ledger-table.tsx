/** The ledger as a card with a table: the columns that every reader needs, and what a page adds to them; loading, empty and failed states with it (product.md, Economics and Wallet). */
import { ReceiptText } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LedgerEntry } from '../../src-shared/bridge/views.ts';
import { useLedger } from '../data/use-ledger.ts';
import { dateTimeText } from '../format/time.ts';
import { Amount } from './amount.tsx';
import { Card } from './card.tsx';
import { IdText } from './copy.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { Empty } from './notice.tsx';
import { Read } from './read.tsx';

/** A column of the ledger. */
export type LedgerColumn = Column<LedgerEntry>;

/** A small id as it is written; not every entry has one. */
export const smallIdText = (id: bigint | null): string => (id === null ? '—' : `#${id}`);

/** All columns in their order: those that every reader needs, and a page's own before the digest. */
function useLedgerColumns(own: readonly LedgerColumn[]): LedgerColumn[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const head = (name: 'time' | 'kind' | 'stack' | 'amount' | 'digest'): string =>
      t(`economics.ledger.column.${name}`);
    return [
      { id: 'time', head: head('time'), read: ({ atMs }) => atMs, cell: ({ atMs }) => dateTimeText(atMs) },
      {
        id: 'kind',
        head: head('kind'),
        read: ({ kind }) => kind,
        cell: ({ kind }) => t(`economics.ledger.kind.${kind}`),
      },
      {
        id: 'amount',
        head: head('amount'),
        read: ({ amount }) => amount,
        cell: ({ amount, coin, atMs }) => <Amount value={amount} coin={coin} source="chain" bookedAtMs={atMs} signed />,
        figure: true,
      },
      {
        id: 'stack',
        head: head('stack'),
        read: ({ stackSmallId }) => stackSmallId ?? -1n,
        cell: ({ stackSmallId }) => smallIdText(stackSmallId),
        figure: true,
      },
      ...own,
      {
        id: 'digest',
        head: head('digest'),
        read: ({ digest }) => digest,
        cell: ({ digest }) => <IdText id={digest} name={head('digest')} />,
      },
    ];
  }, [t, own]);
}

type Props = {
  title: string;
  intro: string;
  empty: string;
  /** What a page shows of its own, put before the digest; the same array as long as it shows the same. */
  columns: readonly LedgerColumn[];
  /** Stands in the head of the card once there are entries. */
  head?: ReactNode;
  /** Stands above the table; told how many entries are loaded. */
  tools?: (count: number) => ReactNode;
};

/** The card. */
export function LedgerTable(props: Props) {
  const { title } = props;
  const query = useLedger();
  const columns = useLedgerColumns(props.columns);
  const entries = useMemo(() => query.data?.pages.flat() ?? [], [query.data]);
  return (
    <Card title={title} head={entries.length > 0 ? props.head : undefined}>
      <p className="hint">{props.intro}</p>
      <Read query={query}>{() => null}</Read>
      {query.data !== undefined && entries.length === 0 && <Empty icon={ReceiptText}>{props.empty}</Empty>}
      {entries.length > 0 && (
        <DataTable
          label={title}
          rows={entries}
          columns={columns}
          rowId={({ id }) => id}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, ask: () => void query.fetchNextPage() }}
          tools={props.tools?.(entries.length)}
        />
      )}
    </Card>
  );
}
