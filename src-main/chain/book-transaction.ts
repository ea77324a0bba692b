/** Books one executed transaction: its end, its ledger entries and what its events say of the stacks, all or nothing (architecture.md, main job step 9). */
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { entriesFrom } from '../core/ledger-entries.ts';
import { applyEvent } from './apply-events.ts';
import type { ChainStore, TxRow } from './chain-store.ts';
import type { ChainClient } from './client.ts';
import { executedFrom, type Report } from './executed.ts';
import { ledgerContext } from './history.ts';
import type { Observer } from './observer.ts';
import type { Reads } from './reads.ts';

type Deps = {
  client: ChainClient;
  reads: Pick<Reads, 'db'>;
  store: ChainStore;
  observer: Observer;
  samplingConsensus: (taskSmallId: bigint) => boolean;
  now: () => number;
};

/** Creates the booking; `end` closes the transaction's row within the same database transaction. */
export function createBook(profile: NetworkProfile, { client, reads, store, observer, samplingConsensus, now }: Deps) {
  return async (row: TxRow, report: Report, end: () => void): Promise<void> => {
    const { contract } = await client.deployment();
    const db = observer.snapshot().db ?? (await reads.db(contract));
    const executed = executedFrom(report, row.wallet, profile.atomaPackageId, now());
    const node = observer.node();
    const epoch = report.epoch === null || report.epoch === undefined ? {} : { epoch: BigInt(report.epoch) };
    store.transaction(() => {
      end();
      if (node !== null) {
        for (const event of executed.events) applyEvent({ ...event, digest: executed.digest }, store, { contract, nodeSmallId: node.nodeSmallId, samplingConsensus, ...epoch });
      }
      store.ledger.add(entriesFrom(executed, ledgerContext(profile, store, { contract, db, intent: row.intent, collateralBefore: node?.collateral ?? null })));
    });
  };
}
