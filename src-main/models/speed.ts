/** Speed of a transfer over its last seconds (product.md, Models: speed); pure but for the clock that it is given. */

const windowMs = 5_000;

/** Counts bytes and tells bytes per second. */
export type Speed = { add(bytes: number): void; bytesPerSecond(): number | null };

/** Creates a gauge; it knows nothing for its first half second, and forgets what is older than five. */
export function createSpeed(now: () => number): Speed {
  let samples: { atMs: number; bytes: number }[] = [];
  const startedMs = now();
  return {
    add(bytes) {
      const atMs = now();
      const last = samples.at(-1);
      if (last !== undefined && atMs - last.atMs < 100) last.bytes += bytes;
      else samples = [...samples.filter((sample) => sample.atMs > atMs - windowMs), { atMs, bytes }];
    },
    bytesPerSecond() {
      const nowMs = now();
      const spanMs = Math.min(nowMs - startedMs, windowMs);
      if (spanMs < 500) return null;
      return (samples.filter((sample) => sample.atMs > nowMs - windowMs).reduce((sum, { bytes }) => sum + bytes, 0) * 1_000) / spanMs;
    },
  };
}
