/** The live objects in memory with an index by owner; the database is their durable copy. */
import type { ChainObject, ObjectOwner } from './chain-object.ts';

/** Reads and replaces live objects. */
export interface ObjectStore {
  get(id: string): ChainObject | null;
  /** Objects owned by an address or filed under a parent id, by object id. */
  ownedBy(kind: 'address' | 'object', id: string): readonly ChainObject[];
  all(): Iterable<ChainObject>;
  put(object: ChainObject): void;
  remove(id: string): void;
}

const indexKey = (owner: ObjectOwner): string | null => {
  if (owner.kind === 'shared') return null;
  return owner.kind === 'address' ? `address ${owner.address}` : `object ${owner.id}`;
};

const byId = (a: ChainObject, b: ChainObject): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Creates a store holding `initial`. */
export function createObjectStore(initial: Iterable<ChainObject>): ObjectStore {
  const objects = new Map<string, ChainObject>();
  const owned = new Map<string, Map<string, ChainObject>>();

  const unlink = (object: ChainObject): void => {
    const key = indexKey(object.owner);
    if (key !== null) owned.get(key)?.delete(object.id);
  };
  const put = (object: ChainObject): void => {
    const before = objects.get(object.id);
    if (before) unlink(before);
    objects.set(object.id, object);
    const key = indexKey(object.owner);
    if (key === null) return;
    const siblings = owned.get(key) ?? new Map<string, ChainObject>();
    owned.set(key, siblings.set(object.id, object));
  };
  for (const object of initial) put(object);

  return {
    get: (id) => objects.get(id) ?? null,
    ownedBy: (kind, id) => [...(owned.get(`${kind} ${id}`)?.values() ?? [])].sort(byId),
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
