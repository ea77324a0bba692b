/** What set-up still needs in tokens, and which of its steps can be opened (product.md, Set-up 4). */
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
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

/** Symbols of the coins that are missing and that no faucet of this network gives: gas first. */
export const coinsToSend = (funds: SetupView['funds']): string[] => {
  const covered = fundsCovered(funds);
  return [
    ...(covered.gas === true || funds.gasFaucet ? [] : [suiCoin.symbol]),
    ...(covered.collateral === true || funds.faucet ? [] : [funds.coin.symbol]),
  ];
};

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
