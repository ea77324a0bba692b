/** Measured energy by quarter of an hour and state: added up in memory for a minute, then written together, so that the disk may sleep; kept for a year (product.md, Economics). */
import { z } from 'zod';
import type { NodeState } from '../../src-shared/domain/node-state.ts';
import type { Measured, MeasuredPart } from '../core/measured-power.ts';
import { plainInteger } from './columns.ts';
import type { Store } from './open.ts';

/** States in which power counts. */
const poweredStateSchema = z.enum(['EXECUTING', 'READY']);
export type PoweredState = z.output<typeof poweredStateSchema>;

/** Power of the other states is not the work's. */
export const isPowered = (state: NodeState): state is PoweredState => poweredStateSchema.safeParse(state).success;

const writeEveryMs = 60_000;
const keepMs = 366 * 24 * 3_600_000;

const row = z
  .object({ quarter_ms: plainInteger, state: poweredStateSchema, covered_ms: plainInteger, millijoules: z.bigint() })
  .transform((columns): MeasuredPart<PoweredState> => ({ quarterMs: columns.quarter_ms, state: columns.state, coveredMs: columns.covered_ms, millijoules: columns.millijoules }));
const source = { table: 'power', id: ['quarter_ms', 'state'] } as const;

/** The measured energy of an open store. */
export type PowerLog = {
  add(parts: readonly MeasuredPart<PoweredState>[]): void;
  /** What was measured since a moment, by quarter. */
  since(sinceMs: number, state: PoweredState): Map<number, Measured>;
  /** Writes what waits, and forgets what is older than a year. */
  flush(): void;
};

/** Creates the reader and writer. */
export function createPowerLog(store: Store): PowerLog {
  let waiting: MeasuredPart<PoweredState>[] = [];
  let writtenMs = store.now();
  const flush = (): void => {
    writtenMs = store.now();
    const parts = waiting;
    waiting = [];
    if (parts.length === 0) return;
    store.transaction(() => {
      for (const { quarterMs, state, coveredMs, millijoules } of parts) {
        store.db.run(
          `INSERT INTO power (quarter_ms, state, covered_ms, millijoules) VALUES (?, ?, ?, ?)
           ON CONFLICT (quarter_ms, state) DO UPDATE SET covered_ms = covered_ms + excluded.covered_ms, millijoules = millijoules + excluded.millijoules`,
          BigInt(quarterMs), state, BigInt(coveredMs), millijoules,
        );
      }
      store.db.run('DELETE FROM power WHERE quarter_ms < ?', BigInt(store.now() - keepMs));
    }, 'ordered');
  };
  return {
    add: (parts) => {
      for (const part of parts) {
        const at = waiting.findIndex((one) => one.quarterMs === part.quarterMs && one.state === part.state);
        const before = waiting[at];
        if (before === undefined) waiting.push(part);
        else waiting[at] = { ...part, coveredMs: before.coveredMs + part.coveredMs, millijoules: before.millijoules + part.millijoules };
      }
      if (store.now() - writtenMs >= writeEveryMs) flush();
    },
    since: (sinceMs, state) => {
      flush();
      const rows = store.readAll(source, row, 'SELECT * FROM power WHERE quarter_ms >= ? AND state = ?', BigInt(sinceMs), state);
      return new Map(rows.map(({ quarterMs, coveredMs, millijoules }) => [quarterMs, { coveredMs, millijoules }]));
    },
    flush,
  };
}
