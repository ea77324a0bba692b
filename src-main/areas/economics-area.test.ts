/** Ledger lines carry the rate of their day, and a rate is asked once a coin and day. */
import { describe, expect, it } from 'vitest';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { Rate } from '../../src-shared/bridge/economics.ts';
import { withFiat } from './economics-area.ts';

const at = (hour: number, day: number): number => new Date(2025, 2, day, hour).getTime();
const entry = (atMs: number, coin = suiCoin) => ({ id: `${coin.type}:${atMs}`, kind: 'gas', digest: 'D', eventIndex: 0, atMs, epoch: 8n, stackSmallId: null, taskSmallId: null, amount: -1_000_000_000n, coin }) as const;

describe('withFiat', () => {
  it('asks for a rate once a coin and day, also for one that is not known', () => {
    const other = { ...suiCoin, type: '0x2::other::OTHER' };
    const asked: string[] = [];
    const rateAt = (coinType: string, atMs: number): Rate | null => {
      asked.push(`${coinType} ${new Date(atMs).getDate()}`);
      return coinType === other.type ? null : { perCoin: String(new Date(atMs).getDate()), currency: 'EUR', source: 'manual', atMs };
    };
    const entries = [entry(at(1, 3)), entry(at(23, 3)), entry(at(1, 4)), entry(at(2, 4), other), entry(at(3, 4), other)];
    expect(withFiat(rateAt, entries).map(({ fiat }) => fiat?.amount ?? null)).toEqual(['-3', '-3', '-4', null, null]);
    expect(asked).toEqual([`${suiCoin.type} 3`, `${suiCoin.type} 4`, `${other.type} 4`]);
  });
});
