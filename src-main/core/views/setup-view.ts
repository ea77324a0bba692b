/** The seven steps of the set-up as derived from what exists, so that it resumes at any step after a quit (product.md, Set-up). */
import type { KeysView, MachineCheck, SetupStep, SetupView } from '../../../src-shared/bridge/views.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';

/** Everything the view depends on; null means not known (yet). */
export type SetupFacts = {
  networks: SetupView['networks'];
  networkId: string | null;
  keys: KeysView;
  machine: MachineCheck | null;
  coin: Coin;
  balances: { suiMist: bigint; coin: bigint } | null;
  collateralNeeded: bigint | null;
  gasNeededMist: bigint;
  faucet: boolean;
  gasFaucet: boolean;
  chainReadAtMs: number | null;
  /** Null while unknown. */
  registration: { nodeSmallId: bigint; collateral: bigint } | 'none' | null;
  /** Tasks subscribed at a price that is not the parked one, whose model is ready. */
  servedTasks: readonly bigint[];
  started: boolean;
};

const steps: readonly SetupStep[] = ['network', 'key', 'machine', 'funds', 'register', 'task', 'start'];

/** Derives the view; `done` only after the operator has pressed start. */
export function setupView(facts: SetupFacts): SetupView {
  const finished = steps.filter((step) => isFinished(step, facts));
  const read = <T>(value: T | null) => ({ value, source: 'chain' as const, readAtMs: facts.chainReadAtMs });
  const registered = facts.registration === null || facts.registration === 'none' ? null : facts.registration;
  return {
    done: facts.started,
    current: steps.find((step) => !finished.includes(step)) ?? null,
    finished,
    networks: facts.networks,
    networkId: facts.networkId,
    keys: facts.keys,
    machine: facts.machine,
    funds: {
      suiMist: read(facts.balances?.suiMist ?? null),
      coin: facts.coin,
      balance: read(facts.balances?.coin ?? null),
      collateralNeeded: read(facts.collateralNeeded),
      gasNeededMist: facts.gasNeededMist,
      faucet: facts.faucet,
      gasFaucet: facts.gasFaucet,
    },
    registration: { nodeSmallId: registered?.nodeSmallId ?? null, collateral: read(registered?.collateral ?? null) },
    subscriptions: [...facts.servedTasks],
  };
}

function isFinished(step: SetupStep, facts: SetupFacts): boolean {
  const registered = facts.registration !== null && facts.registration !== 'none';
  switch (step) {
    case 'network':
      return facts.networkId !== null;
    case 'key':
      return facts.keys.exists && facts.keys.unlocked && facts.keys.backupConfirmed;
    case 'machine':
      return facts.machine !== null && facts.machine.rules.every((rule) => rule.status !== 'failed') && facts.machine.providers.some((provider) => provider.ok);
    case 'funds':
      return registered || hasFunds(facts);
    case 'register':
      return registered;
    case 'task':
      return facts.servedTasks.length > 0;
    case 'start':
      return facts.started;
  }
}

function hasFunds({ balances, collateralNeeded, gasNeededMist }: SetupFacts): boolean {
  return balances !== null && collateralNeeded !== null && balances.coin >= collateralNeeded && balances.suiMist >= gasNeededMist;
}
