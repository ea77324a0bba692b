/** Stacks, earnings and ledger as the window shows them, from rows and the last reading (product.md, Dashboard and Stacks). */
import { G1 } from '../../src-shared/atoma/index.ts';
import type { EarningsView, LedgerEntry, StackView } from '../../src-shared/bridge/views.ts';
import { suiCoin, type Coin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { LedgerRow } from '../core/ledger-entries.ts';
import type { StackWork } from '../core/settlement-plan.ts';
import type { ChainStore, StackRow } from './chain-store.ts';
import { claimableValue, earnedByRange, earningsPoints, pendingValue, rangeStart, type EarningsPoint, type EarningsRange } from './earnings-view.ts';
import type { Observer } from './observer.ts';
import type { StackFacts } from './stack-facts.ts';
import { stackView } from './stack-views.ts';

type Deps = { store: ChainStore; observer: Observer; stacks: Pick<StackFacts, 'isUnderWay'>; stackWork: (stackSmallId: bigint) => StackWork; now: () => number };

/** Charges of a new database, the same in both generations (protocol.md 5.1); they stand in until the live ones are read. */
const firstCharges = G1.constants;

/** Creates the views. */
export function createMoneyViews(profile: NetworkProfile, { store, observer, stacks, stackWork, now }: Deps) {
  const coinOf = (type: string): Coin =>
    type === suiCoin.type ? suiCoin : type === profile.coin.type ? profile.coin : { type, symbol: (type.split('::').at(-1) ?? '?').slice(0, 12), decimals: 0 };
  const totalOf = (kinds: readonly LedgerRow['kind'][], coinType: string): bigint =>
    store.ledger.totals().filter((total) => kinds.includes(total.kind) && total.coinType === coinType).reduce((sum, total) => sum + total.amount, 0n);

  const views = {
    /** Every stack this node was chosen for, newest first; empty until the chain was read once. */
    stackViews(): StackView[] {
      const { db, epoch } = observer.snapshot();
      const node = observer.node();
      if (db === null || node === null) return [];
      const rows = store.stacks.list(node.nodeSmallId);
      const tickets = new Map(store.tickets.list().map((ticket) => [ticket.stackSmallId, ticket]));
      const finishedUnits = store.earnings.unitsByStack();
      const workOf = (row: StackRow): StackWork =>
        // A finished stack takes no more work: its sum is enough, and reading every entry of every stack would not be.
        row.state === 'claimed' || row.state === 'gone'
          ? { acceptedUnits: finishedUnits.get(row.stackSmallId)?.units ?? 0n, awaitingAck: 0, running: 0, lastAcceptedAtMs: null }
          : stackWork(row.stackSmallId);
      const shares = new Map<string, number>();
      for (const { claimDigest } of rows) if (claimDigest !== null) shares.set(claimDigest, (shares.get(claimDigest) ?? 0) + 1);
      return rows
        .map((row) =>
          stackView(row, {
            ticket: tickets.get(row.stackSmallId) ?? null,
            work: workOf(row),
            epoch: epoch?.epoch ?? null,
            settings: db,
            model: observer.task(row.taskSmallId)?.modelName ?? null,
            settleUnderWay: stacks.isUnderWay('settle', row.stackSmallId),
            claimUnderWay: stacks.isUnderWay('claim', row.stackSmallId),
            gasOf: (digest) => store.ledger.gasOf(digest) ?? 0n,
            shareOf: (digest) => shares.get(digest) ?? 1,
          }),
        )
        .reverse();
    },
    /** What was earned; amounts of the chain are null with their source until it was read. */
    earnings(): EarningsView {
      const { db, readAtMs } = observer.snapshot();
      const node = observer.node();
      const nowMs = now();
      const stackList = node === null ? null : views.stackViews();
      const chain = <T>(value: T | null) => ({ value, source: 'chain' as const, readAtMs });
      const claimed = totalOf(['claim', 'fee'], profile.coin.type);
      return {
        coin: profile.coin,
        earned: earnedByRange(store.earnings.quarters(0), nowMs, db ?? firstCharges),
        pending: chain(stackList && pendingValue(stackList)),
        claimable: chain(stackList && claimableValue(stackList)),
        // An empty ledger that was never compared with the chain says nothing.
        claimed: chain(readAtMs === null && claimed === 0n ? null : claimed),
        gasMist: -totalOf(['gas'], suiCoin.type),
        reputation: chain(node?.reputation ?? null),
        collateral: chain(node?.collateral ?? null),
      };
    },
    /** The chart of a range. */
    earningsSeries(range: EarningsRange): EarningsPoint[] {
      const { db } = observer.snapshot();
      return earningsPoints(store.earnings.quarters(rangeStart(range, now())), range, db ?? firstCharges);
    },
    /** Newest first; `before` is the id of the last entry of the page before. */
    ledger: (limit: number, before: string | null): LedgerEntry[] =>
      store.ledger.list(limit, before).map(({ coinType, ...row }) => ({ ...row, id: `${row.digest}:${row.eventIndex}`, coin: coinOf(coinType) })),
  };
  return views;
}
