/** Epochs until a stack's challenge window has passed. */
import type { StackView } from '../../src-shared/bridge/views.ts';

/** Epochs until the challenge window ends; null while chain time is unknown. Claiming is possible from that epoch on (protocol.md 5.5). */
export function epochsLeft(stack: Pick<StackView, 'disputeSettledAtEpoch' | 'epoch'>): number | null {
  if (stack.disputeSettledAtEpoch === null || stack.epoch === null) return null;
  return Math.max(0, Number(stack.disputeSettledAtEpoch - stack.epoch));
}
