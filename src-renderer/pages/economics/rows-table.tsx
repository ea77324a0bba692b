/** What each day or task brought, as a table. */
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import { Amount, Unknown } from '../../components/amount.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Fiat } from './fiat-amount.tsx';
import type { Bases } from './use-bases.ts';
import type { Group } from './group-rows.ts';
import { numberFormat } from '../../format/formatters.ts';

type Props<Key> = {
  groups: readonly Group<Key>[];
  head: string;
  label: string;
  nameOf: (key: Key) => string;
  sortOf: (key: Key) => number | bigint;
  coin: Coin;
  currency: string;
  basis: Bases;
};

const sortable = (amount: string | null): number => (amount === null ? Number.NEGATIVE_INFINITY : Number(amount));
/** Energy in kilowatt-hours, three digits. */
const energyText = (wattHours: number): string =>
  numberFormat(undefined, { maximumSignificantDigits: 3 }).format(wattHours / 1_000);

/** The table; groups come sorted. */
export function RowsTable<Key>({ groups, head, label, nameOf, sortOf, coin, currency, basis }: Props<Key>) {
  const { t } = useTranslation();
  const columns: Column<Group<Key>>[] = [
    { id: 'key', head, read: (group) => sortOf(group.key), cell: (group) => nameOf(group.key) },
    {
      id: 'gross',
      head: t('economics.column.gross'),
      read: (group) => group.gross,
      cell: (group) => <Amount value={group.gross} coin={coin} />,
      figure: true,
    },
    {
      id: 'grossFiat',
      head: t('economics.column.grossFiat'),
      read: (group) => sortable(group.grossFiat),
      cell: (group) => (
        <Fiat amount={group.grossFiat} currency={currency} reason={t('economics.noRate')} basis={basis.gross} />
      ),
      figure: true,
    },
    {
      id: 'gas',
      head: t('economics.column.gas'),
      read: (group) => group.gasMist,
      cell: (group) => <Amount value={group.gasMist} coin={suiCoin} />,
      figure: true,
    },
    {
      id: 'energy',
      head: t('economics.column.energy'),
      read: (group) => group.wattHours ?? -1,
      cell: (group) =>
        group.wattHours === null ? (
          <Unknown reason={t('economics.noTariff')} />
        ) : (
          t(`economics.kilowattHours.${group.source ?? 'estimated'}`, { energy: energyText(group.wattHours) })
        ),
      figure: true,
      hidden: true,
    },
    {
      id: 'power',
      head: t('economics.column.power'),
      read: (group) => sortable(group.electricity),
      cell: (group) => (
        <Fiat amount={group.electricity} currency={currency} reason={t('economics.noTariff')} basis={basis.power} />
      ),
      figure: true,
    },
    {
      id: 'net',
      head: t('economics.column.net'),
      read: (group) => sortable(group.net),
      cell: (group) => <Fiat amount={group.net} currency={currency} reason={t('economics.noNet')} basis={basis.net} />,
      figure: true,
    },
  ];
  return <DataTable label={label} rows={groups} columns={columns} rowId={(group) => String(group.key)} />;
}
