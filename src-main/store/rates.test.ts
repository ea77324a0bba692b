/** A day keeps its last rate, and an old day keeps the one of its time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { openStore, type Store } from './open.ts';
import { createRates } from './rates.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rates-'));
  store = openStore({ dataDir: folder }, { now: () => 0, log: silentLogger });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const noon = (day: number): number => new Date(2025, 2, day, 12).getTime();
const rate = (perCoin: string, atMs: number, currency = 'EUR') => ({ perCoin, currency, source: 'manual', atMs });

describe('rates', () => {
  it('answers with the rate known on the day, or the nearest one before it', () => {
    const rates = createRates(store);
    rates.keep('0x1::t::T', rate('0.5', noon(3)));
    rates.keep('0x1::t::T', rate('0.6', noon(3) + 60_000));
    rates.keep('0x1::t::T', rate('0.9', noon(9)));
    expect(rates.at('0x1::t::T', 'EUR', noon(2))).toBeNull();
    expect(rates.at('0x1::t::T', 'EUR', noon(3))?.perCoin).toBe('0.6');
    expect(rates.at('0x1::t::T', 'EUR', noon(8))).toEqual(rate('0.6', noon(3) + 60_000));
    expect(rates.at('0x1::t::T', 'EUR', noon(30))?.perCoin).toBe('0.9');
  });
  it('keeps coins and currencies apart', () => {
    const rates = createRates(store);
    rates.keep('0x1::t::T', rate('0.5', noon(3)));
    expect(rates.at('0x1::t::T', 'USD', noon(3))).toBeNull();
    expect(rates.at('0x2::sui::SUI', 'EUR', noon(3))).toBeNull();
  });
});
