/** The ledger with the rate of each line's day, and its export as CSV (product.md, "Economics"). */
import { stringify } from 'csv-stringify/browser/esm/sync';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ledgerCells, ledgerColumns } from '../../../src-shared/bridge/ledger-columns.ts';
import type { LedgerEntry } from '../../../src-shared/bridge/views.ts';
import { toAppError } from '../../../src-shared/errors.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { LedgerTable, smallIdText, type LedgerColumn } from '../../components/ledger-table.tsx';
import { useClient } from '../../data/client.tsx';
import type { Client } from '../../bridge.ts';
import { countText } from '../../format/amount.ts';
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
      {count === null
        ? t('economics.ledger.csv')
        : t('economics.ledger.exporting', { count, formatted: countText(count) })}
    </Button>
  );
}

/** The card. */
export function LedgerCard({ currency }: { currency: string }) {
  const { t } = useTranslation();
  const columns = useMemo<LedgerColumn[]>(
    () => [
      {
        id: 'task',
        head: t('economics.ledger.column.task'),
        read: (entry) => entry.taskSmallId ?? -1n,
        cell: (entry) => smallIdText(entry.taskSmallId),
        figure: true,
        hidden: true,
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
            basis={{
              how: t('economics.worth.line'),
              rate: { of: entry.fiat?.rate ?? null, symbol: entry.coin.symbol },
            }}
          />
        ),
        figure: true,
      },
    ],
    [t, currency],
  );
  const shown = (count: number) => (
    <span className="muted">{t('economics.ledger.exporting', { count, formatted: countText(count) })}</span>
  );
  return (
    <LedgerTable
      title={t('economics.ledger.title')}
      intro={t('economics.ledger.intro')}
      empty={t('economics.ledger.empty')}
      columns={columns}
      head={<ExportButton />}
      tools={shown}
    />
  );
}
