/** Stacks, earnings and ledger as the window shows them, from rows and the last reading (product.md, Dashboard and Stacks). */
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { EarningsView, LedgerEntry, StackView } from '../../src-shared/bridge/views.ts';
import { suiCoin, type Coin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { LedgerRow } from '../core/ledger-entries.ts';
import type { StackWork } from '../core/settlement-plan.ts';
import type { ChainStore, StackRow } from './chain-store.ts';
import { byDay, byHour, claimableValue, earnedByRange, earnedDays, earningsPoints, pendingValue, rangeStart, type EarningsPoint, type EarningsRange, type Pricing } from './earnings-view.ts';
import type { Observer } from './observer.ts';
import type { StackFacts } from './stack-facts.ts';
import { stackView } from './stack-views.ts';

type Deps = { store: ChainStore; observer: Observer; stacks: Pick<StackFacts, 'isUnderWay' | 'strandedBy'>; stackWork: (stackSmallId: bigint) => StackWork; now: () => number };

/** Finished stacks in the list; the ledger has them all. */
const finishedShown = 100;

/** Creates the views. */
export function createMoneyViews(profile: NetworkProfile, { store, observer, stacks, stackWork, now }: Deps) {
  const coinOf = (type: string): Coin =>
    type === suiCoin.type ? suiCoin : type === profile.coin.type ? profile.coin : { type, symbol: (type.split('::').at(-1) ?? '?').slice(0, 12), decimals: 0 };
  const totalOf = (kinds: readonly LedgerRow['kind'][], coinType: string): bigint =>
    store.ledger.totals().filter((total) => kinds.includes(total.kind) && total.coinType === coinType).reduce((sum, total) => sum + total.amount, 0n);

  // The profile's generation is the chain's: anything else is refused before it is read.
  const contract = contractOf(profile.generation);
  /** Charges of a new database (protocol.md 5.1) stand in until the live ones are read. */
  const pricing = (): Pricing => ({ contract, settings: observer.snapshot().db ?? contract.constants });

  const views = {
    /** Stacks whose money is on the way and the newest of the others, newest first; empty until the chain was read once. */
    stackViews(finishedLimit = finishedShown): StackView[] {
      const { db, epoch } = observer.snapshot();
      const node = observer.node();
      if (db === null || node === null) return [];
      const rows = store.stacks.list(node.nodeSmallId, finishedLimit);
      const workOf = (row: StackRow): StackWork =>
        // A finished stack takes no more work: its sum is enough, and reading every entry of every stack would not be.
        row.state === 'claimed' || row.state === 'gone'
          ? { acceptedUnits: store.earnings.unitsOf(row.stackSmallId), awaitingAck: 0, running: 0, lastAcceptedAtMs: null }
          : stackWork(row.stackSmallId);
      return rows
        .map((row) =>
          stackView(row, {
            ticket: store.tickets.get(row.stackSmallId),
            work: workOf(row),
            epoch: epoch?.epoch ?? null,
            pricing: pricing(),
            model: observer.task(row.taskSmallId)?.modelName ?? null,
            settleUnderWay: stacks.isUnderWay('settle', row.stackSmallId),
            strandedBy: row.state === 'open' || row.state === 'settled' ? stacks.strandedBy(row.stackSmallId) : null,
            claimUnderWay: stacks.isUnderWay('claim', row.stackSmallId),
            gasOf: (digest) => store.ledger.gasOf(digest),
            shareOf: store.stacks.claimedBy,
          }),
        )
        .reverse();
    },
    /** What was earned; amounts of the chain are null with their source until it was read. */
    earnings(): EarningsView {
      const { readAtMs } = observer.snapshot();
      const node = observer.node();
      const nowMs = now();
      const days30Ms = rangeStart('days30', nowMs);
      const stackList = node === null ? null : views.stackViews(0);
      const chain = <T>(value: T | null) => ({ value, source: 'chain' as const, readAtMs });
      const gas = -totalOf(['gas'], suiCoin.type);
      const claimed = totalOf(['claim', 'fee'], profile.coin.type);
      return {
        coin: profile.coin,
        earned: earnedByRange({ days: store.earnings.days(days30Ms), before: store.earnings.before(days30Ms) }, nowMs, pricing()),
        pending: chain(stackList && pendingValue(stackList)),
        claimable: chain(stackList && claimableValue(stackList)),
        // An empty ledger that was never compared with the chain says nothing.
        claimed: chain(readAtMs === null && claimed === 0n ? null : claimed),
        gasMist: readAtMs === null && gas === 0n ? null : gas,
        reputation: chain(node?.reputation ?? null),
        collateral: chain(node?.collateral ?? null),
      };
    },
    /** The chart of a range. */
    earningsSeries(range: EarningsRange): EarningsPoint[] {
      const fromMs = rangeStart(range, now());
      const bars = range === 'today' ? byHour(store.earnings.quarters(fromMs)) : byDay(store.earnings.days(fromMs));
      return earningsPoints(bars, pricing());
    },
    /** Acknowledged work by local day and task from the day of `sinceMs` on, oldest first. */
    earnedDays: (sinceMs: number) => earnedDays(store.earnings.days(sinceMs), pricing()),
    /** Gas by local day and task, net of rebates. */
    gasDays: (sinceMs: number) => store.ledger.gasDays(sinceMs, suiCoin.type),
    /** Newest first; `before` is the id of the last entry of the page before. */
    ledger: (limit: number, before: string | null): Omit<LedgerEntry, 'fiat'>[] =>
      store.ledger.list(limit, before).map(({ coinType, ...row }) => ({ ...row, id: `${row.digest}:${row.eventIndex}`, coin: coinOf(coinType) })),
  };
  return views;
}
