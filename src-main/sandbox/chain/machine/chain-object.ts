/** An object of the chain: owner, version, type, contents, and its digest over the platform's BCS form. */
import { bcs } from '@mysten/sui/bcs';
import { normalizeStructTag, parseStructTag } from '@mysten/sui/utils';
import { G1_OBJECTS, coinObjectType } from '../../../../src-shared/atoma/index.ts';
import { digestOf } from './hashing.ts';

/** Who may use an object. `object`: a child filed under a parent id. */
export type ObjectOwner =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'object'; readonly id: string }
  | { readonly kind: 'shared'; readonly initialVersion: bigint };

/** An object before its version is known: what a command writes. */
export interface ObjectDraft {
  readonly id: string;
  /** Full type string with 64-digit addresses. */
  readonly type: string;
  readonly owner: ObjectOwner;
  readonly contents: Uint8Array;
}

/** A live object. `storageRebate` in MIST is what its storage cost. */
export interface ChainObject extends ObjectDraft {
  readonly version: bigint;
  readonly digest: string;
  readonly previousTransaction: string;
  readonly storageRebate: bigint;
}

const coinPrefix = coinObjectType('0x2::sui::SUI').split('<')[0] ?? '';

/** Coin type of a `Coin<T>` type string, or null for any other type. */
export const coinTypeOf = (type: string): string | null =>
  type.startsWith(`${coinPrefix}<`) ? type.slice(coinPrefix.length + 1, -1) : null;

/** Amount in a coin object; its type must be a coin. */
export const coinBalance = (object: ObjectDraft): bigint => G1_OBJECTS.Coin.parse(object.contents).balance;

/** A coin object's draft. */
export const coinDraft = (id: string, coinType: string, balance: bigint, owner: ObjectOwner): ObjectDraft => ({
  id,
  type: coinObjectType(coinType),
  owner,
  contents: G1_OBJECTS.Coin.serialize({ id, balance }).toBytes(),
});

/** The owner in the form of the SDK's BCS. */
export const ownerToBcs = (owner: ObjectOwner) => {
  if (owner.kind === 'address') return { AddressOwner: owner.address };
  if (owner.kind === 'object') return { ObjectOwner: owner.id };
  return { Shared: { initialSharedVersion: owner.initialVersion } };
};

const storable = new Set([
  'Coin',
  'CoinMetadata',
  'Publisher',
  'NodeBadge',
  'TaskBadge',
  'StackBadge',
  'AtomaManagerBadge',
  'Task',
  'StackSettlementTicket',
  'SettlementTicket',
  'ModelEntry',
]);

/** Whether TransferObjects may move it: its type has `store`. */
export const isTransferable = (type: string): boolean => storable.has(parseStructTag(type).name);

const moveType = (type: string) => {
  const coin = coinTypeOf(type);
  if (coin === normalizeStructTag('0x2::sui::SUI')) return { GasCoin: true as const };
  if (coin !== null) return { Coin: coin };
  return { Other: bcs.StructTag.parse(bcs.TypeTag.serialize(type).toBytes().slice(1)) };
};

/** The part of an object's BCS that its type alone decides; a chain has few types and 100,000 objects of some of them. */
const heads = new Map<string, Uint8Array>();
const MAX_HEADS = 1_000;
const VERSION_AND_REST = 8 + 1 + 1 + 32 + 1 + 32 + 8;

/** `Object` up to `has_public_transfer`: an empty object's bytes less what follows. */
const headOf = (type: string): Uint8Array => {
  const known = heads.get(type);
  if (known) return known;
  const whole = bcs.Object.serialize({
    data: {
      Move: { type: moveType(type), hasPublicTransfer: isTransferable(type), version: 0n, contents: new Uint8Array() },
    },
    owner: { AddressOwner: `0x${'0'.repeat(64)}` },
    previousTransaction: '1'.repeat(32),
    storageRebate: 0n,
  }).toBytes();
  const head = whole.slice(0, whole.length - VERSION_AND_REST);
  if (heads.size >= MAX_HEADS) heads.clear();
  heads.set(type, head);
  return head;
};

/** Length of an object's type in its BCS, part of its size for gas. */
export const typeBytes = (type: string): number => headOf(type).length - 2;

const rest = bcs.struct('ObjectAfterType', {
  version: bcs.u64(),
  contents: bcs.byteVector(),
  owner: bcs.Owner,
  previousTransaction: bcs.ObjectDigest,
  storageRebate: bcs.u64(),
});

/** The whole object as BCS, the form its digest is taken of. */
export const objectBcs = (object: Omit<ChainObject, 'digest'>): Uint8Array => {
  const { version, contents, previousTransaction, storageRebate } = object;
  const owner = ownerToBcs(object.owner);
  const tail = rest.serialize({ version, contents, owner, previousTransaction, storageRebate }).toBytes();
  const head = headOf(object.type);
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
};

/** Completes a draft into a live object. */
export const seal = (
  draft: ObjectDraft,
  stamp: { readonly version: bigint; readonly previousTransaction: string; readonly storageRebate: bigint },
): ChainObject => {
  const object = { id: draft.id, type: draft.type, owner: draft.owner, contents: draft.contents, ...stamp };
  return { ...object, digest: digestOf('Object', objectBcs(object)) };
};
