/** A set of object ids that is read in order from any place, for pages by cursor among 100,000 entries (issue 3, item 7). */

/** The set. */
export interface SortedIds {
  add(id: string): void;
  remove(id: string): void;
  size(): number;
  /** The ids greater than `id`, in order. */
  after(id: string): Iterable<string>;
}

/** Creates an empty set. */
export function createSortedIds(): SortedIds {
  const ids: string[] = [];
  // Loading adds in any order; sorting waits until somebody reads.
  let fresh: string[] = [];

  /** Place of the first id that is not less. */
  const placeOf = (id: string): number => {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ids[middle] ?? '') < id) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const insert = (id: string): void => {
    const at = placeOf(id);
    if (ids[at] !== id) ids.splice(at, 0, id);
  };
  const settle = (): void => {
    if (fresh.length === 0) return;
    if (fresh.length * 8 < ids.length) {
      for (const id of fresh) insert(id);
    } else {
      const all = [...new Set([...ids, ...fresh])].sort();
      ids.length = 0;
      for (const id of all) ids.push(id);
    }
    fresh = [];
  };

  return {
    add: (id) => void fresh.push(id),
    remove: (id) => {
      settle();
      const at = placeOf(id);
      if (ids[at] === id) ids.splice(at, 1);
    },
    size: () => ids.length + fresh.length,
    *after(id) {
      settle();
      const at = placeOf(id);
      // A copy-free walk: the reader of a page stops before anything changes.
      for (let place = ids[at] === id ? at + 1 : at; place < ids.length; place += 1) yield ids[place] ?? '';
    },
  };
}
