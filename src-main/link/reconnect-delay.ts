/** The wait before the next connection: uniform in 0.5 s … min(60 s, 0.5 s · 2ⁿ), for ever (coordinator.md 3, "Reconnect delay"). */
import { linkLimits } from '../../src-shared/link/codes.ts';

/**
 * Delay in milliseconds.
 * @param attempt number of the attempt since the last welcome, from 1
 * @param chance a number in [0, 1)
 */
export function reconnectDelayMs(attempt: number, chance: number): number {
  const { reconnectFloorMs: floorMs, reconnectCeilingMs: ceilingMs } = linkLimits;
  const topMs = Math.min(ceilingMs, floorMs * 2 ** attempt);
  return Math.round(floorMs + chance * (topMs - floorMs));
}
