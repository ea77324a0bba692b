/** Judges a coordinator's acknowledgement before it is believed (coordinator.md 6: entry_index is the stack's next integer; a gap, or an index used for two tasks, is refused). */
import type { Job, JobAck } from './job.ts';

export type AckJudgement =
  | { kind: 'apply' }
  /** Already acknowledged. */
  | { kind: 'repeat' }
  /** The link is closed with 1008 and the operator is told. */
  | { kind: 'violation'; detail: string };

/**
 * @param nextEntryIndex how many entries of the stack this node has receipts for
 */
export function onAck(
  job: Job | null,
  ack: Pick<JobAck, 'status' | 'entryIndex'>,
  nextEntryIndex: number,
): AckJudgement {
  if (job === null) return violation('acknowledges a task this node does not know');
  if (job.stage === 'accepted' || job.stage === 'duplicate' || job.stage === 'rejected') return { kind: 'repeat' };
  if (job.stage !== 'proved') return violation('acknowledges a result that was never sent');
  if (ack.status === 'rejected') return { kind: 'apply' };
  if (ack.entryIndex === null) return violation('names no entry');
  if (ack.entryIndex > nextEntryIndex)
    return violation(`leaves a gap: entry ${ack.entryIndex} where ${nextEntryIndex} is next`);
  // Receipts are without gaps, so every smaller index belongs to another task.
  if (ack.entryIndex < nextEntryIndex) return violation(`uses entry ${ack.entryIndex} for a second task`);
  return { kind: 'apply' };
}

const violation = (detail: string): AckJudgement => ({ kind: 'violation', detail });
