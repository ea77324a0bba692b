/** What a coin was worth on which day, so that an old ledger line keeps the rate of its time (product.md, Economics). */
import { z } from 'zod';
import { rateSchema, type Rate } from '../../src-shared/bridge/economics.ts';
import { plainInteger } from './columns.ts';
import { localDay } from '../platform/local-day.ts';
import type { Store } from './open.ts';

const row = z
  .object({ per_coin: rateSchema.shape.perCoin, currency: z.string(), source: z.string(), at_ms: plainInteger })
  .transform((columns): Rate => ({ perCoin: columns.per_coin, currency: columns.currency, source: columns.source, atMs: columns.at_ms }));
const source = { table: 'rates', id: ['coin_type', 'currency', 'day'] } as const;

/** The rates of an open store. */
export type Rates = {
  /** Keeps a rate as the last one known on its day. */
  keep(coinType: string, rate: Rate): void;
  /** The rate known on the day of `atMs`, or on the nearest day before it; null when there is none. */
  at(coinType: string, currency: string, atMs: number): Rate | null;
};

/** Creates the reader and writer. */
export const createRates = (store: Store): Rates => ({
  keep: (coinType, { perCoin, currency, source: from, atMs }) => {
    store.db.run(
      `INSERT INTO rates (coin_type, currency, day, per_coin, source, at_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (coin_type, currency, day) DO UPDATE SET per_coin = excluded.per_coin, source = excluded.source, at_ms = excluded.at_ms`,
      coinType, currency, localDay(atMs), perCoin, from, BigInt(atMs),
    );
  },
  at: (coinType, currency, atMs) =>
    store.readOne(source, row, 'SELECT per_coin, currency, source, at_ms FROM rates WHERE coin_type = ? AND currency = ? AND day <= ? ORDER BY day DESC LIMIT 1', coinType, currency, localDay(atMs)),
});
