/** What set-up still needs in tokens, and which of its steps can be opened (product.md, Set-up 4). */
import type { SetupStep, SetupView } from '../../../src-shared/bridge/views.ts';

/** The seven steps in order. */
export const setupSteps: readonly SetupStep[] = ['network', 'key', 'machine', 'funds', 'register', 'task', 'start'];

/** Whether a balance covers a need; null when either is unknown. */
export function covers(have: bigint | null, need: bigint | null): boolean | null {
  return have === null || need === null ? null : have >= need;
}

/** Coverage of gas and collateral. */
export const fundsCovered = (funds: SetupView['funds']): { gas: boolean | null; collateral: boolean | null } => ({
  gas: covers(funds.suiMist.value, funds.gasNeededMist),
  collateral: covers(funds.balance.value, funds.collateralNeeded.value),
});

/** The step on screen: the one looked back at, else the first unfinished one, else the last. */
export function shownStep(setup: Pick<SetupView, 'current'>, lookedAt: SetupStep | null): SetupStep {
  return lookedAt ?? setup.current ?? 'start';
}

/** A step may be opened when it is finished or is the current one. */
export const canOpen = (setup: Pick<SetupView, 'current' | 'finished'>, step: SetupStep): boolean =>
  setup.finished.includes(step) || step === (setup.current ?? 'start');

/** Where a step stands, for its mark. */
export function stepStatus(
  setup: Pick<SetupView, 'current' | 'finished'>,
  step: SetupStep,
): 'done' | 'current' | 'waiting' {
  if (setup.finished.includes(step)) return 'done';
  return step === (setup.current ?? 'start') ? 'current' : 'waiting';
}
