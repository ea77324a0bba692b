/** Stacks to the columns of the money pipeline, with the next act of each (design.md, "Money pipeline"). */
import type { StackView } from '../../../src-shared/bridge/views.ts';
import { totalOf } from '../../format/amount.ts';

/** The columns in order. */
export const columns = ['working', 'settling', 'challenge', 'claimable', 'claimed', 'disputed'] as const;
export type Column = (typeof columns)[number];

const columnOf: Record<StackView['phase'], Column> = {
  working: 'working',
  settling: 'settling',
  challenge: 'challenge',
  claimable: 'claimable',
  claiming: 'claimable',
  claimed: 'claimed',
  disputed: 'disputed',
  stranded: 'disputed',
  gone: 'disputed',
};

/** Stacks of each column; claimed ones newest first, the others by what is used most. */
export function pipelineOf(stacks: readonly StackView[]): Record<Column, StackView[]> {
  const result: Record<Column, StackView[]> = {
    working: [],
    settling: [],
    challenge: [],
    claimable: [],
    claimed: [],
    disputed: [],
  };
  for (const stack of stacks) result[columnOf[stack.phase]].push(stack);
  for (const column of columns) {
    result[column].sort((a, b) =>
      column === 'claimed' ? b.updatedMs - a.updatedMs : a.stackSmallId < b.stackSmallId ? -1 : 1,
    );
  }
  return result;
}

/** Exact value of a column. */
export const valueOf = (stacks: readonly StackView[]): bigint => totalOf(stacks.map((stack) => stack.value));

/** Whether an open stack is settled by the policy: this share of its units is used. */
export const isAlmostFull = (
  stack: Pick<StackView, 'usedUnits' | 'numComputeUnits'>,
  settleAtPercent: number,
): boolean => stack.usedUnits * 100n >= stack.numComputeUnits * BigInt(settleAtPercent);

/** The one act of a card: settling needs acknowledged units and nothing on the way; claiming needs an open claim. */
export function nextAct(stack: StackView): 'settle' | 'claim' | null {
  if (stack.phase === 'working') return stack.usedUnits > 0n && stack.awaitingAck === 0 ? 'settle' : null;
  return stack.phase === 'claimable' ? 'claim' : null;
}
