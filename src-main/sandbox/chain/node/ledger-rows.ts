/** Rows of the ledger's tables as values, parsed on the way out (architecture.md: rows go through zod). */
import { z } from 'zod';
import type { ChainObject, ObjectOwner } from '../machine/chain-object.ts';
import type { SqlRow } from '../../../platform/sqlite.ts';

const objectRow = z.object({
  id: z.string(),
  version: z.bigint(),
  digest: z.string(),
  type: z.string(),
  owner_kind: z.enum(['address', 'object', 'shared']),
  owner: z.string(),
  contents: z.instanceof(Uint8Array),
  previous_transaction: z.string(),
  storage_rebate: z.bigint(),
});

const ownerFrom = (kind: 'address' | 'object' | 'shared', text: string): ObjectOwner => {
  if (kind === 'address') return { kind, address: text };
  return kind === 'object' ? { kind, id: text } : { kind, initialVersion: BigInt(text) };
};

/** Owner column of an object. */
export const ownerText = (owner: ObjectOwner): string =>
  owner.kind === 'address' ? owner.address : owner.kind === 'object' ? owner.id : String(owner.initialVersion);

/** A live object from its row. */
export const objectFromRow = (row: SqlRow): ChainObject => {
  const parsed = objectRow.parse(row);
  return {
    id: parsed.id,
    version: parsed.version,
    digest: parsed.digest,
    type: parsed.type,
    owner: ownerFrom(parsed.owner_kind, parsed.owner),
    contents: Uint8Array.from(parsed.contents),
    previousTransaction: parsed.previous_transaction,
    storageRebate: parsed.storage_rebate,
  };
};

/** A checkpoint: one per transaction and one per epoch change. */
export interface CheckpointRow {
  readonly sequence: bigint;
  readonly digest: string;
  readonly previousDigest: string | null;
  readonly epoch: bigint;
  readonly timestampMs: number;
  readonly totalTransactions: bigint;
}

const checkpointRow = z.object({
  sequence: z.bigint(),
  digest: z.string(),
  previous_digest: z.string().nullable(),
  epoch: z.bigint(),
  timestamp_ms: z.bigint(),
  total_transactions: z.bigint(),
});

/** A checkpoint from its row. */
export const checkpointFromRow = (row: SqlRow): CheckpointRow => {
  const parsed = checkpointRow.parse(row);
  return {
    sequence: parsed.sequence,
    digest: parsed.digest,
    previousDigest: parsed.previous_digest,
    epoch: parsed.epoch,
    timestampMs: Number(parsed.timestamp_ms),
    totalTransactions: parsed.total_transactions,
  };
};

/** An event with its place in the ledger; `position` is the cursor. */
export interface EventRow {
  readonly position: bigint;
  readonly digest: string;
  readonly eventIndex: number;
  readonly checkpoint: bigint;
  readonly packageId: string;
  readonly module: string;
  readonly sender: string;
  readonly type: string;
  readonly contents: Uint8Array;
}

const eventRow = z.object({
  position: z.bigint(),
  digest: z.string(),
  event_index: z.bigint(),
  checkpoint: z.bigint(),
  package: z.string(),
  module: z.string(),
  sender: z.string(),
  type: z.string(),
  contents: z.instanceof(Uint8Array),
});

/** An event from its row. */
export const eventFromRow = (row: SqlRow): EventRow => {
  const parsed = eventRow.parse(row);
  return {
    position: parsed.position,
    digest: parsed.digest,
    eventIndex: Number(parsed.event_index),
    checkpoint: parsed.checkpoint,
    packageId: parsed.package,
    module: parsed.module,
    sender: parsed.sender,
    type: parsed.type,
    contents: Uint8Array.from(parsed.contents),
  };
};

/** A transaction's place and its stored protobuf answer. */
export interface TransactionRow {
  readonly position: bigint;
  readonly digest: string;
  readonly checkpoint: bigint;
  readonly sender: string;
  readonly executed: Uint8Array;
}

const transactionRow = z.object({
  position: z.bigint(),
  digest: z.string(),
  checkpoint: z.bigint(),
  sender: z.string(),
  executed: z.instanceof(Uint8Array),
});

/** A transaction from its row. */
export const transactionFromRow = (row: SqlRow): TransactionRow => transactionRow.parse(row);
