/** How the cache of a batch lies in memory: rows side by side, every row padded at its end to one capacity; pure (issue: batched decoding, padded cache per slot). */

/** A step of capacity: whole groups of this many entries keep every entry in the lane of the vector unit it has when a request runs alone. */
export const CAPACITY_STEP = 16;

/** Entries a row is given room for when it must hold `entries`: an eighth more, so that moving rows to a larger layout stays rare. 0 stays 0. */
export const capacityFor = (entries: number): number =>
  entries === 0 ? 0 : Math.ceil((entries + Math.max(CAPACITY_STEP / 2, entries / 8)) / CAPACITY_STEP) * CAPACITY_STEP;

/** Arrays are made this much larger than their layout, so that most growing happens in place. */
export const HEADROOM = 1.5;

/** True when rows of `capacity` waste so much on `longest` entries that moving them to a smaller layout pays. */
export const shouldShrink = (capacity: number, longest: number): boolean => capacity > 2 * capacityFor(longest);

/** Where the entries of one head of one row lie, in numbers. */
const offsetOf = (row: number, head: number, heads: number, capacity: number, width: number): number => (row * heads + head) * capacity * width;

/** A typed array of numbers of the cache. */
export type Numbers = Float32Array | Uint16Array;
/** The fixed dimensions of one cache tensor. */
export type Dimensions = { heads: number; width: number };

/**
 * Moves rows from one capacity to another, within one array or into another. `lengths` are the entries each row holds; nothing beyond them is carried.
 * Both arrays must have room for their layout.
 */
export function moveRows(from: Numbers, to: Numbers, { heads, width }: Dimensions, lengths: readonly number[], capacities: { old: number; new: number }): void {
  const blocks = lengths.length * heads;
  const growing = capacities.new > capacities.old;
  for (let n = 0; n < blocks; n++) {
    // In place, growing starts at the end and shrinking at the start: nothing is written over before it was read.
    const block = growing ? blocks - 1 - n : n;
    const [row, head] = [Math.floor(block / heads), block % heads];
    const size = (lengths[row] as number) * width;
    const source = offsetOf(row, head, heads, capacities.old, width);
    const target = offsetOf(row, head, heads, capacities.new, width);
    if (from === to) to.copyWithin(target, source, source + size);
    else to.set(from.subarray(source, source + size), target);
  }
}

/** Writes the entries of one row that lie together (`[heads, length, width]`) into a layout, from entry `at` on. */
export function putRow(to: Numbers, { heads, width }: Dimensions, capacity: number, row: number, entries: Numbers, at = 0): void {
  const length = entries.length / (heads * width);
  for (let head = 0; head < heads; head++) {
    to.set(entries.subarray(head * length * width, (head + 1) * length * width), offsetOf(row, head, heads, capacity, width) + at * width);
  }
}

/** Copies a whole row over another: the last one takes the place of one that left. */
export function copyRow(numbers: Numbers, { heads, width }: Dimensions, capacity: number, from: number, to: number): void {
  const size = heads * capacity * width;
  numbers.copyWithin(to * size, from * size, (from + 1) * size);
}

/**
 * Appends one entry to every row. `added` is `[rows, heads, entries, width]`, of which entry `take(row)` is the new one.
 * Written out number by number: a view per head costs more than the copy itself.
 */
export function appendEntries(to: Numbers, { heads, width }: Dimensions, capacity: number, lengths: readonly number[], added: Numbers, entries: number, take: (row: number) => number): void {
  for (let row = 0; row < lengths.length; row++) {
    for (let head = 0; head < heads; head++) {
      const target = offsetOf(row, head, heads, capacity, width) + (lengths[row] as number) * width;
      const source = offsetOf(row, head, heads, entries, width) + take(row) * width;
      for (let i = 0; i < width; i++) to[target + i] = added[source + i] as number;
    }
  }
}

/** The attention mask of a step: for each row its entries, the empty places, and the step's own entry at the end. */
export function fillMask(mask: BigInt64Array, lengths: readonly number[], capacity: number): void {
  const stride = capacity + 1;
  lengths.forEach((length, row) => {
    mask.fill(1n, row * stride, row * stride + length);
    mask.fill(0n, row * stride + length, row * stride + capacity);
    mask[row * stride + capacity] = 1n;
  });
}
