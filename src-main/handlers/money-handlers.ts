/** Calls about earnings, stacks and the ledger (src-shared/bridge/calls.ts, moneyCalls). */
import type { moneyCalls } from '../../src-shared/bridge/calls.ts';
import type { CallInput, Handlers } from '../../src-shared/bridge/index.ts';
import type { Outcome } from '../../src-shared/bridge/intents.ts';

type Area = Pick<Handlers, keyof typeof moneyCalls>;

/** What these calls need of the node. */
export type MoneyArea = {
  earnings: Area['earnings.get'];
  series(range: CallInput<'earnings.series'>['range']): ReturnType<Area['earnings.series']>;
  stacks: Area['stacks.list'];
  settleNow(stackSmallId: bigint): Promise<Outcome>;
  claimNow(stackSmallIds: readonly bigint[]): Promise<Outcome>;
  ledger: Area['ledger.list'];
};

/** Binds the calls to the node. */
export const moneyHandlers = (money: MoneyArea): Area => ({
  'earnings.get': money.earnings,
  'earnings.series': ({ range }) => money.series(range),
  'stacks.list': money.stacks,
  'stacks.settle': ({ stackSmallId }) => money.settleNow(stackSmallId),
  'stacks.claim': ({ stackSmallIds }) => money.claimNow(stackSmallIds),
  'ledger.list': money.ledger,
});
