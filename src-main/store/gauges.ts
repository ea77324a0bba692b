/** The last 24 hours of every GPU's gauges: kept in memory for a minute, then written together, so that the disk may sleep; aggregated in SQL (product.md, Hardware: history). */
import { z } from 'zod';
import type { GaugePoint } from '../../src-shared/bridge/hardware-calls.ts';
import { plainInteger } from './columns.ts';
import type { Store } from './open.ts';

/** One reading of one GPU. */
export type GaugeSample = { gpu: string; atMs: number; utilPct: number | null; vramUsedMib: number | null; tempC: number | null; powerW: number | null };

/** Samples that wait in memory at most: a minute of readings of sixteen cards. */
const ringSize = 192;
const writeEveryMs = 60_000;
const keepMs = 24 * 3_600_000;

const figure = z.number().nullable();
const row = z
  .object({ gpu: z.string(), bucket_ms: plainInteger, util_pct: figure, vram_used_mib: figure, temp_c: figure, power_w: figure })
  .transform((columns) => ({ gpu: columns.gpu, point: { atMs: columns.bucket_ms, utilPct: columns.util_pct, vramUsedMib: columns.vram_used_mib, tempC: columns.temp_c, powerW: columns.power_w } satisfies GaugePoint }));
const source = { table: 'gauges', id: ['gpu', 'bucket_ms'] } as const;

/** The gauges of an open store. */
export type Gauges = {
  add(samples: readonly GaugeSample[]): void;
  /** Buckets since a moment, oldest first, by GPU: mean load and power, highest memory and temperature. A bucket without a reading is left out. */
  history(sinceMs: number, bucketMs: number): Map<string, GaugePoint[]>;
  /** Writes what waits, and forgets what is older than a day. */
  flush(): void;
};

/** Creates the reader and writer. */
export function createGauges(store: Store): Gauges {
  let waiting: GaugeSample[] = [];
  let writtenMs = store.now();
  const flush = (): void => {
    writtenMs = store.now();
    const samples = waiting;
    waiting = [];
    if (samples.length === 0) return;
    store.transaction(() => {
      for (const { gpu, atMs, utilPct, vramUsedMib, tempC, powerW } of samples) {
        store.db.run('INSERT OR REPLACE INTO gauges (gpu, at_ms, util_pct, vram_used_mib, temp_c, power_w) VALUES (?, ?, ?, ?, ?, ?)', gpu, BigInt(atMs), utilPct, vramUsedMib, tempC, powerW);
      }
      // Also a clock that was set back must not keep rows for ever.
      store.db.run('DELETE FROM gauges WHERE at_ms < ? OR at_ms > ?', BigInt(store.now() - keepMs), BigInt(store.now() + writeEveryMs));
    }, 'ordered');
  };
  return {
    add: (samples) => {
      waiting = [...waiting, ...samples].slice(-ringSize);
      if (store.now() - writtenMs >= writeEveryMs || waiting.length === ringSize) flush();
    },
    history: (sinceMs, bucketMs) => {
      flush();
      const rows = store.readAll(
        source,
        row,
        `SELECT gpu, at_ms / ? * ? AS bucket_ms, avg(util_pct) AS util_pct, max(vram_used_mib) AS vram_used_mib, max(temp_c) AS temp_c, avg(power_w) AS power_w
         FROM gauges WHERE at_ms >= ? GROUP BY gpu, bucket_ms ORDER BY gpu, bucket_ms`,
        BigInt(bucketMs), BigInt(bucketMs), BigInt(sinceMs),
      );
      const found = new Map<string, GaugePoint[]>();
      for (const { gpu, point } of rows) found.set(gpu, [...(found.get(gpu) ?? []), point]);
      return found;
    },
    flush,
  };
}
