/** The ledger as CSV (RFC 4180): one row an entry, streamed page by page, so that a million rows take no more memory than one page (product.md, Economics). */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { ledgerColumns, ledgerCells } from '../../src-shared/bridge/ledger-columns.ts';
import type { LedgerEntry } from '../../src-shared/bridge/views.ts';

/** A page of entries, newest first; `before` is the id of the last entry of the page before. */
export type LedgerPage = (limit: number, before: string | null) => Promise<readonly LedgerEntry[]>;

/** As many as one call of the bridge gives. */
const pageSize = 500;

/** Writes all entries, newest first, and tells how many they were. `keepOpen` leaves the sink open, as stdout must stay. */
export async function writeLedgerCsv(page: LedgerPage, sink: Writable, { keepOpen = false } = {}): Promise<number> {
  let rows = 0;
  const entries = async function* (): AsyncGenerator<string[]> {
    for (let before: string | null = null; ; ) {
      const items = await page(pageSize, before);
      rows += items.length;
      yield* items.map(ledgerCells);
      const last = items.at(-1);
      if (last === undefined || items.length < pageSize) return;
      before = last.id;
    }
  };
  const csv = stringify({ header: true, columns: [...ledgerColumns], record_delimiter: '\r\n' });
  await pipeline(Readable.from(entries()), csv, sink, { end: !keepOpen });
  return rows;
}
