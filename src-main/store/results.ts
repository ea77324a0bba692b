/** Signing records, result bytes and receipts: what was signed once is never signed differently (architecture.md, "Signing record"). */
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import { hash32Schema } from '../../src-shared/domain/ids.ts';
import type { JobAck, SigningRecord } from '../core/job.ts';
import { checkedFlag, checkedInteger, plainInteger, unsignedInteger } from './columns.ts';
import type { Store } from './open.ts';
import { appendToRoot } from './stack-roots.ts';

/** Result bytes as they lie in the database. */
export type StoredBytes = { bytes: Uint8Array; sealedLocally: boolean };

export type Results = {
  /**
   * Keeps the record if the task has none. `new`: go on; `same`: the stored result is the answer.
   * @throws AppError job.proof_conflict when another proof was kept for the task
   */
  keepRecord(record: SigningRecord): 'new' | 'same';
  record(taskId: string): SigningRecord | null;
  keepBytes(taskId: string, stored: StoredBytes): void;
  bytes(taskId: string): StoredBytes | null;
  /** The receipt came: the bytes have served. */
  dropBytes(taskId: string): void;
  keepAck(taskId: string, stackSmallId: bigint, ack: JobAck): void;
  ack(taskId: string): JobAck | null;
  /** Entries of a stack that have receipts; they are numbered from 0 without gaps, so this is the next index. */
  nextEntryIndex(stackSmallId: bigint): number;
};

const recordRow = z
  .object({
    task_id: z.string(),
    stack_small_id: unsignedInteger,
    poe: hash32Schema,
    entry: hash32Schema,
    compute_units: unsignedInteger,
    input_units: unsignedInteger,
    output_units: unsignedInteger,
    fingerprint: z.string(),
    queued_ms: checkedInteger,
    decrypt_ms: checkedInteger,
    execute_ms: checkedInteger,
    total_ms: checkedInteger,
  })
  .transform((row): SigningRecord => ({
    taskId: row.task_id,
    stackSmallId: row.stack_small_id,
    poe: row.poe,
    entry: row.entry,
    computeUnits: row.compute_units,
    inputUnits: row.input_units,
    outputUnits: row.output_units,
    fingerprint: row.fingerprint,
    timing: { queuedMs: Number(row.queued_ms), decryptMs: Number(row.decrypt_ms), executeMs: Number(row.execute_ms), totalMs: Number(row.total_ms) },
  }));
const bytesRow = z.object({ bytes: z.instanceof(Uint8Array), sealed_locally: checkedFlag }).transform((row): StoredBytes => ({ bytes: row.bytes, sealedLocally: row.sealed_locally === 1n }));
const ackRow = z
  .object({
    coordinator_id: z.string(),
    status: z.enum(['accepted', 'duplicate', 'rejected']),
    entry_index: plainInteger.nullable(),
    reason: z.string().nullable(),
    sig: z.string(),
  })
  .transform((row): JobAck => ({ coordinatorId: row.coordinator_id, status: row.status, entryIndex: row.entry_index, reason: row.reason, sig: row.sig }));
const source = (table: string) => ({ table, id: ['task_id'] });

/** Results of an open store. */
export function createResults(store: Store): Results {
  const { db } = store;
  const record = (taskId: string): SigningRecord | null =>
    store.readOne(source('signing_records'), recordRow, 'SELECT * FROM signing_records WHERE task_id = ?', taskId);
  return {
    keepRecord: (r) => {
      // One statement decides: no moment lies between the check and the insert.
      const kept = db.run(
        `INSERT INTO signing_records (task_id, stack_small_id, poe, entry, compute_units, input_units, output_units, fingerprint, queued_ms, decrypt_ms, execute_ms, total_ms, recorded_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task_id) DO NOTHING`,
        r.taskId, r.stackSmallId, r.poe, r.entry, r.computeUnits, r.inputUnits, r.outputUnits, r.fingerprint,
        BigInt(r.timing.queuedMs), BigInt(r.timing.decryptMs), BigInt(r.timing.executeMs), BigInt(r.timing.totalMs), BigInt(store.now()),
      );
      if (kept.changes === 1n) return 'new';
      const before = record(r.taskId);
      // The signed text also names entry, units and stack: another of these would be a second signature as much as another proof.
      const same = before !== null && before.poe === r.poe && before.entry === r.entry && before.computeUnits === r.computeUnits && before.stackSmallId === r.stackSmallId;
      if (!same) throw new AppError('job.proof_conflict', { taskId: r.taskId });
      return 'same';
    },
    record,
    keepBytes: (taskId, { bytes, sealedLocally }) =>
      void db.run('INSERT INTO results (task_id, bytes, sealed_locally) VALUES (?, ?, ?) ON CONFLICT (task_id) DO NOTHING', taskId, bytes, sealedLocally ? 1n : 0n),
    bytes: (taskId) => store.readOne(source('results'), bytesRow, 'SELECT task_id, bytes, sealed_locally FROM results WHERE task_id = ?', taskId),
    dropBytes: (taskId) => void db.run('DELETE FROM results WHERE task_id = ?', taskId),
    keepAck: (taskId, stackSmallId, ack) => {
      const kept = db.run(
        'INSERT INTO acks (task_id, stack_small_id, coordinator_id, status, entry_index, reason, sig, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task_id) DO NOTHING',
        taskId, stackSmallId, ack.coordinatorId, ack.status, ack.entryIndex === null ? null : BigInt(ack.entryIndex), ack.reason, ack.sig, BigInt(store.now()),
      );
      if (kept.changes > 0n && ack.entryIndex !== null) appendToRoot(store, stackSmallId, { taskId, entryIndex: ack.entryIndex });
      store.announce('stacks');
      store.announce('jobs');
    },
    ack: (taskId) => store.readOne(source('acks'), ackRow, 'SELECT * FROM acks WHERE task_id = ?', taskId),
    // The newest of numbers without gaps counts them all, in one look at the index.
    nextEntryIndex: (stackSmallId) =>
      Number(db.get('SELECT coalesce(max(entry_index), -1) + 1 AS n FROM acks WHERE stack_small_id = ? AND entry_index IS NOT NULL', stackSmallId)?.['n'] ?? 0n),
  };
}
