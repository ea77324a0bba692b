/** Time left of leaving: epochs by chain time, the rest by the clock (coordinator.md 8, "Leaving"). */
import type { LeaveView } from '../../../src-shared/bridge/views.ts';

/** Epochs until the collateral is unlocked; null while it is not disabled or the epoch is unknown. */
export function epochsToUnlock(
  leave: Pick<LeaveView, 'collateralUnlocksAtEpoch'>,
  epoch: bigint | null,
): number | null {
  if (leave.collateralUnlocksAtEpoch === null || epoch === null) return null;
  return Math.max(0, Number(leave.collateralUnlocksAtEpoch - epoch));
}

/** Milliseconds until a moment, never below zero; null when it is not known. */
export const msUntil = (atMs: number | null, nowMs: number): number | null =>
  atMs === null ? null : Math.max(0, atMs - nowMs);

/** True once the word is typed exactly. */
export const isTyped = (text: string): text is 'LEAVE' => text === 'LEAVE';
