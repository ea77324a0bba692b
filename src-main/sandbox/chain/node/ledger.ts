/** The chain's durable record: objects, transactions, events, checkpoints; one database transaction per accepted transaction. */
import { bcs } from '@mysten/sui/bcs';
import type { SqlValue, Sqlite } from '../../../platform/sqlite.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import type { ObjectChange } from '../machine/execution.ts';
import { digestOf } from '../machine/hashing.ts';
import type { ChainEvent } from '../machine/runtime.ts';
import { checkpointFromRow, eventFromRow, objectFromRow, ownerText, transactionFromRow } from './ledger-rows.ts';
import type { CheckpointRow, EventRow, TransactionRow } from './ledger-rows.ts';
import { firstPosition, lastPosition, scanRows } from './ledger-scan.ts';
import type { Scan, ScanKey, ScanTable } from './ledger-scan.ts';
import { LEDGER_SCHEMA } from './schema.ts';

/** What one accepted transaction writes. */
export interface Entry {
  readonly digest: string;
  readonly sender: string;
  readonly epoch: bigint;
  readonly timestampMs: number;
  readonly changes: readonly ObjectChange[];
  readonly events: readonly ChainEvent[];
  /** The protobuf answer, made when its checkpoint is known. */
  readonly executed: (checkpoint: bigint) => Uint8Array;
}

/** Reads and appends the record. */
export interface Ledger {
  meta(name: string): string | null;
  setMeta(name: string, value: string): void;
  objects(): ChainObject[];
  putObject(object: ChainObject): void;
  tip(): CheckpointRow | null;
  checkpoint(by: { readonly sequence: bigint } | { readonly digest: string }): CheckpointRow | null;
  /** Appends a checkpoint that holds no transaction: genesis and epoch changes. */
  appendCheckpoint(epoch: bigint, timestampMs: number, digest?: string): CheckpointRow;
  /** Appends a transaction in a checkpoint of its own; durable when this returns. */
  append(entry: Entry): { readonly checkpoint: CheckpointRow; readonly executed: Uint8Array };
  transaction(digest: string): TransactionRow | null;
  transactionsOf(checkpoint: bigint): TransactionRow[];
  scanTransactions(scan: Scan, key?: ScanKey): TransactionRow[];
  scanEvents(scan: Scan, key?: ScanKey): EventRow[];
  scanCheckpoints(scan: Scan): CheckpointRow[];
  /** First position at or after a checkpoint, or null: from what a range of checkpoints means in positions. */
  firstPosition(table: 'events' | 'transactions', checkpoint: bigint): bigint | null;
  /** Position of the newest row, −1 when there is none. */
  lastPosition(table: ScanTable): bigint;
  /** The first checkpoint of an epoch; null for an epoch that has not begun. */
  epochStart(epoch: bigint): CheckpointRow | null;
  eventsOf(digest: string): EventRow[];
  atomically<T>(work: () => T): T;
  close(): void;
}

const summaryLayout = bcs.struct('CheckpointSummary', {
  epoch: bcs.u64(),
  sequence: bcs.u64(),
  timestampMs: bcs.u64(),
  previous: bcs.option(bcs.string()),
  content: bcs.string(),
});

const anywhere: ScanKey = { by: 'position' };

