/** Self-audits of stacks before they are settled (core/audit-plan; architecture.md, "Persistence"). */
import { z } from 'zod';
import type { Reexecution, RowError, StackAudit } from '../core/attest-rows.ts';
import { dropReexecutions, listReexecutions, putReexecution } from './attest-entries.ts';
import { safeJson } from './chain-columns.ts';
import { plainInteger, unsignedInteger } from './columns.ts';
import type { Store } from './open.ts';

const errorJson = z.object({ code: z.string(), message: z.string(), atMs: z.number() });
const row = z
  .object({
    stack_small_id: unsignedInteger,
    status: z.enum(['wanted', 'passed', 'failed', 'overruled']),
    entries: plainInteger,
    root_found: z.string().nullable(),
    root_kept: z.string().nullable(),
    sample_size: plainInteger,
    checked: plainInteger,
    differing: plainInteger,
    missing: plainInteger,
    attempts: plainInteger,
    not_before_ms: plainInteger,
    error: z.string().transform((text) => errorJson.safeParse(safeJson(text)).data ?? null).nullable(),
    wanted_ms: plainInteger,
    updated_ms: plainInteger,
  })
  .transform((c): StackAudit => ({
    stackSmallId: c.stack_small_id, status: c.status, entries: c.entries, rootFound: c.root_found, rootKept: c.root_kept, sampleSize: c.sample_size,
    checked: c.checked, differing: c.differing, missing: c.missing, attempts: c.attempts, notBeforeMs: c.not_before_ms, error: c.error, wantedMs: c.wanted_ms, updatedMs: c.updated_ms,
  }));
const source = { table: 'stack_audits', id: ['stack_small_id'] };

/** Rows of self-audits. */
export type AuditRows = ReturnType<typeof createAuditRows>;

/** Creates the table group over an open store. */
export function createAuditRows(store: Store) {
  const { db } = store;
  const change = (stackSmallId: bigint, sets: string, ...values: (string | bigint | null)[]): void => {
    db.run(`UPDATE stack_audits SET ${sets}, updated_ms = ? WHERE stack_small_id = ?`, ...values, BigInt(store.now()), stackSmallId);
    store.announce('attestations');
  };
  return {
    get: (stackSmallId: bigint): StackAudit | null => store.readOne(source, row, 'SELECT * FROM stack_audits WHERE stack_small_id = ?', stackSmallId),
    /** An audit over this many entries is wanted; one over the same that runs already goes on. */
    want(stackSmallId: bigint, entries: number): void {
      const known = this.get(stackSmallId);
      if (known?.status === 'wanted' && known.entries === entries) return;
      store.transaction(() => {
        dropReexecutions(store, 'audit', stackSmallId);
        db.run(
          `INSERT OR REPLACE INTO stack_audits (stack_small_id, status, entries, wanted_ms, updated_ms) VALUES (?, 'wanted', ?, ?, ?)`,
          stackSmallId, BigInt(entries), BigInt(store.now()), BigInt(store.now()),
        );
        store.announce('attestations');
      });
    },
    wanted: (): StackAudit[] => store.readAll(source, row, `SELECT * FROM stack_audits WHERE status = 'wanted' ORDER BY wanted_ms, stack_small_id`),
    failed: (): StackAudit[] => store.readAll(source, row, `SELECT * FROM stack_audits WHERE status = 'failed' ORDER BY stack_small_id`),
    list: (limit: number): StackAudit[] => store.readAll(source, row, 'SELECT * FROM stack_audits ORDER BY updated_ms DESC, stack_small_id DESC LIMIT ?', BigInt(limit)),
    setRoots: (stackSmallId: bigint, roots: { found: string; kept: string; sampleSize: number }): void =>
      change(stackSmallId, 'root_found = ?, root_kept = ?, sample_size = ?', roots.found, roots.kept, BigInt(roots.sampleSize)),
    keepEntry(stackSmallId: bigint, one: Reexecution): void {
      store.transaction(() => {
        putReexecution(store, 'audit', stackSmallId, one);
        change(stackSmallId, 'checked = checked + 1, differing = differing + ?, attempts = 0, not_before_ms = 0, error = NULL', one.verdict === 'differs' ? 1n : 0n);
      }, 'ordered'); // lost in a power cut it is run once more
    },
    setMissing: (stackSmallId: bigint, missing: number): void => change(stackSmallId, 'missing = ?', BigInt(missing)),
    finish: (stackSmallId: bigint, status: 'passed' | 'failed' | 'overruled'): void => change(stackSmallId, 'status = ?', status),
    setError: (stackSmallId: bigint, error: RowError | null, wait: { attempts: number; notBeforeMs: number }): void =>
      change(stackSmallId, 'error = ?, attempts = ?, not_before_ms = ?', error === null ? null : JSON.stringify(error), BigInt(wait.attempts), BigInt(wait.notBeforeMs)),
    entries: (stackSmallId: bigint, limit: number): Reexecution[] => listReexecutions(store, 'audit', stackSmallId, limit),
  };
}
