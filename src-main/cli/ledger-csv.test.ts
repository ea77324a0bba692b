/** The CSV export: read back it equals the ledger, for any amounts and texts, and it is streamed. */
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledgerEntrySchema, type LedgerEntry } from '../../src-shared/bridge/views.ts';
import { decimalText, parseDecimal, suiCoin } from '../../src-shared/domain/amounts.ts';
import { kept } from '../testing/kept.ts';
import { ledgerColumns } from '../../src-shared/bridge/ledger-columns.ts';
import { writeLedgerCsv, type LedgerPage } from './ledger-csv.ts';

const toma = { type: '0x1::toma::TOMA', symbol: 'TOMA', decimals: 9 };
const odd = { type: '0x1::odd::ODD', symbol: 'a"b,\r\nc', decimals: 0 };

const entry = (index: number, change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: `digest${index}:0`, digest: `digest${index}`, eventIndex: 0, kind: 'claim', atMs: 1_700_000_000_000 + index, epoch: 1n, stackSmallId: 1n, taskSmallId: null, amount: 5n, coin: toma, fiat: null, ...change,
});
/** Pages over a list, as the bridge gives them. */
const pagesOf = (entries: readonly LedgerEntry[]): LedgerPage => async (limit, before) => {
  const start = before === null ? 0 : entries.findIndex(({ id }) => id === before) + 1;
  return entries.slice(start, start + limit);
};
async function csvOf(entries: readonly LedgerEntry[]): Promise<string> {
  const sink = kept();
  expect(await writeLedgerCsv(pagesOf(entries), sink.stream)).toBe(entries.length);
  return sink.text();
}

const entries = fc.uniqueArray(
  fc.record({
    digest: fc.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{43,44}$/),
    eventIndex: fc.integer({ min: -1, max: 1_000 }),
    kind: fc.constantFrom(...ledgerEntrySchema.shape.kind.options),
    atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    stackSmallId: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    taskSmallId: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    amount: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
    coin: fc.constantFrom(toma, suiCoin, odd),
    fiat: fc.constantFrom(null, { amount: '-0.42', rate: { perCoin: '0.07', currency: 'EUR', source: 'by hand, "mine"', atMs: 1 } }),
  }),
  { selector: ({ digest, eventIndex }) => `${digest}:${eventIndex}`, maxLength: 30 },
).map((list) => list.map((one): LedgerEntry => ({ ...one, id: `${one.digest}:${one.eventIndex}`, epoch: 0n })));

describe('writeLedgerCsv', () => {
  it('read back equals the ledger, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (list) => {
        const rows = parse(await csvOf(list), { columns: true }) as Record<(typeof ledgerColumns)[number], string>[];
        const back = rows.map((row) => ({
          atMs: Date.parse(row.time), digest: row.digest, eventIndex: Number(row.event_index),
          stackSmallId: row.stack === '' ? null : BigInt(row.stack), taskSmallId: row.task === '' ? null : BigInt(row.task),
          amount: BigInt(row.amount_base_units), symbol: row.coin, kind: row.kind,
        }));
        expect(back).toEqual(list.map(({ atMs, digest, eventIndex, stackSmallId, taskSmallId, amount, coin, kind }) => ({ atMs, digest, eventIndex, stackSmallId, taskSmallId, amount, symbol: coin.symbol, kind })));
        for (const [index, row] of rows.entries()) {
          const { amount, coin, fiat } = list[index]!;
          expect(row.amount).toBe(decimalText(amount, coin.decimals));
          expect(parseDecimal(row.amount.replace('-', ''), coin.decimals)).toBe(amount < 0n ? -amount : amount);
          // A rate that is not known is empty, and never 0.
          expect([row.fiat, row.rate, row.rate_source]).toEqual(fiat === null ? ['', '', ''] : ['-0.42', '0.07 EUR', 'by hand, "mine"']);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has a head line and RFC 4180 line ends', async () => {
    expect(await csvOf([])).toBe(`${ledgerColumns.join(',')}\r\n`);
    const text = await csvOf([entry(1, { coin: odd, amount: -7n, stackSmallId: null })]);
    expect(text).toBe(`${ledgerColumns.join(',')}\r\n2023-11-14T22:13:20.001Z,digest1,0,,,-7,-7,"a""b,\r\nc",claim,,,\r\n`);
  });

  it('asks for every page once, also when the last one is full', async () => {
    const list = Array.from({ length: 1_000 }, (_, index) => entry(index));
    const asked: (string | null)[] = [];
    const sink = kept();
    const rows = await writeLedgerCsv((limit, before) => (asked.push(before), pagesOf(list)(limit, before)), sink.stream);
    expect([rows, asked]).toEqual([1_000, [null, 'digest499:0', 'digest999:0']]);
    expect(sink.text().split('\r\n')).toHaveLength(1_002);
  });

  it('reads no further than the sink takes: memory stays flat however long the ledger is', async () => {
    let pages = 0;
    let written = 0;
    let ahead = 0;
    const page: LedgerPage = async (limit) => {
      pages += 1;
      ahead = Math.max(ahead, (pages - 1) * 500 - written);
      return pages > 200 ? [] : Array.from({ length: limit }, (_, index) => entry(pages * limit + index));
    };
    const slow = new Writable({
      highWaterMark: 1_024,
      write: (chunk: Buffer, _encoding, done) => {
        written += chunk.toString().split('\r\n').length - 1;
        setImmediate(done);
      },
    });
    expect(await writeLedgerCsv(page, slow)).toBe(100_000);
    // Buffers of the streams between, in rows; a ledger read whole would be a hundred thousand ahead.
    expect(ahead).toBeLessThan(3_000);
  });

  it('fails with the ledger, and leaves stdout open', async () => {
    const sink = kept();
    await expect(writeLedgerCsv(() => Promise.reject(new Error('locked')), sink.stream)).rejects.toThrow('locked');
    const open = kept();
    await writeLedgerCsv(pagesOf([entry(1)]), open.stream, { keepOpen: true });
    expect(open.stream.writableEnded).toBe(false);
  });
});
