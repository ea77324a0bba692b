/** What follows the end of a session: connect again, wait for the chain, or stop until the operator acts (coordinator.md 3, "Refused codes"). Pure. */
import { linkLimits, refusedCodeSchema, type RefusedCode } from '../../src-shared/link/codes.ts';

/** How a session ended. */
export type SessionEnd =
  | { kind: 'refused'; code: RefusedCode; message: string | null }
  | { kind: 'bye'; code: string; message: string | null }
  /** The coordinator broke the protocol and was closed with 1008. */
  | { kind: 'protocol'; detail: string }
  | { kind: 'coordinator_changed'; found: string; expected: string }
  /** Network, silence, or this node could not say hello; `errorCode` is an AppError code. */
  | { kind: 'lost'; errorCode: string; detail: string }
  /** This node ended it. */
  | { kind: 'closed' };

export type NextMove = 'retry' | 'wait_for_chain' | 'stop';

/** "(stops, tells the operator what to change) … (stops until the chain state changes) … (retries with backoff)" */
const refusals: Readonly<Record<RefusedCode, NextMove>> = {
  bad_manifest: 'stop',
  version_unsupported: 'stop',
  sybil: 'stop',
  not_registered: 'wait_for_chain',
  disabled: 'wait_for_chain',
  in_cooldown: 'wait_for_chain',
  bad_signature: 'retry',
  clock_skew: 'retry',
  duplicate_session: 'retry',
};

/** Code of a refusal, also of one that came as a bye during a session; else null. */
export function refusalOf(end: SessionEnd): RefusedCode | null {
  if (end.kind === 'refused') return end.code;
  const parsed = end.kind === 'bye' ? refusedCodeSchema.safeParse(end.code) : null;
  return parsed?.success ? parsed.data : null;
}

/**
 * Decides what comes next.
 * @param badSignatures refusals with bad_signature in a row, this one included
 */
export function afterEnd(end: SessionEnd, badSignatures: number): NextMove {
  const refusal = refusalOf(end);
  // "bad_signature five times in a row stops the node too."
  if (refusal === 'bad_signature' && badSignatures >= linkLimits.badSignatureLimit) return 'stop';
  if (refusal !== null) return refusals[refusal];
  return end.kind === 'coordinator_changed' || end.kind === 'closed' ? 'stop' : 'retry';
}
