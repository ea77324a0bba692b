/** The framework's functions over money that clients call: coins and balances made, split, joined and turned into each other (`0x2::coin`, `0x2::balance`). */
import { bcs } from '@mysten/sui/bcs';
import { normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import { SUI_COIN_TYPE } from '../../../../src-shared/atoma/index.ts';
import type { BalanceValue, Value } from './arguments.ts';
import { MAX_U64, coinOf, discard, holdCoin, mismatch, pureBytes } from './coin-commands.ts';
import { fail } from './failure.ts';
import type { Runtime } from './runtime.ts';
import type { Argument, MoveCall } from './transaction-data.ts';

const NOT_ENOUGH = 2n;
const NOT_ZERO = 0n;

/** A coin type that exists on this chain. */
const coinTypeArgument = (runtime: Runtime, typeArguments: readonly string[]): string => {
  const [given] = typeArguments;
  if (given === undefined || typeArguments.length > 1) return fail({ kind: 'plain', name: 'TypeArityMismatch' });
  const known = [normalizeStructTag(SUI_COIN_TYPE), runtime.deployment.coinType];
  return known.find((type) => type === full(given)) ?? fail({ kind: 'typeArgument', index: 0 });
};
const full = (type: string): string => (type.includes('::') ? normalizeStructTag(type) : type);

const abort = (functionName: string, code: bigint): never =>
  fail({ kind: 'abort', place: { packageId: normalizeSuiAddress('0x2'), module: 'balance', functionName }, code });

/** One call as its function sees it. */
interface Given {
  readonly runtime: Runtime;
  readonly coinType: string;
  readonly args: readonly Argument[];
}

const argumentAt = ({ args }: Given, index: number): Argument =>
  args[index] ?? fail({ kind: 'plain', name: 'ArityMismatch' });

/** Money of the wanted kind. */
const moneyOf = (value: Value, coinType: string, index: number): BalanceValue =>
  value.kind === 'balance' && value.coinType === coinType ? value : mismatch(index);

/** Takes a coin for good; its amount. The gas coin pays: it can be given away, not consumed. */
const takeCoin = (given: Given): { readonly id: string; readonly amount: bigint } => {
  const argument = argumentAt(given, 0);
  if (given.runtime.args.isGas(argument)) fail({ kind: 'argument', index: 0, reason: 'InvalidGasCoinUsage' });
  const { draft, coinType, balance } = coinOf(given.runtime, given.runtime.args.take(argument, 0), 0);
  return coinType === given.coinType ? { id: draft.id, amount: balance } : mismatch(0);
};

const takeMoney = (given: Given, index: number): bigint =>
  moneyOf(given.runtime.args.take(argumentAt(given, index), index), given.coinType, index).amount;
const borrowMoney = (given: Given): BalanceValue =>
  moneyOf(given.runtime.args.mutate(argumentAt(given, 0), 0), given.coinType, 0);
const money = ({ coinType }: Given, amount: bigint): BalanceValue => ({ kind: 'balance', coinType, amount });
const number = (amount: bigint): Value => ({ kind: 'pure', bytes: bcs.u64().serialize(amount).toBytes() });

/** A function: how many arguments it has, and what it returns. */
interface MoneyFunction {
  readonly arity: number;
  readonly run: (given: Given) => readonly Value[];
}

const FUNCTIONS: Readonly<Record<string, MoneyFunction>> = {
  'coin::zero': { arity: 0, run: ({ runtime, coinType }) => [holdCoin(runtime, coinType, 0n)] },
  'coin::destroy_zero': {
    arity: 1,
    run: (given) => {
      const { id, amount } = takeCoin(given);
      if (amount !== 0n) abort('destroy_zero', NOT_ZERO);
      discard(given.runtime, id);
      return [];
    },
  },
  'coin::into_balance': {
    arity: 1,
    run: (given) => {
      const { id, amount } = takeCoin(given);
      discard(given.runtime, id);
      return [money(given, amount)];
    },
  },
  'coin::from_balance': {
    arity: 1,
    run: (given) => [holdCoin(given.runtime, given.coinType, takeMoney(given, 0))],
  },
  'balance::zero': { arity: 0, run: (given) => [money(given, 0n)] },
  'balance::destroy_zero': {
    arity: 1,
    run: (given) => (takeMoney(given, 0) === 0n ? [] : abort('destroy_zero', NOT_ZERO)),
  },
  'balance::split': {
    arity: 2,
    run: (given) => {
      const source = borrowMoney(given);
      const value = given.runtime.args.read(argumentAt(given, 1), 1);
      const amount = BigInt(bcs.u64().parse(pureBytes(value, 8, 1)));
      if (source.amount < amount) abort('split', NOT_ENOUGH);
      source.amount -= amount;
      return [money(given, amount)];
    },
  },
  'balance::join': {
    arity: 2,
    run: (given) => {
      const target = borrowMoney(given);
      const sum = target.amount + takeMoney(given, 1);
      if (sum > MAX_U64) fail({ kind: 'plain', name: 'CoinBalanceOverflow' });
      target.amount = sum;
      return [number(sum)];
    },
  },
};

/** Runs one of the framework's functions; any other is not offered. */
export const runMoneyFunction = (runtime: Runtime, call: MoveCall): readonly Value[] => {
  const name = `${call.module}::${call.function}`;
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!found) return fail({ kind: 'plain', name: 'FunctionNotFound' });
  const coinType = coinTypeArgument(runtime, call.typeArguments);
  if (call.arguments.length !== found.arity) return fail({ kind: 'plain', name: 'ArityMismatch' });
  return found.run({ runtime, coinType, args: call.arguments });
};
