/** All tables of the chain's side of an open store, as the one object src-main/chain takes (architecture.md, "store/": one file per table group). */
import { createCursorTable, createParkedTable, createPinTable } from './chain-marks.ts';
import { createStackTable, createTicketTable } from './chain-stacks.ts';
import { createChainTxTable } from './chain-tx.ts';
import { createEarnings } from './earnings.ts';
import { createLedger } from './ledger.ts';
import type { Store } from './open.ts';

/** The chain's tables; `transaction` makes several writes one. */
export function createChainStore(store: Store) {
  return {
    transaction: <T>(work: () => T): T => store.transaction(work),
    pins: createPinTable(store),
    tx: createChainTxTable(store),
    stacks: createStackTable(store),
    tickets: createTicketTable(store),
    ledger: createLedger(store),
    cursor: createCursorTable(store),
    parked: createParkedTable(store),
    earnings: createEarnings(store),
  };
}
