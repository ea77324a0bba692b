/** Beats at the welcome's interval, earlier on a change but at most once a second, and notices when nobody answers (coordinator.md 3). */

/** Least time between an early heartbeat and the one before it. */
const earlyGapMs = 1_000;

type Options = { intervalMs: number; missedAllowed: number };
type Deps = {
  now(): number;
  schedule(delayMs: number, work: () => void): () => void;
  /** Sends the heartbeat with this number. */
  beat(seq: number): void;
  /** No acknowledgement for (missed + 0.5) intervals. */
  silent(): void;
};

export type Heartbeat = {
  /** The node changed: beat soon. */
  soon(): void;
  /** Takes an acknowledgement; false when its number was never sent in this session. */
  acknowledged(seq: number): boolean;
  stop(): void;
};

/** Starts with the first heartbeat, number 1, at once. */
export function startHeartbeat(
  { intervalMs, missedAllowed }: Options,
  { now, schedule, beat, silent }: Deps,
): Heartbeat {
  let seq = 0;
  let lastBeatMs = 0;
  let stopped = false;
  let callOffBeat: () => void = () => undefined;
  let callOffWatch: () => void = () => undefined;

  const beatIn = (delayMs: number): void => {
    callOffBeat();
    callOffBeat = schedule(delayMs, beatNow);
  };
  const beatNow = (): void => {
    if (stopped) return;
    lastBeatMs = now();
    seq += 1;
    beatIn(intervalMs);
    beat(seq);
  };
  // "Silence for (missed_heartbeats_allowed + 0.5) intervals (since welcome, before the first one) … the node uses the same rule for acks."
  const watch = (): void => {
    callOffWatch();
    callOffWatch = schedule((missedAllowed + 0.5) * intervalMs, () => {
      if (!stopped) silent();
    });
  };

  watch();
  beatNow();
  return {
    soon: () => {
      if (stopped) return;
      // After the clock was set back the last heartbeat would lie ahead, and the next one behind the regular time.
      lastBeatMs = Math.min(lastBeatMs, now());
      const dueMs = Math.min(lastBeatMs + intervalMs, lastBeatMs + earlyGapMs);
      beatIn(Math.max(0, dueMs - now()));
    },
    acknowledged: (acked) => {
      if (acked < 1 || acked > seq) return false;
      watch();
      return true;
    },
    stop: () => {
      stopped = true;
      callOffBeat();
      callOffWatch();
    },
  };
}
