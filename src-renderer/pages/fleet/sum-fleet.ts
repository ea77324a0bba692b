/** Sums over consoles, by coin and never across coins; what a console does not know is left out and counted (product.md, rules: unknown is never 0). */
import type { FleetNode, FleetSummary } from '../../../src-shared/bridge/fleet-calls.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';

/** One coin's sum, of how many consoles, and when the one of them that was heard longest ago was heard. */
export type CoinSum = { coin: Coin; amount: bigint; said: number; asked: number; oldestMs: number | null };

/** What a console earned today; of one that was last heard on another day that is not known. */
export const earnedOnDayOf =
  (nowMs: number) =>
  ({ atMs, earnedToday }: FleetSummary): bigint | null =>
    new Date(atMs).toDateString() === new Date(nowMs).toDateString() ? earnedToday : null;

/** Sums of one amount by coin, in the order in which coins appear. */
export function sumByCoin(nodes: readonly FleetNode[], amountOf: (summary: FleetSummary) => bigint | null): CoinSum[] {
  const sums = new Map<string, CoinSum>();
  for (const { summary, lastSeenMs } of nodes) {
    if (summary === null) continue;
    const sum = sums.get(summary.coin.type) ?? { coin: summary.coin, amount: 0n, said: 0, asked: 0, oldestMs: null };
    const heardMs = lastSeenMs ?? summary.atMs;
    const amount = amountOf(summary);
    sums.set(summary.coin.type, {
      ...sum,
      asked: sum.asked + 1,
      ...(amount === null
        ? {}
        : {
            amount: sum.amount + amount,
            said: sum.said + 1,
            oldestMs: Math.min(sum.oldestMs ?? heardMs, heardMs),
          }),
    });
  }
  return [...sums.values()];
}

/** Consoles that answered the last time they were asked. */
export const answering = (nodes: readonly FleetNode[]): number =>
  nodes.filter(({ problem, summary, askedMs }) => problem === null && summary !== null && askedMs !== null).length;

/** Open alerts of all consoles that are known; a console that cannot be read is one itself. */
export const alertCount = (nodes: readonly FleetNode[]): number =>
  nodes.reduce((count, { summary, problem }) => count + (summary?.alerts.length ?? 0) + (problem === null ? 0 : 1), 0);
