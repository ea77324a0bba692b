/** The ledger: one entry per (digest, event index), written only from final effects, with running totals in the same transaction (architecture.md, main job step 9). */
import { z } from 'zod';
import { ledgerEntrySchema } from '../../src-shared/bridge/views.ts';
import { bigintColumn } from './chain-columns.ts';
import { plainInteger, unsignedInteger } from './columns.ts';
import { startOfDay } from '../platform/local-day.ts';
import type { Store } from './open.ts';

const kind = ledgerEntrySchema.shape.kind;
const row = z
  .object({
    digest: z.string(),
    event_index: plainInteger,
    kind,
    at_ms: plainInteger,
    epoch: unsignedInteger,
    stack_small_id: unsignedInteger.nullable(),
    task_small_id: unsignedInteger.nullable(),
    amount: bigintColumn,
    coin_type: z.string(),
  })
  .transform((columns) => ({
    digest: columns.digest,
    eventIndex: columns.event_index,
    kind: columns.kind,
    atMs: columns.at_ms,
    epoch: columns.epoch,
    stackSmallId: columns.stack_small_id,
    taskSmallId: columns.task_small_id,
    amount: columns.amount,
    coinType: columns.coin_type,
  }));
/** A ledger row. */
export type LedgerTableRow = z.output<typeof row>;

const total = z
  .object({ kind, coin_type: z.string(), amount: bigintColumn })
  .transform((columns) => ({ kind: columns.kind, coinType: columns.coin_type, amount: columns.amount }));
type Total = z.output<typeof total>;

const gasDay = z.object({ day: z.string().regex(/^\d{4}-\d\d-\d\d$/), task_small_id: unsignedInteger.nullable(), gas: z.bigint() });

const source = { table: 'ledger', id: ['digest', 'event_index'] } as const;
const totalSource = { table: 'ledger_totals', id: ['kind', 'coin_type'] } as const;

/** The ledger of an open store. */
export function createLedger(store: Store) {
  const { db } = store;
  const addTotal = ({ kind: of, coinType, amount }: Pick<LedgerTableRow, 'kind' | 'coinType' | 'amount'>): void => {
    const before = store.readOne(totalSource, total, 'SELECT * FROM ledger_totals WHERE kind = ? AND coin_type = ?', of, coinType)?.amount ?? 0n;
    db.run(
      'INSERT INTO ledger_totals (kind, coin_type, amount) VALUES (?, ?, ?) ON CONFLICT (kind, coin_type) DO UPDATE SET amount = excluded.amount',
      of, coinType, (before + amount).toString(),
    );
  };
  const addOne = (entry: LedgerTableRow): number => {
    const added = db.run(
      `INSERT INTO ledger (digest, event_index, kind, at_ms, epoch, stack_small_id, task_small_id, amount, coin_type)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest, event_index) DO NOTHING`,
      entry.digest, BigInt(entry.eventIndex), entry.kind, BigInt(entry.atMs), entry.epoch, entry.stackSmallId, entry.taskSmallId, entry.amount.toString(), entry.coinType,
    );
    if (added.changes > 0n) addTotal(entry);
    return Number(added.changes);
  };
  return {
    /** Adds what is not there yet, all or nothing; tells how many entries were new. */
    add: (entries: readonly LedgerTableRow[]): number =>
      store.transaction(() => {
        const added = entries.reduce((count, entry) => count + addOne(entry), 0);
        if (added > 0) store.announce('ledger');
        return added;
      }),
    /** Newest first; `before` is the id of the last entry of the page before. */
    list(limit: number, before: string | null): LedgerTableRow[] {
      const [digest = '', index = ''] = before?.split(':') ?? [];
      const order = 'ORDER BY at_ms DESC, digest DESC, event_index DESC LIMIT ?';
      if (before === null) return store.readAll(source, row, `SELECT * FROM ledger ${order}`, BigInt(limit));
      return store.readAll(
        source, row,
        `SELECT * FROM ledger WHERE (at_ms, digest, event_index) < (SELECT at_ms, digest, event_index FROM ledger WHERE digest = ? AND event_index = ?) ${order}`,
        digest, /^-?\d{1,9}$/.test(index) ? BigInt(index) : 0n, BigInt(limit),
      );
    },
    /** Gas in MIST, net of rebates, by local day and task from the day of `sinceMs` on, oldest first. */
    gasDays: (sinceMs: number, coinType: string): { dayMs: number; taskSmallId: bigint | null; gasMist: bigint }[] =>
      store
        .readAll(
          { table: 'ledger', id: ['day'] }, gasDay,
          // A day's gas is far below 2^63 MIST; the amounts themselves are text because others are not.
          `SELECT date(at_ms / 1000, 'unixepoch', 'localtime') AS day, task_small_id, -sum(CAST(amount AS INTEGER)) AS gas
           FROM ledger WHERE kind = 'gas' AND coin_type = ? AND at_ms >= ? GROUP BY day, task_small_id ORDER BY day, task_small_id`,
          coinType, BigInt(Math.trunc(sinceMs)),
        )
        .map(({ day, task_small_id: taskSmallId, gas }) => ({ dayMs: startOfDay(day), taskSmallId, gasMist: gas })),
    /** Sums by kind and coin. */
    totals: (): Total[] => store.readAll(totalSource, total, 'SELECT * FROM ledger_totals ORDER BY kind, coin_type'),
    /** Gas of one transaction in MIST, net of rebates; null when it is not booked. */
    gasOf(digest: string): bigint | null {
      const entry = store.readOne(source, row, "SELECT * FROM ledger WHERE digest = ? AND kind = 'gas'", digest);
      return entry === null ? null : -entry.amount;
    },
  };
}
