/** Rows of the ledger as messages with their place in it (Sui rpc v2). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import type { EventRow, TransactionRow } from './ledger-rows.ts';

/** A row's message form. */
export const executedOf = (row: TransactionRow): T.ExecutedTransaction =>
  T.ExecutedTransaction.fromBinary(row.executed);

/** An event row as a message with its place. */
export const eventOf = (row: EventRow): T.Event =>
  T.Event.create({
    packageId: row.packageId,
    module: row.module,
    sender: row.sender,
    eventType: row.type,
    contents: { name: row.type, value: row.contents },
    checkpoint: row.checkpoint,
    transactionDigest: row.digest,
    transactionIndex: 0n,
    eventIndex: row.eventIndex,
  });
