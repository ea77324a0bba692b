/** Decodes the arguments of a contract call by the call table and refuses what the Move verifier would (protocol.md 2). */
import { bcs } from '@mysten/sui/bcs';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { G1_OBJECTS, RANDOM_OBJECT_ID, dbType } from '../../../../src-shared/atoma/index.ts';
import type { BalanceValue } from './arguments.ts';
import type { MachineCall, MachineParam, MachinePure } from './call-shape.ts';
import { coinOf, draftOf } from './coin-commands.ts';
import { fail } from './failure.ts';
import type { Runtime } from './runtime.ts';
import type { Argument } from './transaction-data.ts';

/** A decoded argument: an amount or number, bytes, text, a list of numbers, null for an empty option, an object, or money. */
type Decoded =
  | boolean
  | bigint
  | number
  | string
  | null
  | Uint8Array
  | readonly bigint[]
  | { readonly objectId: string }
  | BalanceValue;

const byteVector = bcs.vector(bcs.u8());
const pureLayouts: Readonly<
  Record<MachinePure, { read: (bytes: Uint8Array) => Decoded; write: (value: never) => Uint8Array }>
> = {
  bool: layout(bcs.bool(), (value) => value),
  u8: layout(bcs.u8(), (value) => value),
  u16: layout(bcs.u16(), (value) => value),
  u32: layout(bcs.u32(), (value) => value),
  u64: layout(bcs.u64(), (value) => BigInt(value)),
  id: layout(bcs.Address, (value) => value),
  string: layout(bcs.string(), ascii),
  'vector<u8>': layout(byteVector, (value) => Uint8Array.from(value)),
  'vector<u64>': layout(bcs.vector(bcs.u64()), (value) => value.map(BigInt)),
  'vector<u32>': layout(bcs.vector(bcs.u32()), (value) => value.map(BigInt)),
  'option<u64>': layout(bcs.option(bcs.u64()), (value) => (value === null ? null : BigInt(value))),
  'option<u8>': layout(bcs.option(bcs.u8()), (value) => value),
  'option<u16>': layout(bcs.option(bcs.u16()), (value) => value),
  'option<string>': layout(bcs.option(bcs.string()), (value) => (value === null ? null : ascii(value))),
};

/** The machine checks that an `ascii::String` is one. */
function ascii(text: string): string {
  for (const character of text) if ((character.codePointAt(0) ?? 0) > 127) throw new RangeError('not ASCII');
  return text;
}

function layout<V, I>(
  type: { parse: (bytes: Uint8Array) => V; serialize: (value: V & I) => { toBytes: () => Uint8Array } },
  convert: (value: V) => Decoded,
): { read: (bytes: Uint8Array) => Decoded; write: (value: never) => Uint8Array } {
  const write = (value: V): Uint8Array => type.serialize(value as V & I).toBytes();
  return {
    // Bytes that do not come out the same when written again had something left over or were not canonical.
    read: (bytes) => {
      const value = type.parse(bytes);
      if (write(value).length !== bytes.length) throw new RangeError('bytes left over');
      return convert(value);
    },
    write: write as (value: never) => Uint8Array,
  };
}

const decodePure = (runtime: Runtime, kind: MachinePure, argument: Argument, index: number): Decoded => {
  const value = runtime.args.read(argument, index);
  if (value.kind !== 'pure') return fail({ kind: 'argument', index, reason: 'TypeMismatch' });
  try {
    return pureLayouts[kind].read(value.bytes);
  } catch {
    return fail({ kind: 'argument', index, reason: 'InvalidBCSBytes' });
  }
};

