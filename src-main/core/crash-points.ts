/** The boundaries of the main-job table: at each of them a test stops the process and starts it again (architecture.md, "Tests", crash table). */
import type { Intent } from '../../src-shared/bridge/intents.ts';

/** In the order in which a request passes them; the failure points stand at the end. */
export const crashPoints = [
  /** Job row with the envelope committed, `accepted` not sent. */
  'received',
  /** `accepted` sent, nothing opened. */
  'accepted',
  'decrypting',
  'executing',
  'proving',
  /** Sealed and proved; nothing recorded. */
  'sealed',
  /** Signing record, result and outbox row committed; nothing sent. */
  'recorded',
  /** The result's frame was handed to the socket. */
  'result_sent',
  /** A valid acknowledgement arrived and is not stored. */
  'ack_received',
  /** The acknowledgement is stored and the outbox row closed. */
  'acknowledged',
  /** A failure is committed; nothing sent. */
  'failure_recorded',
  /** The failure's frame was handed to the socket. */
  'failure_sent',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** Called at every boundary; does nothing outside tests. */
export type CrashHook = (point: CrashPoint) => void;
export const noCrash: CrashHook = () => undefined;

/** Boundaries of the chain lane: bytes and digest are stored; the chain has executed them; their effects are here and not booked. */
export const laneBoundaries = ['stored', 'submitted', 'effects'] as const;
export type LaneBoundary = (typeof laneBoundaries)[number];
/** A boundary of the lane, by what its transaction does. */
export type LaneCrashPoint = `${Intent['kind']}_${LaneBoundary}`;

/** Boundaries of a re-execution: the verdict of an entry is committed; the history was read to its end and nothing is sent; the chain has the answer and the lane has booked it, while its row does not know. Between the last two lie the lane's own. */
export const attestBoundaries = ['entry_kept', 'complete', 'answered'] as const;
export type AttestBoundary = (typeof attestBoundaries)[number];

/** Called at every boundary of job, link, lane and re-execution of a whole node. */
export type NodeCrashHook = (point: CrashPoint | LaneCrashPoint | `attest_${AttestBoundary}`) => void;
