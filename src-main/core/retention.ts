/** What a job still has to keep (architecture.md, main-job step 6: result bytes until acknowledged; proof, acknowledgement and envelope until the stack is claimed). */
import type { JobStage } from '../../src-shared/domain/job-stage.ts';

/** `claimed`: the stack's money was paid out, so nobody can ask for its history any more. */
export type RetentionFacts = { stage: JobStage; claimed: boolean };

/** What stays. The row itself, the proof and the receipt are small and stay as history. */
export type Retention = { envelope: boolean; resultBytes: boolean };

/** Decides what of a job is kept. */
export function retention({ stage, claimed }: RetentionFacts): Retention {
  return {
    // Ciphertext only; an attestor may ask for it until the stack's windows are over (coordinator.md 4). Declined work has no history.
    envelope: stage !== 'declined' && !claimed,
    resultBytes: stage === 'proved',
  };
}