/** Opens the record in a database, creating its tables. */
export function createLedger(db: Sqlite): Ledger {
  db.exec(LEDGER_SCHEMA);

  const putObject = (object: ChainObject): void => {
    const { id, version, digest, type, owner, contents, previousTransaction, storageRebate } = object;
    db.run(
      'INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...([
        id,
        version,
        digest,
        type,
        owner.kind,
        ownerText(owner),
        contents,
        previousTransaction,
        storageRebate,
      ] as SqlValue[]),
    );
  };
  const tip = (): CheckpointRow | null => {
    const row = db.get('SELECT * FROM checkpoints ORDER BY sequence DESC LIMIT 1');
    return row && checkpointFromRow(row);
  };
  const appendCheckpoint = (
    epoch: bigint,
    timestampMs: number,
    content: string,
    transactions: bigint,
    digest?: string,
  ): CheckpointRow => {
    const last = tip();
    const sequence = last ? last.sequence + 1n : 0n;
    const previousDigest = last?.digest ?? null;
    const summary = summaryLayout
      .serialize({ epoch, sequence, timestampMs, previous: previousDigest, content })
      .toBytes();
    const row: CheckpointRow = {
      sequence,
      digest: digest ?? digestOf('CheckpointSummary', summary),
      previousDigest,
      epoch,
      timestampMs,
      totalTransactions: (last?.totalTransactions ?? 0n) + transactions,
    };
    const { totalTransactions } = row;
    db.run(
      'INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)',
      sequence,
      row.digest,
      previousDigest,
      epoch,
      timestampMs,
      totalTransactions,
    );
    return row;
  };
  const append = (entry: Entry): { checkpoint: CheckpointRow; executed: Uint8Array } =>
    db.transaction(() => {
      const checkpoint = appendCheckpoint(entry.epoch, entry.timestampMs, entry.digest, 1n);
      const executed = entry.executed(checkpoint.sequence);
      for (const { id, after } of entry.changes) {
        if (after) putObject(after);
        else db.run('DELETE FROM objects WHERE id = ?', id);
      }
      db.run(
        'INSERT INTO transactions (digest, checkpoint, sender, executed) VALUES (?, ?, ?, ?)',
        entry.digest,
        checkpoint.sequence,
        entry.sender,
        executed,
      );
      entry.events.forEach((event, at) =>
        db.run(
          'INSERT INTO events (digest, event_index, checkpoint, package, module, sender, type, contents) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          ...([
            entry.digest,
            BigInt(at),
            checkpoint.sequence,
            event.packageId,
            event.module,
            event.sender,
            event.type,
            event.contents,
          ] as SqlValue[]),
        ),
      );
      return { checkpoint, executed };
    });
  return {
    meta: (name) => (db.get('SELECT value FROM meta WHERE name = ?', name)?.['value'] as string | undefined) ?? null,
    setMeta: (name, value) => void db.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', name, value),
    objects: () => db.all('SELECT * FROM objects').map(objectFromRow),
    putObject,
    tip,
    checkpoint: (by) => {
      const row =
        'sequence' in by
          ? db.get('SELECT * FROM checkpoints WHERE sequence = ?', by.sequence)
          : db.get('SELECT * FROM checkpoints WHERE digest = ?', by.digest);
      return row && checkpointFromRow(row);
    },
    appendCheckpoint: (epoch, timestampMs, digest) => appendCheckpoint(epoch, timestampMs, 'epoch', 0n, digest),
    append,
    transaction: (digest) => {
      const row = db.get('SELECT * FROM transactions WHERE digest = ?', digest);
      return row && transactionFromRow(row);
    },
    transactionsOf: (checkpoint) =>
      db.all('SELECT * FROM transactions WHERE checkpoint = ? ORDER BY position', checkpoint).map(transactionFromRow),
    scanTransactions: (scan, key = anywhere) => scanRows(db, 'transactions', key, scan).map(transactionFromRow),
    scanEvents: (scan, key = anywhere) => scanRows(db, 'events', key, scan).map(eventFromRow),
    scanCheckpoints: (scan) => scanRows(db, 'checkpoints', anywhere, scan).map(checkpointFromRow),
    firstPosition: (table, checkpoint) => firstPosition(db, table, checkpoint),
    lastPosition: (table) => lastPosition(db, table),
    epochStart: (epoch) => {
      const row = db.get('SELECT * FROM checkpoints WHERE epoch = ? ORDER BY sequence LIMIT 1', epoch);
      return row && checkpointFromRow(row);
    },
    eventsOf: (digest) =>
      db.all('SELECT * FROM events WHERE digest = ? ORDER BY event_index', digest).map(eventFromRow),
    atomically: (work) => db.transaction(work),
    close: () => db.close(),
  };
}
