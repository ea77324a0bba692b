/** What moved the balances, as the ledger has it from chain (product.md, Wallet: history from chain). */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { LedgerTable, type LedgerColumn } from '../../components/ledger-table.tsx';

/** The card. */
export function HistoryCard() {
  const { t } = useTranslation();
  const columns = useMemo<LedgerColumn[]>(
    () => [
      {
        id: 'epoch',
        head: t('wallet.history.epoch'),
        read: (entry) => entry.epoch,
        cell: (entry) => String(entry.epoch),
        figure: true,
        hidden: true,
      },
    ],
    [t],
  );
  return (
    <LedgerTable
      title={t('wallet.history.title')}
      intro={t('wallet.history.intro')}
      empty={t('wallet.history.empty')}
      columns={columns}
    />
  );
}
