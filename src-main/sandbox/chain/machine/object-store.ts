/** The live objects in memory, indexed by owner and type, with each owner's balances kept as objects come and go; the database is their durable copy. */
import { coinBalance, coinTypeOf } from './chain-object.ts';
import type { ChainObject, ObjectOwner } from './chain-object.ts';
import { createSortedIds } from './sorted-ids.ts';
import type { SortedIds } from './sorted-ids.ts';

/** Reads and replaces live objects. */
export interface ObjectStore {
  get(id: string): ChainObject | null;
  /** Objects owned by an address or filed under a parent id, by object id, from behind `after` on; of one exact type if named. */
  ownedBy(kind: 'address' | 'object', id: string, options?: OwnedOptions): Iterable<ChainObject>;
  /** Sum of an address's coins by coin type; types of which it has no coin are absent. */
  balancesOf(address: string): ReadonlyMap<string, bigint>;
  all(): Iterable<ChainObject>;
  put(object: ChainObject): void;
  remove(id: string): void;
}

/** Narrows a listing. */
export interface OwnedOptions {
  readonly type?: string;
  /** Object id behind which the listing begins; it need not exist any more. */
  readonly after?: string;
}

const ownerKey = (owner: ObjectOwner): string | null => {
  if (owner.kind === 'shared') return null;
  return owner.kind === 'address' ? `address ${owner.address}` : `object ${owner.id}`;
};

/** Keys under which an object is found: its owner and, for an address, its owner and type. */
const indexKeys = ({ owner, type }: ChainObject): readonly string[] => {
  const key = ownerKey(owner);
  if (key === null) return [];
  return owner.kind === 'address' ? [key, `${key} ${type}`] : [key];
};

/** Sums and counts of coins, by address and coin type. */
const createBalances = () => {
  const owners = new Map<string, Map<string, { readonly sum: bigint; readonly coins: number }>>();
  const count = (object: ChainObject, sign: 1 | -1): void => {
    const coinType = object.owner.kind === 'address' ? coinTypeOf(object.type) : null;
    if (coinType === null || object.owner.kind !== 'address') return;
    const held = owners.get(object.owner.address) ?? new Map<string, { sum: bigint; coins: number }>();
    const { sum, coins } = held.get(coinType) ?? { sum: 0n, coins: 0 };
    if (coins + sign === 0) held.delete(coinType);
    else held.set(coinType, { sum: sum + BigInt(sign) * coinBalance(object), coins: coins + sign });
    owners.set(object.owner.address, held);
  };
  const of = (address: string): ReadonlyMap<string, bigint> =>
    new Map([...(owners.get(address) ?? [])].map(([coinType, { sum }]) => [coinType, sum]));
  return { count, of };
};

/** Creates a store holding `initial`. */
export function createObjectStore(initial: Iterable<ChainObject>): ObjectStore {
  const objects = new Map<string, ChainObject>();
  const index = new Map<string, SortedIds>();
  const balances = createBalances();
  // The same few type texts on every object; one copy of each is enough.
  const types = new Map<string, string>();

  const unlink = (object: ChainObject): void => {
    balances.count(object, -1);
    for (const key of indexKeys(object)) {
      const ids = index.get(key);
      ids?.remove(object.id);
      if (ids?.size() === 0) index.delete(key);
    }
  };
  const link = (object: ChainObject): void => {
    balances.count(object, 1);
    for (const key of indexKeys(object)) {
      const ids = index.get(key) ?? createSortedIds();
      ids.add(object.id);
      index.set(key, ids);
    }
  };
  const put = (object: ChainObject): void => {
    const known = types.get(object.type) ?? object.type;
    types.set(known, known);
    const before = objects.get(object.id);
    const after = known === object.type ? { ...object, type: known } : object;
    objects.set(object.id, after);
    if (before && indexKeys(before).join() === indexKeys(after).join()) {
      balances.count(before, -1);
      balances.count(after, 1);
      return;
    }
    if (before) unlink(before);
    link(after);
  };
  for (const object of initial) put(object);

  const owned = function* (key: string, after: string): Generator<ChainObject> {
    for (const id of index.get(key)?.after(after) ?? []) {
      const object = objects.get(id);
      if (object) yield object;
    }
  };
  return {
    get: (id) => objects.get(id) ?? null,
    ownedBy: (kind, id, { type, after = '' } = {}) => {
      if (type === undefined) return owned(`${kind} ${id}`, after);
      if (kind === 'address') return owned(`address ${id} ${type}`, after);
      return [...owned(`object ${id}`, after)].filter((object) => object.type === type);
    },
    balancesOf: balances.of,
    all: () => objects.values(),
    put,
    remove: (id) => {
      const object = objects.get(id);
      if (!object) return;
      unlink(object);
      objects.delete(id);
    },
  };
}
