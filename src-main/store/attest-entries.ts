/** Re-executed entries, and this node's own history to re-run; hashes, fingerprints and sealed envelopes only (coordinator.md 6 and 7). */
import { hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { hash32Schema } from '../../src-shared/domain/ids.ts';
import type { HistoryEntry, Purpose, Reexecution } from '../core/attest-rows.ts';
import { plainInteger, unsignedInteger } from './columns.ts';
import type { Store } from './open.ts';

const reexecutionRow = z
  .object({
    entry_index: plainInteger,
    task_id: z.string(),
    model: z.string(),
    entry: hash32Schema,
    fingerprint: z.string(),
    own_entry: hash32Schema,
    own_fingerprint: z.string(),
    runs: plainInteger,
    verdict: z.enum(['agrees', 'stranger', 'differs']),
  })
  .transform((c): Reexecution => ({
    index: c.entry_index, taskId: c.task_id, model: c.model, entry: c.entry, fingerprint: c.fingerprint,
    ownEntry: c.own_entry, ownFingerprint: c.own_fingerprint, runs: c.runs, verdict: c.verdict,
  }));
const reexecutions = { table: 'reexecutions', id: ['purpose', 'stack_small_id', 'entry_index'] };

const historyRow = z
  .object({
    entry_index: plainInteger,
    task_id: z.string(),
    workload_class: z.string(),
    model: z.string(),
    max_compute_units: unsignedInteger,
    envelope: z.string().nullable(),
    entry: hash32Schema,
    fingerprint: z.string(),
  })
  .transform((c): HistoryEntry => ({
    index: c.entry_index, taskId: c.task_id, workloadClass: c.workload_class, model: c.model, maxComputeUnits: Number(c.max_compute_units), envelope: c.envelope, entry: c.entry, fingerprint: c.fingerprint,
  }));

/** Keeps one re-execution; a repeat takes the place of the one before. */
export function putReexecution(store: Store, purpose: Purpose, stackSmallId: bigint, one: Reexecution): void {
  store.db.run(
    `INSERT OR REPLACE INTO reexecutions (purpose, stack_small_id, entry_index, task_id, model, entry, fingerprint, own_entry, own_fingerprint, runs, verdict, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    purpose, stackSmallId, BigInt(one.index), one.taskId, one.model, one.entry, one.fingerprint, one.ownEntry, one.ownFingerprint, BigInt(one.runs), one.verdict, BigInt(store.now()),
  );
}

/** Forgets what was re-run of a stack. */
export const dropReexecutions = (store: Store, purpose: Purpose, stackSmallId: bigint): void =>
  void store.db.run('DELETE FROM reexecutions WHERE purpose = ? AND stack_small_id = ?', purpose, stackSmallId);

/** Re-executed entries of a stack by their index; with `only`, those of one verdict. */
export const listReexecutions = (store: Store, purpose: Purpose, stackSmallId: bigint, limit: number, only: Reexecution['verdict'] | null = null): Reexecution[] =>
  store.readAll(
    reexecutions, reexecutionRow,
    `SELECT * FROM reexecutions WHERE purpose = ?1 AND stack_small_id = ?2 AND (?3 IS NULL OR verdict = ?3) ORDER BY entry_index LIMIT ?4`,
    purpose, stackSmallId, only, BigInt(limit),
  );

const hashRow = z.object({ task_id: z.string(), entry: hash32Schema });

/** Hashes of this node's own accepted entries behind `after`, as they were stored with their signatures. */
export const entryHashes = (store: Store, stackSmallId: bigint, after: number, limit: number): Uint8Array[] =>
  store
    .readAll(
      { table: 'signing_records', id: ['task_id'] }, hashRow,
      'SELECT s.task_id, s.entry FROM acks a JOIN signing_records s USING (task_id) WHERE a.stack_small_id = ? AND a.entry_index > ? ORDER BY a.entry_index LIMIT ?',
      stackSmallId, BigInt(after), BigInt(limit),
    )
    .map(({ entry }) => hexToBytes(entry));

/** This node's own accepted entries behind `after`, with the envelopes it kept. */
export const ownHistory = (store: Store, stackSmallId: bigint, after: number, limit: number): HistoryEntry[] =>
  store.readAll(
    { table: 'acks', id: ['task_id'] }, historyRow,
    `SELECT a.entry_index, a.task_id, j.workload_class, j.model, j.max_compute_units, j.envelope, s.entry, s.fingerprint
     FROM acks a JOIN signing_records s USING (task_id) JOIN jobs j USING (task_id)
     WHERE a.stack_small_id = ? AND a.entry_index > ? ORDER BY a.entry_index LIMIT ?`,
    stackSmallId, BigInt(after), BigInt(limit),
  );
