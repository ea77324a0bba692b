/** SplitCoins, MergeCoins, TransferObjects and MakeMoveVec (Sui programmable transactions). */
import { bcs } from '@mysten/sui/bcs';
import { coinBalance, coinDraft, coinTypeOf, isTransferable } from './chain-object.ts';
import type { ObjectDraft } from './chain-object.ts';
import { fail } from './failure.ts';
import type { Value } from './arguments.ts';
import type { Runtime } from './runtime.ts';
import type { Command } from './transaction-data.ts';

/** Owner of an object that only the running transaction holds; never reaches the store. */
export const nobody = { kind: 'address', address: '' } as const;

/** Largest amount. */
export const MAX_U64 = 2n ** 64n - 1n;

/** Fails for a value of another type. */
export const mismatch = (index: number): never => fail({ kind: 'argument', index, reason: 'TypeMismatch' });

/** The draft behind an object value. */
export const draftOf = (runtime: Runtime, value: Value, index: number): ObjectDraft => {
  if (value.kind !== 'object') return mismatch(index);
  return runtime.scratch.get(value.id) ?? fail({ kind: 'argument', index, reason: 'InvalidValueUsage' });
};

/** A coin behind an object value, with its type and amount. */
export const coinOf = (runtime: Runtime, value: Value, index: number) => {
  const draft = draftOf(runtime, value, index);
  const coinType = coinTypeOf(draft.type) ?? mismatch(index);
  return { draft, coinType, balance: coinBalance(draft) };
};

/** Bytes of a pure value of exactly `length` bytes. */
export const pureBytes = (value: Value, length: number, index: number): Uint8Array => {
  if (value.kind !== 'pure') return mismatch(index);
  return value.bytes.length === length ? value.bytes : fail({ kind: 'argument', index, reason: 'InvalidBCSBytes' });
};

/** Rewrites a coin's amount. */
export const setBalance = (runtime: Runtime, draft: ObjectDraft, coinType: string, balance: bigint): void =>
  runtime.scratch.put(coinDraft(draft.id, coinType, balance, draft.owner));

/** Creates a coin that the transaction holds. */
export const holdCoin = (runtime: Runtime, coinType: string, balance: bigint): Value => {
  const id = runtime.scratch.newId();
  runtime.scratch.put(coinDraft(id, coinType, balance, nobody));
  runtime.held.add(id);
  return { kind: 'object', id };
};

/** Removes an object that the transaction held. */
export const discard = (runtime: Runtime, id: string): void => {
  runtime.scratch.remove(id);
  runtime.held.delete(id);
};

const splitCoins = (runtime: Runtime, command: NonNullable<Command['SplitCoins']>): readonly Value[] => {
  const source = runtime.args.mutate(command.coin, 0);
  return command.amounts.map((argument, i) => {
    const amount = BigInt(bcs.u64().parse(pureBytes(runtime.args.read(argument, i + 1), 8, i + 1)));
    const { draft, coinType, balance } = coinOf(runtime, source, 0);
    if (balance < amount) return fail({ kind: 'plain', name: 'InsufficientCoinBalance' });
    setBalance(runtime, draft, coinType, balance - amount);
    return holdCoin(runtime, coinType, amount);
  });
};

const mergeCoins = (runtime: Runtime, command: NonNullable<Command['MergeCoins']>): readonly Value[] => {
  const destination = runtime.args.mutate(command.destination, 0);
  command.sources.forEach((argument, i) => {
    if (runtime.args.isGas(argument)) fail({ kind: 'argument', index: i + 1, reason: 'InvalidGasCoinUsage' });
    const source = coinOf(runtime, runtime.args.take(argument, i + 1), i + 1);
    const target = coinOf(runtime, destination, 0);
    if (source.coinType !== target.coinType || source.draft.id === target.draft.id) mismatch(i + 1);
    if (target.balance + source.balance > MAX_U64) fail({ kind: 'plain', name: 'CoinBalanceOverflow' });
    setBalance(runtime, target.draft, target.coinType, target.balance + source.balance);
    discard(runtime, source.draft.id);
  });
  return [];
};

const transferObjects = (runtime: Runtime, command: NonNullable<Command['TransferObjects']>): readonly Value[] => {
  const at = command.objects.length;
  const address = bcs.Address.parse(pureBytes(runtime.args.read(command.address, at), 32, at));
  command.objects.forEach((argument, i) => {
    const draft = draftOf(runtime, runtime.args.take(argument, i), i);
    if (!isTransferable(draft.type)) fail({ kind: 'plain', name: 'InvalidTransferObject' });
    runtime.scratch.put({ ...draft, owner: { kind: 'address', address } });
    runtime.held.delete(draft.id);
  });
  return [];
};

/** A vector of pure values; vectors of objects have no use in this contract. */
const makeMoveVec = (runtime: Runtime, command: NonNullable<Command['MakeMoveVec']>): readonly Value[] => {
  const elements = command.elements.map((argument, i) => {
    const value = runtime.args.read(argument, i);
    return value.kind === 'pure' ? value.bytes : fail({ kind: 'plain', name: 'FeatureNotYetSupported' });
  });
  const length = bcs.ULEB128.serialize(elements.length).toBytes();
  return [{ kind: 'pure', bytes: Uint8Array.from([length, ...elements].flatMap((part) => [...part])) }];
};

/** Runs a command other than MoveCall; its results. Publishing is not offered. */
export const runPlainCommand = (runtime: Runtime, command: Command): readonly Value[] => {
  if (command.SplitCoins) return splitCoins(runtime, command.SplitCoins);
  if (command.MergeCoins) return mergeCoins(runtime, command.MergeCoins);
  if (command.TransferObjects) return transferObjects(runtime, command.TransferObjects);
  if (command.MakeMoveVec) return makeMoveVec(runtime, command.MakeMoveVec);
  return fail({ kind: 'plain', name: 'FeatureNotYetSupported' });
};
