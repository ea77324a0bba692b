/** Values that flow between a transaction's commands: inputs, results of commands, the gas coin; by reference or by value. */
import { fail } from './failure.ts';
import type { Argument, CallArg } from './transaction-data.ts';

/** Money outside any coin (`0x2::balance::Balance`). It belongs to the running transaction alone, so changes happen in place. */
export interface BalanceValue {
  readonly kind: 'balance';
  readonly coinType: string;
  amount: bigint;
}

/** A value: bytes still without a type, an object by its id, or money outside a coin. */
export type Value =
  | { readonly kind: 'pure'; readonly bytes: Uint8Array }
  | { readonly kind: 'object'; readonly id: string }
  | BalanceValue;

interface Slot {
  value: Value | null;
  /** Whether the object may be changed or consumed: owned inputs and mutable shared ones. */
  readonly writable: boolean;
  readonly consumable: boolean;
}

/** Resolves arguments. `index` is the argument's place in its command, for the error. */
export interface Arguments {
  /** Looks without taking. */
  read(argument: Argument, index: number): Value;
  /** Looks, and demands that the object may be changed. */
  mutate(argument: Argument, index: number): Value;
  /** Takes for good; later uses fail. */
  take(argument: Argument, index: number): Value;
  isGas(argument: Argument): boolean;
  addResults(values: readonly Value[]): void;
  /** First result that still holds money or an object of these ids, for the "unused value" rule: neither can be dropped. */
  firstHeld(ids: ReadonlySet<string>): { readonly result: number; readonly subresult: number } | null;
}

const inputSlot = (input: CallArg): Slot => {
  if (input.Pure)
    return {
      value: { kind: 'pure', bytes: Uint8Array.from(Buffer.from(input.Pure.bytes, 'base64')) },
      writable: true,
      consumable: true,
    };
  const object = input.Object;
  const id = object?.ImmOrOwnedObject?.objectId ?? object?.SharedObject?.objectId;
  if (id === undefined) return { value: null, writable: false, consumable: false };
  const shared = object?.SharedObject;
  return { value: { kind: 'object', id }, writable: shared ? shared.mutable : true, consumable: !shared };
};

/** Sets the slots up from the inputs; `gasCoinId` null in a simulation without gas. */
export function createArguments(inputs: readonly CallArg[], gasCoinId: string | null): Arguments {
  const inputSlots = inputs.map(inputSlot);
  const gas: Slot = {
    value: gasCoinId === null ? null : { kind: 'object', id: gasCoinId },
    writable: true,
    consumable: true,
  };
  const results: Slot[][] = [];

  const slotOf = (argument: Argument, index: number): Slot => {
    const outside = (): never => fail({ kind: 'argument', index, reason: 'IndexOutOfBounds' });
    if (argument.GasCoin) return gas;
    if (argument.$kind === 'Input') return inputSlots[argument.Input] ?? outside();
    if (argument.$kind === 'NestedResult')
      return results[argument.NestedResult[0]]?.[argument.NestedResult[1]] ?? outside();
    const single = argument.$kind === 'Result' ? results[argument.Result] : undefined;
    // `Result(i)` stands for a command's only result.
    return single?.length === 1 ? (single[0] ?? outside()) : outside();
  };
  const present = (slot: Slot, index: number): Value =>
    slot.value ?? fail({ kind: 'argument', index, reason: 'InvalidValueUsage' });

  return {
    read: (argument, index) => present(slotOf(argument, index), index),
    mutate: (argument, index) => {
      const slot = slotOf(argument, index);
      const value = present(slot, index);
      return slot.writable ? value : fail({ kind: 'argument', index, reason: 'InvalidObjectByMutRef' });
    },
    take: (argument, index) => {
      const slot = slotOf(argument, index);
      const value = present(slot, index);
      if (!slot.consumable) return fail({ kind: 'argument', index, reason: 'InvalidObjectByValue' });
      // Pure bytes are copied; objects and money move.
      if (value.kind !== 'pure') slot.value = null;
      return value;
    },
    isGas: (argument) => argument.$kind === 'GasCoin',
    addResults: (values) => void results.push(values.map((value) => ({ value, writable: true, consumable: true }))),
    firstHeld: (ids) => {
      for (const [result, slots] of results.entries()) {
        const subresult = slots.findIndex(
          ({ value }) => value?.kind === 'balance' || (value?.kind === 'object' && ids.has(value.id)),
        );
        if (subresult >= 0) return { result, subresult };
      }
      return null;
    },
  };
}
