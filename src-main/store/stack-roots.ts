/** The Merkle root of a stack's accepted entries, kept entry by entry with the receipts (coordinator.md 6; product.md, Budgets: O(1) per request). */
import { hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { hash32Schema } from '../../src-shared/domain/ids.ts';
import { createStackRoot, merkleRoot, type StackRoot } from '../../src-shared/link/proof.ts';
import type { Store } from './open.ts';

const peaksRow = z.object({ stack_small_id: z.bigint(), peaks: z.instanceof(Uint8Array) }).transform(({ peaks }, context): StackRoot => {
  try {
    return createStackRoot(peaks);
  } catch {
    context.addIssue({ code: 'custom', message: 'not the peaks of a stack' });
    return z.NEVER;
  }
});
const entryRow = z.object({ task_id: z.string(), entry: hash32Schema });

const kept = (store: Store, stackSmallId: bigint): StackRoot | null =>
  store.readOne({ table: 'stack_roots', id: ['stack_small_id'] }, peaksRow, 'SELECT stack_small_id, peaks FROM stack_roots WHERE stack_small_id = ?', stackSmallId);

/** Entries with a receipt, by entry_index. */
export const stackEntries = (store: Store, stackSmallId: bigint): Uint8Array[] =>
  store
    .readAll(
      { table: 'signing_records', id: ['task_id'] },
      entryRow,
      `SELECT s.task_id, s.entry FROM acks a JOIN signing_records s ON s.task_id = a.task_id
       WHERE a.stack_small_id = ? AND a.entry_index IS NOT NULL ORDER BY a.entry_index`,
      stackSmallId,
    )
    .map(({ entry }) => hexToBytes(entry));

/** Appends the entry of a task whose receipt was just kept, in the same transaction. One out of line is left to {@link stackRoot}, which counts again. */
export function appendToRoot(store: Store, stackSmallId: bigint, { taskId, entryIndex }: { taskId: string; entryIndex: number }): void {
  const root = kept(store, stackSmallId) ?? createStackRoot();
  const entry = store.readOne({ table: 'signing_records', id: ['task_id'] }, entryRow, 'SELECT task_id, entry FROM signing_records WHERE task_id = ?', taskId)?.entry;
  if (root.count !== entryIndex || entry === undefined) return;
  root.append(hexToBytes(entry));
  store.db.run('INSERT INTO stack_roots (stack_small_id, peaks) VALUES (?, ?) ON CONFLICT (stack_small_id) DO UPDATE SET peaks = excluded.peaks', stackSmallId, root.save());
}

/** Root over the entries of a stack in their order; null while there is none. */
export function stackRoot(store: Store, stackSmallId: bigint): Uint8Array | null {
  const count = Number(store.db.get('SELECT coalesce(max(entry_index), -1) + 1 AS n FROM acks WHERE stack_small_id = ? AND entry_index IS NOT NULL', stackSmallId)?.['n'] ?? 0n);
  if (count === 0) return null;
  const root = kept(store, stackSmallId);
  return root?.count === count ? root.root() : merkleRoot(stackEntries(store, stackSmallId));
}
