/** Decides whether a heartbeat may stand, and when silence has lasted too long (coordinator.md 3). */
import { linkLimits } from '../../../src-shared/link/codes.ts';

/** What is expected of the next heartbeat of a session, and what came. */
export type HeartbeatFacts = {
  readonly expectedSeq: number;
  readonly seq: number;
  readonly ts: number;
  readonly nowMs: number;
  readonly signatureHolds: boolean;
};

/** The fault to close the link with, or null. seq counts from 1, +1 each, per session; ts within 90 s. */
export function heartbeatFault(facts: HeartbeatFacts): string | null {
  if (facts.seq !== facts.expectedSeq) return `heartbeat seq ${facts.seq}, expected ${facts.expectedSeq}`;
  if (Math.abs(facts.nowMs - facts.ts) > linkLimits.maxClockSkewMs) return 'heartbeat ts is more than 90 s off';
  if (!facts.signatureHolds) return 'heartbeat signature does not hold';
  return null;
}

/** Silence after which the session ends: (missed_heartbeats_allowed + 0.5) intervals. */
export const silenceLimitMs = (intervalMs: number, missedAllowed: number): number => Math.round((missedAllowed + 0.5) * intervalMs);
