/** A map from small ids to values that is never changed in place and shares what two states have in common (issue 3, item 7: 100,000 stacks). */

const BITS = 5;
const WIDTH = 2 ** BITS;
/** Numbers from here on are no ids that this chain gives out; they are never in the map. */
const LIMIT = 2n ** 50n;

/** A level of the tree: at the lowest level values, above it nodes. */
type Slots = readonly unknown[];
interface Tree {
  readonly root: Slots;
  /** Levels; a tree of `depth` holds ids below 32 to that power. */
  readonly depth: number;
  readonly size: number;
}

const EMPTY: Tree = { root: [], depth: 1, size: 0 };
const capacity = (depth: number): number => WIDTH ** depth;
const place = (id: number, level: number): number => Math.floor(id / WIDTH ** level) % WIDTH;

const copyWith = (slots: Slots, at: number, value: unknown): Slots => {
  const copy = slots.slice();
  while (copy.length < at) copy.push(undefined);
  copy[at] = value;
  return copy;
};

const setIn = (slots: Slots, level: number, id: number, value: unknown): Slots => {
  const at = place(id, level);
  if (level === 0) return copyWith(slots, at, value);
  return copyWith(slots, at, setIn((slots[at] as Slots | undefined) ?? [], level - 1, id, value));
};

const getIn = (tree: Tree, id: bigint): unknown => {
  if (id < 0n || id >= LIMIT) return undefined;
  const number = Number(id);
  if (number >= capacity(tree.depth)) return undefined;
  let slots: Slots | undefined = tree.root;
  for (let level = tree.depth - 1; level > 0 && slots; level -= 1)
    slots = slots[place(number, level)] as Slots | undefined;
  return slots?.[place(number, 0)];
};

/** The same tree with as many levels as asked for; the old root is the first child of the new ones. */
const lifted = (tree: Tree, depth: number): Tree => {
  let grown = tree;
  while (grown.depth < depth) grown = { ...grown, root: [grown.root], depth: grown.depth + 1 };
  return grown;
};

function* walk(slots: Slots, level: number, first: number): Generator<[bigint, unknown], undefined> {
  for (const [at, slot] of slots.entries()) {
    if (slot === undefined) continue;
    const id = first + at * WIDTH ** level;
    if (level === 0) yield [BigInt(id), slot];
    else yield* walk(slot as Slots, level - 1, id);
  }
  return undefined;
}

/** The map. Values are anything but undefined; entries come in the order of their ids. A copy with one change costs a few small arrays. */
export class IdMap<V> implements ReadonlyMap<bigint, V> {
  readonly #tree: Tree;
  constructor(tree: Tree = EMPTY) {
    this.#tree = tree;
  }
  get size(): number {
    return this.#tree.size;
  }
  get(id: bigint): V | undefined {
    return getIn(this.#tree, id) as V | undefined;
  }
  has(id: bigint): boolean {
    return getIn(this.#tree, id) !== undefined;
  }
  /** This map with one entry set. Throws RangeError for a number that cannot be an id. */
  with(id: bigint, value: V): IdMap<V> {
    if (id < 0n || id >= LIMIT) throw new RangeError(`${id} is not an id`);
    let depth = this.#tree.depth;
    while (Number(id) >= capacity(depth)) depth += 1;
    const { root, size } = lifted(this.#tree, depth);
    return new IdMap({ root: setIn(root, depth - 1, Number(id), value), depth, size: this.has(id) ? size : size + 1 });
  }
  /** This map without one entry. */
  without(id: bigint): IdMap<V> {
    if (!this.has(id)) return this;
    const { root, depth, size } = this.#tree;
    return new IdMap({ root: setIn(root, depth - 1, Number(id), undefined), depth, size: size - 1 });
  }
  *entries(): Generator<[bigint, V], undefined> {
    return yield* walk(this.#tree.root, this.#tree.depth - 1, 0) as Generator<[bigint, V], undefined>;
  }
  *keys(): Generator<bigint, undefined> {
    for (const [id] of this.entries()) yield id;
    return undefined;
  }
  *values(): Generator<V, undefined> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }
  [Symbol.iterator](): Generator<[bigint, V], undefined> {
    return this.entries();
  }
  forEach(visit: (value: V, id: bigint, map: ReadonlyMap<bigint, V>) => void): void {
    for (const [id, value] of this) visit(value, id, this);
  }
  /** Calls back for each id whose value differs by identity from `after`'s; parts that both share are not walked. */
  eachChange(after: IdMap<V>, visit: (id: bigint, before: V | undefined, after: V | undefined) => void): void {
    const depth = Math.max(this.#tree.depth, after.#tree.depth);
    const compare = (old: Slots, now: Slots, level: number, first: number): void => {
      if (old === now) return;
      for (let at = 0; at < Math.max(old.length, now.length); at += 1) {
        if (old[at] === now[at]) continue;
        const id = first + at * WIDTH ** level;
        if (level === 0) visit(BigInt(id), old[at] as V | undefined, now[at] as V | undefined);
        else compare((old[at] as Slots | undefined) ?? [], (now[at] as Slots | undefined) ?? [], level - 1, id);
      }
    };
    compare(lifted(this.#tree, depth).root, lifted(after.#tree, depth).root, depth - 1, 0);
  }
}

/** Any map as an IdMap; one that is one already is given back. */
export const idMapOf = <V>(entries: ReadonlyMap<bigint, V> | Iterable<readonly [bigint, V]>): IdMap<V> => {
  if (entries instanceof IdMap) return entries as IdMap<V>;
  let map = new IdMap<V>();
  for (const [id, value] of entries) map = map.with(id, value);
  return map;
};

/** Calls back for each id whose value differs by identity between two maps. */
export const eachChange = <V>(
  before: ReadonlyMap<bigint, V>,
  after: ReadonlyMap<bigint, V>,
  visit: (id: bigint, before: V | undefined, after: V | undefined) => void,
): void => {
  if (before !== after) idMapOf(before).eachChange(idMapOf(after), visit);
};