const decodeParam = (runtime: Runtime, param: MachineParam, argument: Argument, index: number): Decoded => {
  const mismatch = (): never => fail({ kind: 'argument', index, reason: 'TypeMismatch' });
  const { deployment, args } = runtime;
  switch (param.kind) {
    case 'pure':
      return decodePure(runtime, param.pure, argument, index);
    case 'shared': {
      const { id } = draftOf(runtime, args.mutate(argument, index), index);
      const wanted = param.object === 'AtomaDb' ? deployment.atomaDbId : deployment.faucetId;
      return id === wanted ? { objectId: id } : mismatch();
    }
    case 'random': {
      const { id } = draftOf(runtime, args.read(argument, index), index);
      return id === normalizeSuiAddress(RANDOM_OBJECT_ID) ? { objectId: id } : mismatch();
    }
    case 'coin': {
      const { draft, coinType } = coinOf(runtime, args.mutate(argument, index), index);
      return coinType === deployment.coinType ? { objectId: draft.id } : mismatch();
    }
    case 'balance': {
      const value = args.mutate(argument, index);
      return value.kind === 'balance' && value.coinType === deployment.coinType ? value : mismatch();
    }
    case 'badge': {
      const use = param.passing === 'value' ? args.take : param.passing === 'mut' ? args.mutate : args.read;
      const draft = draftOf(runtime, use(argument, index), index);
      return draft.type === dbType(deployment.packageId, param.badge) ? { objectId: draft.id } : mismatch();
    }
  }
};

/** Typed access to the decoded arguments of one call; a wrong name or kind is a bug of the call table. */
export interface CallArguments {
  u64(name: string): bigint;
  number(name: string): number;
  bytes(name: string): Uint8Array;
  list(name: string): readonly bigint[];
  optionalNumber(name: string): number | null;
  optionalText(name: string): string | null;
  optionalU64(name: string): bigint | null;
  text(name: string): string;
  flag(name: string): boolean;
  /** Whether this generation's function has the parameter. */
  has(name: string): boolean;
  objectId(name: string): string;
  money(name: string): BalanceValue;
  /** Number on a badge. */
  badgeNumber(name: string): bigint;
}

/** Decodes all arguments in order. */
export const decodeArguments = (runtime: Runtime, spec: MachineCall, given: readonly Argument[]): CallArguments => {
  if (given.length !== spec.params.length) fail({ kind: 'plain', name: 'ArityMismatch' });
  const values = new Map<string, Decoded>();
  const badges = new Map<string, bigint>();
  spec.params.forEach((param, i) => {
    const argument = given[i];
    if (!argument) return;
    // A badge passed by value leaves the scratch only after the call, so its number can still be read.
    const decoded = decodeParam(runtime, param, argument, i);
    values.set(param.name, decoded);
    if (param.kind === 'badge' && param.badge !== 'AtomaManagerBadge' && isObject(decoded)) {
      const contents = runtime.scratch.get(decoded.objectId)?.contents ?? new Uint8Array();
      badges.set(param.name, G1_OBJECTS.NodeBadge.parse(contents).smallId);
    }
  });
  const want = <V extends Decoded>(name: string, is: (value: Decoded | undefined) => value is V): V => {
    const value = values.get(name);
    if (!is(value)) throw new Error(`${spec.function} has no such parameter ${name}`);
    return value;
  };
  return {
    u64: (name) => want(name, (value): value is bigint => typeof value === 'bigint'),
    number: (name) => want(name, (value): value is number => typeof value === 'number'),
    bytes: (name) => want(name, (value): value is Uint8Array => value instanceof Uint8Array),
    list: (name) => want(name, (value): value is readonly bigint[] => Array.isArray(value)),
    optionalNumber: (name) =>
      want(name, (value): value is number | null => value === null || typeof value === 'number'),
    optionalText: (name) => want(name, (value): value is string | null => value === null || typeof value === 'string'),
    optionalU64: (name) => want(name, (value): value is bigint | null => value === null || typeof value === 'bigint'),
    text: (name) => want(name, (value): value is string => typeof value === 'string'),
    flag: (name) => want(name, (value): value is boolean => typeof value === 'boolean'),
    has: (name) => values.has(name),
    objectId: (name) => want(name, isObject).objectId,
    money: (name) => want(name, isMoney),
    badgeNumber: (name) => badges.get(name) ?? fail({ kind: 'plain', name: 'ArityMismatch' }),
  };
};

const isObject = (value: Decoded | undefined): value is { readonly objectId: string } =>
  typeof value === 'object' && value !== null && 'objectId' in value;

const isMoney = (value: Decoded | undefined): value is BalanceValue =>
  typeof value === 'object' && value !== null && 'coinType' in value;
