/** The ledger as columns of text, the same in every export (product.md, Economics: one row per ledger entry). */
import { decimalText } from '../domain/amounts.ts';
import type { LedgerEntry } from './views.ts';

/** Columns, in order; the last three are empty where no rate was known on the entry's day. */
export const ledgerColumns = ['time', 'digest', 'event_index', 'stack', 'task', 'amount_base_units', 'amount', 'coin', 'kind', 'fiat', 'rate', 'rate_source'] as const;

/** One entry's cells, in the order of {@link ledgerColumns}. */
export const ledgerCells = (entry: LedgerEntry): string[] => [
  new Date(entry.atMs).toISOString(),
  entry.digest,
  String(entry.eventIndex),
  entry.stackSmallId === null ? '' : String(entry.stackSmallId),
  entry.taskSmallId === null ? '' : String(entry.taskSmallId),
  String(entry.amount),
  decimalText(entry.amount, entry.coin.decimals),
  entry.coin.symbol,
  entry.kind,
  entry.fiat?.amount ?? '',
  entry.fiat === null ? '' : `${entry.fiat.rate.perCoin} ${entry.fiat.rate.currency}`,
  entry.fiat?.rate.source ?? '',
];
