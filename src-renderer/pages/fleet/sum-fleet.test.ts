/** Sums keep coins apart and say of how many consoles they are. */
import { describe, expect, it } from 'vitest';
import type { FleetNode } from '../../../src-shared/bridge/fleet-calls.ts';
import { alertCount, answering, earnedOnDayOf, sumByCoin } from './sum-fleet.ts';

const coinOf = (symbol: string) => ({ type: `0x2::c::${symbol}`, symbol, decimals: 9 });
const node = (symbol: string, earnedToday: bigint | null, problem: FleetNode['problem'] = null): FleetNode => ({
  id: symbol,
  name: symbol,
  url: 'https://rig.example',
  pinned: null,
  offered: null,
  lastSeenMs: 1,
  askedMs: 1,
  problem,
  summary: {
    v: 1,
    version: '1',
    atMs: 1,
    network: { id: 'n', name: 'N', kind: 'custom' },
    nodeSmallId: null,
    state: 'READY',
    reason: 'waiting_for_work',
    sinceMs: 1,
    running: 0,
    subscribedTasks: 0,
    tokensPerSecond: null,
    coin: coinOf(symbol),
    earnedToday,
    earned30Days: null,
    pending: null,
    claimable: null,
    alerts: [{ level: 'info', message: 'x', sinceMs: 1 }],
  },
});

describe('sums over consoles', () => {
  it('keep coins apart, count who said nothing, and take what was last known of the dead', () => {
    const nodes = [
      node('A', 2n ** 64n),
      node('B', 5n),
      node('A', 1n, 'timeout'),
      node('A', null),
      { ...node('C', 1n), summary: null },
    ];
    expect(sumByCoin(nodes, (summary) => summary.earnedToday)).toEqual([
      { coin: coinOf('A'), amount: 2n ** 64n + 1n, said: 2, asked: 3, oldestMs: 1 },
      { coin: coinOf('B'), amount: 5n, said: 1, asked: 1, oldestMs: 1 },
    ]);
    expect([answering(nodes), alertCount(nodes)]).toEqual([3, 5]);
  });
  it('are as old as the console that was heard longest ago, of those that said something', () => {
    const nodes = [
      { ...node('A', 1n), lastSeenMs: 9 },
      { ...node('A', 1n, 'timeout'), lastSeenMs: 4 },
      { ...node('A', null), lastSeenMs: 2 },
    ];
    expect(sumByCoin(nodes, (summary) => summary.earnedToday)).toMatchObject([{ said: 2, oldestMs: 4 }]);
  });
  it('of today hold nothing of another day', () => {
    const noonMs = new Date(2026, 10, 21, 12).getTime();
    const nodes = [noonMs, noonMs - 86_400_000].map((atMs) => ({
      ...node('A', 5n),
      summary: { ...node('A', 5n).summary!, atMs },
    }));
    expect(sumByCoin(nodes, earnedOnDayOf(noonMs + 60_000))).toMatchObject([{ amount: 5n, said: 1, asked: 2 }]);
  });
  it('are empty for an empty list', () =>
    expect([sumByCoin([], () => 1n), answering([]), alertCount([])]).toEqual([[], 0, 0]));
});
