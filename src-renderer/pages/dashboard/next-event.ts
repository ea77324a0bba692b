/** What happens next to the money, when nothing needs the operator (design.md, "Needs you"). */
import type { StackView } from '../../../src-shared/bridge/views.ts';
import { epochsLeft } from '../../format/epochs.ts';

/** The next event of the pipeline. */
export type NextEvent =
  | { kind: 'claim'; stacks: number }
  | { kind: 'window'; epochs: number; stack: bigint }
  | { kind: 'settle'; percent: number; stack: bigint }
  | { kind: 'nothing' };

/** Claimable first, then the window that closes first, then the fullest stack. */
export function nextEvent(stacks: readonly StackView[]): NextEvent {
  const claimable = stacks.filter((stack) => stack.phase === 'claimable').length;
  if (claimable > 0) return { kind: 'claim', stacks: claimable };
  const windows = stacks
    .filter((stack) => stack.phase === 'challenge')
    .map((stack) => ({ stack: stack.stackSmallId, epochs: epochsLeft(stack) }))
    .filter((entry): entry is { stack: bigint; epochs: number } => entry.epochs !== null)
    .sort((a, b) => a.epochs - b.epochs);
  if (windows[0] !== undefined) return { kind: 'window', ...windows[0] };
  const working = stacks
    .filter((stack) => stack.phase === 'working' && stack.numComputeUnits > 0n)
    .map((stack) => ({ stack: stack.stackSmallId, percent: Number((stack.usedUnits * 100n) / stack.numComputeUnits) }))
    .sort((a, b) => b.percent - a.percent);
  return working[0] === undefined ? { kind: 'nothing' } : { kind: 'settle', ...working[0] };
}
