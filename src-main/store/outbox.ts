/** What the coordinator still has to acknowledge: results and failures, resent in order of recording (coordinator.md 3; architecture.md, "Retry"). */
import { z } from 'zod';
import { failureCodeSchema, type FailureCode } from '../../src-shared/link/codes.ts';
import { checkedInteger } from './columns.ts';
import type { RowSource, Store } from './open.ts';

/** One answer on its way. `code` stands with failures only. */
export type OutboxItem = {
  id: number;
  taskId: string;
  kind: 'result' | 'failure';
  code: FailureCode | null;
  message: string | null;
  attempts: number;
  /** Not before this time, in milliseconds. */
  notBeforeMs: number;
  lastError: string | null;
};

export type Outbox = {
  /** Adds the one answer of a task; a second performance changes nothing, and a closed failure is opened again. */
  put(item: { taskId: string; kind: OutboxItem['kind']; code: FailureCode | null; message: string | null; effectId: string }): void;
  /** Open items in order of recording. */
  pending(): OutboxItem[];
  find(taskId: string): (OutboxItem & { closed: boolean }) | null;
  /** It was handed to the link. */
  sent(id: number): void;
  /** It could not be prepared: tried again after `notBeforeMs`. */
  delayed(id: number, notBeforeMs: number, error: string): void;
  close(taskId: string): void;
};

const itemRow = z
  .object({
    id: checkedInteger,
    task_id: z.string(),
    kind: z.enum(['result', 'failure']),
    code: failureCodeSchema.nullable(),
    message: z.string().nullable(),
    attempts: checkedInteger,
    not_before_ms: checkedInteger,
    last_error: z.string().nullable(),
    closed_ms: checkedInteger.nullable(),
  })
  .transform((row): OutboxItem & { closed: boolean } => ({
    id: Number(row.id),
    taskId: row.task_id,
    kind: row.kind,
    code: row.code,
    message: row.message,
    attempts: Number(row.attempts),
    notBeforeMs: Number(row.not_before_ms),
    lastError: row.last_error,
    closed: row.closed_ms !== null,
  }));
const source: RowSource = { table: 'outbox', id: ['id'] };

/** Outbox of an open store. */
export function createOutbox(store: Store): Outbox {
  const { db } = store;
  return {
    put: ({ taskId, kind, code, message, effectId }) =>
      void db.run(
        `INSERT INTO outbox (task_id, effect_id, kind, code, message, created_ms) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (task_id) DO UPDATE SET closed_ms = NULL WHERE kind = 'failure' AND excluded.kind = 'failure'`,
        taskId, effectId, kind, code, message, BigInt(store.now()),
      ),
    pending: () => store.readAll(source, itemRow, 'SELECT * FROM outbox WHERE closed_ms IS NULL ORDER BY id'),
    find: (taskId) => store.readOne(source, itemRow, 'SELECT * FROM outbox WHERE task_id = ?', taskId),
    // A count of attempts: nothing is lost with it.
    sent: (id) => store.transaction(() => void db.run('UPDATE outbox SET attempts = attempts + 1, last_error = NULL WHERE id = ?', BigInt(id)), 'ordered'),
    delayed: (id, notBeforeMs, error) =>
      void db.run('UPDATE outbox SET attempts = attempts + 1, not_before_ms = ?, last_error = ? WHERE id = ?', BigInt(notBeforeMs), error.slice(0, 500), BigInt(id)),
    close: (taskId) => void db.run('UPDATE outbox SET closed_ms = ? WHERE task_id = ? AND closed_ms IS NULL', BigInt(store.now()), taskId),
  };
}
