/** What this node did on a stack, for admission and for settling (coordinator.md 6: history = accepted entries by index; units of accepted work only). */
import { z } from 'zod';
import { plainInteger, unsignedInteger } from './columns.ts';
import { openList } from './job-rows.ts';
import type { Store } from './open.ts';
import { stackEntries, stackRoot } from './stack-roots.ts';

export type StackWork = {
  /** Units of results with a receipt (accepted, or duplicate of an accepted one). */
  acceptedUnits: bigint;
  /** Entries with a receipt, by entry_index; read when asked for. */
  readonly entries: Uint8Array[];
  /** Their Merkle root, which settling commits to; null while there is no entry. Read when asked for. */
  readonly root: Uint8Array | null;
  /** Signed results without a receipt. */
  awaitingAck: number;
  /** Requests that run now. */
  running: number;
  /** When work on the stack last moved: a dispatch was taken or a receipt came; null when there was none. */
  lastAcceptedAtMs: number | null;
};

export type StackWorkReader = {
  stackWork(stackSmallId: bigint): StackWork;
  /** Accepted units, units that await their receipt, and locks of running work: what admission takes off a stack. */
  unitsTaken(stackSmallId: bigint): bigint;
  /** Who used the stack first, and with that for good: a coordinator or this node's own ingress; null while nothing was taken on it (coordinator.md 6: one side numbers a stack's entries). */
  usedBy(stackSmallId: bigint): 'coordinator' | 'ingress' | null;
  /** Stacks on which this node took work. */
  workedStacks(): bigint[];
};

const summaryRow = z.object({ accepted: unsignedInteger, awaiting: plainInteger, running: plainInteger, received: plainInteger.nullable(), acknowledged: plainInteger.nullable() });

const takenRow = z.object({ taken: unsignedInteger });

/** Reader over an open store. Nothing here reads a stack's jobs one by one, but for `entries`. */
export function createStackWork(store: Store): StackWorkReader {
  const { db } = store;
  return {
    stackWork: (stackSmallId) => {
      const summary = store.readOne(
        { table: 'jobs', id: [] },
        summaryRow,
        `SELECT (SELECT coalesce(sum(units), 0) FROM earned_units WHERE stack_small_id = ?1) AS accepted,
           (SELECT count(*) FROM jobs WHERE stack_small_id = ?1 AND ${openList} AND stage = 'proved') AS awaiting,
           (SELECT count(*) FROM jobs WHERE stack_small_id = ?1 AND ${openList} AND stage <> 'proved') AS running,
           (SELECT received_ms FROM jobs WHERE stack_small_id = ?1 AND stage <> 'declined' ORDER BY received_ms DESC LIMIT 1) AS received,
           (SELECT max(received_ms) FROM acks WHERE stack_small_id = ?1) AS acknowledged`,
        stackSmallId,
      );
      const times = [summary?.received ?? null, summary?.acknowledged ?? null].filter((time) => time !== null);
      return {
        acceptedUnits: summary?.accepted ?? 0n,
        get entries() {
          return stackEntries(store, stackSmallId);
        },
        get root() {
          return stackRoot(store, stackSmallId);
        },
        awaitingAck: summary?.awaiting ?? 0,
        running: summary?.running ?? 0,
        lastAcceptedAtMs: times.length === 0 ? null : Math.max(...times),
      };
    },
    unitsTaken: (stackSmallId) => {
      const row = store.readOne(
        { table: 'jobs', id: [] },
        takenRow,
        // Acknowledged units are summed as they come in (earned_units), so that a dispatch costs the same on a stack with 100,000 requests.
        `SELECT (SELECT coalesce(sum(units), 0) FROM earned_units WHERE stack_small_id = ?1)
           + (SELECT coalesce(sum(CASE j.stage WHEN 'proved' THEN s.compute_units ELSE j.max_compute_units END), 0)
              FROM jobs j LEFT JOIN signing_records s ON s.task_id = j.task_id
              WHERE j.stack_small_id = ?1 AND j.${openList}) AS taken`,
        stackSmallId,
      );
      return row?.taken ?? 0n;
    },
    usedBy: (stackSmallId) => {
      const row = db.get("SELECT direct FROM jobs WHERE stack_small_id = ? AND stage <> 'declined' ORDER BY received_ms, task_id LIMIT 1", stackSmallId);
      return row === null ? null : row['direct'] === 1n ? 'ingress' : 'coordinator';
    },
    workedStacks: () => db.all("SELECT DISTINCT stack_small_id FROM jobs WHERE stage <> 'declined' ORDER BY stack_small_id").map((row) => BigInt(row['stack_small_id'] as bigint)),
  };
}
