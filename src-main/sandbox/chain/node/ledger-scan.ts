/** How the ledger's lists are read: always from a position on through an index, never a whole table (issue 3, item 7; Sui rpc v2 QueryOptions). */
import type { Sqlite, SqlRow, SqlValue } from '../../../platform/sqlite.ts';

/** Where a listing goes on: an open interval of positions, walked in a direction, `limit` rows at most. */
export interface Scan {
  readonly after: bigint;
  readonly before: bigint;
  readonly descending: boolean;
  readonly limit: number;
}

/** What narrows a listing before its rows are looked at; `position` is the order of the ledger itself. */
export type ScanKey =
  | { readonly by: 'position' }
  | { readonly by: 'sender'; readonly sender: string }
  | { readonly by: 'type'; readonly type: string }
  | { readonly by: 'module'; readonly packageId: string; readonly module: string };

/** Tables with positions. */
export type ScanTable = 'events' | 'transactions' | 'checkpoints';

/** The column that holds a row's position. */
export const positionColumn = (table: ScanTable): string => (table === 'checkpoints' ? 'sequence' : 'position');

const conditions: Readonly<Record<ScanKey['by'], string>> = {
  position: '',
  sender: 'sender = ? AND ',
  type: 'type = ? AND ',
  module: 'package = ? AND module = ? AND ',
};

/** The statement of a scan; its parameters are the key's, then `after`, `before`, `limit`. */
export const scanSql = (table: ScanTable, by: ScanKey['by'], descending: boolean): string => {
  const at = positionColumn(table);
  const order = descending ? ' DESC' : '';
  return `SELECT * FROM ${table} WHERE ${conditions[by]}${at} > ? AND ${at} < ? ORDER BY ${at}${order} LIMIT ?`;
};

/** The statement that finds the first position at or after a checkpoint. */
export const firstPositionSql = (table: 'events' | 'transactions'): string =>
  `SELECT position FROM ${table} WHERE checkpoint >= ? ORDER BY checkpoint, position LIMIT 1`;

const keyValues = (key: ScanKey): readonly SqlValue[] => {
  if (key.by === 'sender') return [key.sender];
  if (key.by === 'type') return [key.type];
  return key.by === 'module' ? [key.packageId, key.module] : [];
};

/** Reads one scan's rows, in its order. */
export const scanRows = (db: Sqlite, table: ScanTable, key: ScanKey, scan: Scan): SqlRow[] =>
  db.all(scanSql(table, key.by, scan.descending), ...keyValues(key), scan.after, scan.before, scan.limit);

/** First position of a checkpoint or of the next one that has any; null when there is none. */
export const firstPosition = (db: Sqlite, table: 'events' | 'transactions', checkpoint: bigint): bigint | null =>
  (db.get(firstPositionSql(table), checkpoint)?.['position'] as bigint | undefined) ?? null;

/** Highest position of a table; −1 when it is empty. */
export const lastPosition = (db: Sqlite, table: ScanTable): bigint =>
  (db.get(`SELECT max(${positionColumn(table)}) AS last FROM ${table}`)?.['last'] as bigint | null | undefined) ?? -1n;
