/** The chain's durable record: objects, transactions, events, checkpoints; one database transaction per accepted transaction. */
import { bcs } from '@mysten/sui/bcs';
import type { SqlValue, Sqlite } from '../../../platform/sqlite.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import type { ObjectChange } from '../machine/execution.ts';
import { digestOf } from '../machine/hashing.ts';
import type { ChainEvent } from '../machine/runtime.ts';
import { checkpointFromRow, eventFromRow, objectFromRow, ownerText, transactionFromRow } from './ledger-rows.ts';
import type { CheckpointRow, EventRow, TransactionRow } from './ledger-rows.ts';
import { LEDGER_SCHEMA } from './schema.ts';

/** Where a listing goes on: from a position, exclusive, in a direction. */
export interface Scan {
  readonly after: bigint;
  readonly before: bigint;
  readonly descending: boolean;
  readonly limit: number;
}

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
  scanTransactions(scan: Scan): TransactionRow[];
  scanEvents(scan: Scan): EventRow[];
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

const scanSql = (table: string): Readonly<Record<'up' | 'down', string>> => {
  const where = `SELECT * FROM ${table} WHERE position > ? AND position < ? ORDER BY position`;
  return { up: `${where} LIMIT ?`, down: `${where} DESC LIMIT ?` };
};
const scans = { transactions: scanSql('transactions'), events: scanSql('events') };

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
  const scan = (table: 'transactions' | 'events', { after, before, descending, limit }: Scan) =>
    db.all(scans[table][descending ? 'down' : 'up'], after, before, limit);

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
    scanTransactions: (wanted) => scan('transactions', wanted).map(transactionFromRow),
    scanEvents: (wanted) => scan('events', wanted).map(eventFromRow),
    eventsOf: (digest) =>
      db.all('SELECT * FROM events WHERE digest = ? ORDER BY event_index', digest).map(eventFromRow),
    atomically: (work) => db.transaction(work),
    close: () => db.close(),
  };
}
