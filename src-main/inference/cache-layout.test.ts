/** Tables and properties of the cache layout: moving, putting, appending and masking keep every entry. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAPACITY_STEP, appendEntries, capacityFor, copyRow, fillMask, moveRows, putRow, shouldShrink } from './cache-layout.ts';

describe('capacityFor', () => {
  it.each([[0, 0], [1, 16], [8, 16], [9, 32], [100, 128], [1_000, 1_136]])('%i entries get %i', (entries, capacity) => expect(capacityFor(entries)).toBe(capacity));
  it('has room, stays whole groups, never shrinks with more entries, and wastes little', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (entries) => {
        const capacity = capacityFor(entries);
        expect(capacity).toBeGreaterThan(entries);
        expect(capacity % CAPACITY_STEP).toBe(0);
        expect(capacityFor(entries + 1)).toBeGreaterThanOrEqual(capacity);
        expect(capacity).toBeLessThanOrEqual(entries * 1.125 + 2 * CAPACITY_STEP);
        expect(shouldShrink(capacity, entries)).toBe(false);
      }),
    );
  });
});

const shape = fc.record({ heads: fc.integer({ min: 1, max: 3 }), width: fc.integer({ min: 1, max: 4 }) });
const lengthLists = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 });
/** A number that tells row, head and entry. */
const mark = (row: number, head: number, entry: number, i: number): number => ((row + 1) * 10 + head) * 1_000 + entry * 10 + i;

type Shape = { heads: number; width: number };
function filled({ heads, width }: Shape, lengths: readonly number[], capacity: number, room: number): Float32Array {
  const numbers = new Float32Array(room).fill(-1);
  lengths.forEach((length, row) => {
    const entries = Float32Array.from({ length: heads * length * width }, (_, n) => mark(row, Math.floor(n / (length * width)), Math.floor(n / width) % Math.max(1, length), n % width));
    putRow(numbers, { heads, width }, capacity, row, entries);
  });
  return numbers;
}
function expectRows(numbers: Float32Array, { heads, width }: Shape, lengths: readonly number[], capacity: number, rowOf = (row: number): number => row): void {
  lengths.forEach((length, row) => {
    for (let head = 0; head < heads; head++)
      for (let entry = 0; entry < length; entry++)
        for (let i = 0; i < width; i++) expect(numbers[((row * heads + head) * capacity + entry) * width + i]).toBe(mark(rowOf(row), head, entry, i));
  });
}

describe('rows', () => {
  it('keep their entries when they move to another capacity, in place and elsewhere', () => {
    fc.assert(
      fc.property(shape, lengthLists, fc.integer({ min: 40, max: 60 }), fc.integer({ min: 40, max: 60 }), fc.boolean(), (dims, lengths, old, next, inPlace) => {
        const room = lengths.length * dims.heads * dims.width * Math.max(old, next);
        const from = filled(dims, lengths, old, room);
        const to = inPlace ? from : new Float32Array(room);
        moveRows(from, to, dims, lengths, { old, new: next });
        expectRows(to, dims, lengths, next);
      }),
    );
  });
  it('take the place of another', () => {
    const dims = { heads: 2, width: 3 };
    const numbers = filled(dims, [4, 2, 7], 8, 3 * 2 * 3 * 8);
    copyRow(numbers, dims, 8, 2, 0);
    expectRows(numbers, dims, [7, 2], 8, (row) => [2, 1][row] as number);
  });
  it.each([
    ['an output of its own', 1, () => 0],
    ['the end of the whole cache', 9, () => 8],
    ['behind the entries of the row', 9, (row: number) => [5, 0, 3][row] as number],
  ])('grow by one entry from %s', (_, entries, take) => {
    const dims = { heads: 2, width: 3 };
    const lengths = [5, 0, 3];
    const numbers = filled(dims, lengths, 8, 3 * 2 * 3 * 8);
    const added = new Float32Array(3 * 2 * entries * 3).fill(-7);
    lengths.forEach((length, row) => {
      for (let head = 0; head < 2; head++) for (let i = 0; i < 3; i++) added[((row * 2 + head) * entries + take(row)) * 3 + i] = mark(row, head, length, i);
    });
    appendEntries(numbers, dims, 8, lengths, added, entries, take);
    expectRows(numbers, dims, [6, 1, 4], 8);
  });
});

describe('the mask', () => {
  it('shows the entries of each row and the new one, and nothing else', () => {
    const mask = new BigInt64Array(2 * 6).fill(9n);
    fillMask(mask, [2, 5], 5);
    expect([...mask]).toEqual([1n, 1n, 0n, 0n, 0n, 1n, 1n, 1n, 1n, 1n, 1n, 1n]);
  });
});
