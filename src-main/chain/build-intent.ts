/** Builds an intent's commands from the generation's call table, with every object named, so that nothing is left for a server to fill in (protocol.md 1.3, 2). */
import type { Transaction, TransactionArgument, TransactionObjectArgument } from '@mysten/sui/transactions';
import { RANDOM_OBJECT_ID, isOfCoinPackage, type BadgeKind, type CallName, type CallSpec, type Param } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Deployment } from './contract-check.ts';
import { byBalance, totalBalance, type CoinObject } from './gas.ts';
import { callOf, type CallFacts, type CallValues } from './intent-calls.ts';

type ObjectReference = { objectId: string; version: string; digest: string };

/** What the commands need of the chain and the rows, all read just before. */
export type BuildFacts = Omit<CallFacts, 'contract'> & {
  readonly profile: NetworkProfile;
  readonly deployment: Deployment;
  /** The badges that the intent's call takes, as they are now; null for one that the wallet does not hold. */
  readonly badges: Readonly<Partial<Record<BadgeKind, ObjectReference | null>>>;
  /** The wallet's coins of the network's coin type. */
  readonly coins: readonly CoinObject[];
  /** What the call takes from the coin it is given: collateral, or the price of a stack. */
  readonly spent: bigint;
};

/**
 * Adds the intent's commands to `tx`.
 * @throws AppError chain.not_registered, chain.no_badge, chain.insufficient_coin, chain.rejected for what this contract does not offer
 */
export function addCommands(tx: Transaction, intent: Intent, facts: BuildFacts): void {
  if (intent.kind === 'transfer') return transfer(tx, intent, facts);
  const { name, values } = callOf(intent, { ...facts, contract: facts.deployment.contract });
  call(tx, name, values, facts);
}

function call(tx: Transaction, name: CallName, values: CallValues, facts: BuildFacts): void {
  const spec: CallSpec | undefined = facts.deployment.contract.calls[name];
  if (spec === undefined) throw new AppError('chain.rejected', { detail: `the contract of this network has no ${name}` });
  const packageId = isOfCoinPackage(spec) ? facts.profile.faucet?.packageId : facts.profile.atomaPackageId;
  if (packageId === undefined) throw new AppError('chain.rejected', { detail: 'this network has no faucet' });
  const args = spec.params.map((param) => argumentOf(tx, param, values, facts));
  tx.moveCall({ target: `${packageId}::${spec.module}::${spec.function}`, arguments: args });
}

function argumentOf(tx: Transaction, param: Param, values: CallValues, facts: BuildFacts): TransactionArgument {
  switch (param.kind) {
    case 'shared':
      return shared(tx, param.object, facts);
    case 'random':
      return tx.sharedObjectRef({ objectId: RANDOM_OBJECT_ID, initialSharedVersion: facts.deployment.randomInitialVersion, mutable: false });
    case 'badge':
      return tx.objectRef(badgeOf(param.badge, facts));
    case 'coin':
      return coinOf(tx, facts.spent, facts);
    case 'pure': {
      const value = values[param.name];
      if (value === undefined) throw new AppError('bug.unexpected', { detail: `no value for ${param.name}` });
      return tx.pure(value);
    }
  }
}

function badgeOf(badge: BadgeKind, { badges }: BuildFacts): ObjectReference {
  const found = badges[badge] ?? null;
  if (found !== null) return found;
  throw badge === 'NodeBadge' ? new AppError('chain.not_registered') : new AppError('chain.no_badge', { badge });
}

function shared(tx: Transaction, object: 'AtomaDb' | 'Faucet', { profile, deployment }: BuildFacts): TransactionArgument {
  if (object === 'AtomaDb') {
    return tx.sharedObjectRef({ objectId: profile.atomaDbId, initialSharedVersion: deployment.dbInitialVersion, mutable: true });
  }
  if (profile.faucet === null || deployment.faucetInitialVersion === null) throw new AppError('chain.rejected', { detail: 'this network has no faucet' });
  return tx.sharedObjectRef({ objectId: profile.faucet.objectId, initialSharedVersion: deployment.faucetInitialVersion, mutable: true });
}

/** One coin of at least `amount`: the largest, into which others are merged first when it is too small (before any call that uses Random). */
function coinOf(tx: Transaction, amount: bigint, facts: BuildFacts): TransactionObjectArgument {
  const [largest, ...others] = byBalance(facts.coins);
  if (largest === undefined || totalBalance(facts.coins) < amount) {
    throw new AppError('chain.insufficient_coin', { symbol: facts.profile.coin.symbol, needed: String(amount), available: String(totalBalance(facts.coins)) });
  }
  const target = tx.objectRef(largest);
  let sum = largest.balance;
  const merged: CoinObject[] = [];
  for (const coin of others) {
    if (sum >= amount) break;
    sum += coin.balance;
    merged.push(coin);
  }
  if (merged.length > 0) tx.mergeCoins(target, merged.map((coin) => tx.objectRef(coin)));
  return target;
}

function transfer(tx: Transaction, intent: { coin: 'SUI' | 'network'; amount: bigint; to: string }, facts: BuildFacts): void {
  const source = intent.coin === 'SUI' ? tx.gas : coinOf(tx, intent.amount, facts);
  const [part] = tx.splitCoins(source, [tx.pure.u64(intent.amount)]);
  tx.transferObjects([part], tx.pure.address(intent.to));
}
