/** Rebuilds stacks and ledger from the chain by the wallet's key alone: the contract's events and the wallet's own transactions, each behind a cursor (protocol.md 4.2). */
import { TransactionDataBuilder } from '@mysten/sui/transactions';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import type { AtomaDb, Contract } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { decodeIntent, type DecodeContext } from '../core/decode-intent.ts';
import { entriesFrom, type ExecutedTransaction, type LedgerContext } from '../core/ledger-entries.ts';
import type { Logger } from '../log/logger.ts';
import { applyEvent, type EventContext } from './apply-events.ts';
import { grpcCode } from './call-errors.ts';
import type { ChainStore, TxStatus } from './chain-store.ts';
import type { ChainClient } from './client.ts';
import { executedFrom, included, reportOf, type Report } from './executed.ts';
import type { Reads } from './reads.ts';

type Deps = { client: ChainClient; reads: Reads; store: ChainStore; now: () => number; log: Logger };

/** How foreign transactions are recognised on this network. */
export const decodeContext = (profile: NetworkProfile, contract: Contract, coinTypeOf: DecodeContext['coinTypeOf'], taskOf: DecodeContext['taskOf'] = () => null): DecodeContext => ({
  atomaPackageId: profile.atomaPackageId,
  atomaDbId: profile.atomaDbId,
  faucet: profile.faucet,
  coinType: profile.coin.type,
  suiType: suiCoin.type,
  normalize: (id) => normalizeSuiAddress(id),
  contract,
  coinTypeOf,
  taskOf,
});

/** The ledger's view of the rows. */
export function ledgerContext(profile: NetworkProfile, store: Pick<ChainStore, 'stacks'>, facts: { contract: Contract; db: AtomaDb; intent: Intent | null; collateralBefore: bigint | null }): LedgerContext {
  return {
    intent: facts.intent,
    contract: facts.contract,
    suiType: suiCoin.type,
    coinType: profile.coin.type,
    settings: facts.db,
    stack: (id) => store.stacks.get(id),
    collateralBefore: facts.collateralBefore,
  };
}

/** Ends that the lane books, or is about to look up. */
const laneBooks: ReadonlySet<TxStatus> = new Set(['pending', 'success', 'failed']);

/** Creates the reader of history. */
export function createHistory(profile: NetworkProfile, { client, reads, store, now, log }: Deps) {
  let listable = true;

  const intentOf = (bytes: Uint8Array, contract: Contract): Intent | null => {
    try {
      // Coins of the past cannot be asked for their type; a split coin that is not gas was of the network's coin.
      return decodeIntent(TransactionDataBuilder.fromBytes(bytes).snapshot(), decodeContext(profile, contract, () => profile.coin.type));
    } catch (caught) {
      if (caught instanceof AppError) return null;
      throw caught;
    }
  };
  const bookOwn = (reports: readonly { report: Report; bytes: Uint8Array }[], wallet: string, facts: { contract: Contract; db: AtomaDb }): void => {
    for (const { report, bytes } of reports) {
      const executed: ExecutedTransaction = executedFrom(report, wallet, profile.atomaPackageId, now());
      const intent = intentOf(bytes, facts.contract);
      // The lane books its own, with what was known when it was made; from the outside the parts of one sum could be told apart otherwise, and stand there twice.
      if (laneBooks.has(store.tx.find(executed.digest)?.status ?? 'refused')) continue;
      if (intent?.kind === 'settle' && executed.success) keepWindow(intent.stackSmallId, executed.epoch + facts.contract.constants.disputeDelayEpochs);
      store.ledger.add(entriesFrom(executed, ledgerContext(profile, store, { ...facts, intent, collateralBefore: facts.contract.takesCollateral ? null : 0n })));
    }
  };

  /** Of a ticket that was claimed before this machine knew it, only its event is left, which names no epoch; the transaction does (protocol.md 5.8). */
  const keepWindow = (stackSmallId: bigint, disputeSettledAtEpoch: bigint): void => {
    const ticket = store.tickets.get(stackSmallId);
    if (ticket !== null && ticket.disputeSettledAtEpoch === null) store.tickets.put({ ...ticket, disputeSettledAtEpoch });
  };

  return {
    /** Applies the events since the last time, page by page; rows and cursor move together. */
    async catchUp(context: EventContext): Promise<void> {
      const name = `events:${profile.atomaPackageId}:${context.nodeSmallId}`;
      for (let more = true; more; ) {
        const before = store.cursor.get(name);
        const page = await reads.events(before);
        more = page.more && page.cursor !== before;
        store.transaction(() => {
          page.events.forEach((event) => applyEvent(event, store, context));
          if (page.cursor !== null && page.cursor !== before) store.cursor.set(name, page.cursor);
        });
      }
    },
    /** Books the wallet's own transactions that are not in the ledger yet. A full node that cannot list them is asked once only. */
    async bookOwnTransactions(wallet: string, facts: { contract: Contract; db: AtomaDb }): Promise<void> {
      const name = `transactions:${wallet}`;
      for (let more = listable; more; ) {
        const before = store.cursor.get(name);
        try {
          const page = await client.ask((node, signal) =>
            node.listTransactions({ filter: { sender: wallet }, after: before, limit: 50, include: { ...included, bcs: true }, signal }),
          );
          more = page.hasNextPage && page.endCursor !== before;
          const reports = page.transactions.map((result) => ({ report: reportOf(result), bytes: (result.Transaction ?? result.FailedTransaction).bcs }));
          store.transaction(() => {
            bookOwn(reports, wallet, facts);
            if (page.endCursor !== null && page.endCursor !== before) store.cursor.set(name, page.endCursor);
          });
        } catch (caught) {
          if (grpcCode(caught) !== 'UNIMPLEMENTED') throw caught;
          listable = more = false;
          log.warn('chain.history_unavailable', { detail: 'this full node does not list transactions' });
        }
      }
    },
  };
}
