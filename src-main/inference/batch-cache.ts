/** The key-value cache of requests that decode together: rows are taken and given up at any step, and memory follows the rows there are (issue: batched decoding). */
import type { Tensor } from 'onnxruntime-node';
import { HEADROOM, type Numbers, appendEntries, capacityFor, copyRow, fillMask, moveRows, putRow, shouldShrink } from './cache-layout.ts';
import type { CacheSlot, DecodeModel } from './loaded-model.ts';

/** The cache of one prompt after its prefill: for each cache tensor its entries, `[heads, length, width]`. */
export type PrefilledRow = { length: number; entries: readonly Numbers[] };

/** Rows of a cache; their order changes when one leaves: the last takes its place. */
export type BatchCache = {
  rows(): number;
  /** Adds a row at the end. */
  insert(row: PrefilledRow): void;
  /** Gives up a row; the last row takes its number. `wipe`: it may hold what is no number, which must not reach others. */
  remove(row: number, wipe: boolean): void;
  /** The next run's inputs: one token for each row. */
  feeds(tokens: readonly number[]): Record<string, Tensor>;
  /** Takes what the run with these feeds added. */
  append(outputs: Readonly<Record<string, Tensor>>): void;
};

/** Float16Array where the engine knows it, else its bits. */
type Half = new (length: number) => Numbers;
const halfArray: Half = (globalThis as unknown as { Float16Array?: Half }).Float16Array ?? Uint16Array;
/** Numbers of a cache tensor's type. */
export const numbersOf = (type: CacheSlot['type'], length: number): Numbers => (type === 'float32' ? new Float32Array(length) : new halfArray(length));

/** Rows of the arrays: doubled when more are needed, so that joining one by one does not move everything each time. */
const roomFor = (rows: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, rows)));

/** Creates an empty cache of a model. */
export function createBatchCache({ ort, cache }: DecodeModel): BatchCache {
  const lengths: number[] = [];
  let capacity = 0;
  let arrays: Numbers[] = cache.map(({ type }) => numbersOf(type, 0));
  let mask = new BigInt64Array(0);

  const longest = (): number => lengths.reduce((most, length) => Math.max(most, length), 0);
  /** Lays the rows out for `next` entries each, with room for `rows` of them. */
  const layOut = (rows: number, next: number): void => {
    const sizes = cache.map(({ heads, width }) => roomFor(rows) * heads * next * width);
    arrays = arrays.map((from, i) => {
      const { type } = cache[i] as CacheSlot;
      const size = sizes[i] as number;
      // Kept while it fits and is not far too large.
      const to = from.length >= size && from.length <= 4 * size ? from : numbersOf(type, Math.ceil(size * HEADROOM));
      moveRows(from, to, cache[i] as CacheSlot, lengths, { old: capacity, new: next });
      return to;
    });
    capacity = next;
    if (mask.length < roomFor(rows) * (capacity + 1)) mask = new BigInt64Array(roomFor(rows) * (capacity + 1));
  };
  const refill = (): void => fillMask(mask, lengths, capacity);

  return {
    rows: () => lengths.length,
    insert: ({ length, entries }) => {
      const needed = Math.max(capacity, capacityFor(Math.max(longest(), length)));
      if (needed !== capacity || roomFor(lengths.length) !== roomFor(lengths.length + 1) || lengths.length === 0) layOut(lengths.length + 1, needed);
      arrays.forEach((array, i) => putRow(array, cache[i] as CacheSlot, capacity, lengths.length, entries[i] as Numbers));
      lengths.push(length);
      refill();
    },
    remove: (row, wipe) => {
      const last = lengths.length - 1;
      arrays.forEach((array, i) => {
        const slot = cache[i] as CacheSlot;
        if (wipe) array.fill(0, row * slot.heads * capacity * slot.width, (row + 1) * slot.heads * capacity * slot.width);
        if (row !== last) copyRow(array, slot, capacity, last, row);
      });
      const moved = lengths.pop() as number;
      if (row !== last) lengths[row] = moved;
      if (lengths.length === 0) {
        arrays = cache.map(({ type }) => numbersOf(type, 0));
        capacity = 0;
      } else if (shouldShrink(capacity, longest())) layOut(lengths.length, capacityFor(longest()));
      refill();
    },
    feeds: (tokens) => {
      const rows = lengths.length;
      if (longest() >= capacity) {
        layOut(rows, capacityFor(longest() + 1));
        refill();
      }
      const feeds: Record<string, Tensor> = {
        input_ids: new ort.Tensor('int64', BigInt64Array.from(tokens, BigInt), [rows, 1]),
        attention_mask: new ort.Tensor('int64', mask.subarray(0, rows * (capacity + 1)), [rows, capacity + 1]),
        position_ids: new ort.Tensor('int64', BigInt64Array.from(lengths, BigInt), [rows, 1]),
      };
      cache.forEach(({ past, heads, width, type }, i) => {
        const array = (arrays[i] as Numbers).subarray(0, rows * heads * capacity * width);
        feeds[past] = new ort.Tensor(type, array as Float32Array, [rows, heads, capacity, width]);
      });
      return feeds;
    },
    append: (outputs) => {
      cache.forEach((slot, i) => {
        const tensor = outputs[slot.added.output] as Tensor;
        const entries = tensor.dims[2] as number;
        const at = slot.added.at;
        const take = at === 'own' ? () => 0 : at === 'end' ? () => entries - 1 : (row: number) => lengths[row] as number;
        appendEntries(arrays[i] as Numbers, slot, capacity, lengths, tensor.data as Numbers, entries, take);
      });
      for (let row = 0; row < lengths.length; row++) {
        mask[row * (capacity + 1) + (lengths[row] as number)] = 1n;
        lengths[row] = (lengths[row] as number) + 1;
      }
    },
  };
}
