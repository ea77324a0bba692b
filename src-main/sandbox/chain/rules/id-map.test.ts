/** The id map against a plain map: same entries after any sequence of changes, and a comparison that finds exactly what differs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdMap, eachChange, idMapOf } from './id-map.ts';

const id = fc.oneof(fc.bigInt(0n, 70n), fc.bigInt(0n, 40_000n), fc.bigInt(0n, 2n ** 49n));
const step = fc.record({ id, value: fc.option(fc.integer(), { nil: null }) });

const play = (steps: readonly { readonly id: bigint; readonly value: number | null }[], start = new IdMap<number>()) =>
  steps.reduce((map, one) => (one.value === null ? map.without(one.id) : map.with(one.id, one.value)), start);

describe('the id map', () => {
  it('holds what a plain map holds, in the order of the ids, and leaves earlier states alone', () => {
    fc.assert(
      fc.property(fc.array(step), fc.array(step), (first, second) => {
        const plain = new Map<bigint, number>();
        for (const one of first) {
          if (one.value === null) plain.delete(one.id);
          else plain.set(one.id, one.value);
        }
        const sorted = [...plain].sort(([a], [b]) => (a < b ? -1 : 1));
        const map = play(first);
        play(second, map);
        expect([...map]).toEqual(sorted);
        expect(map.size).toBe(plain.size);
        for (const { id: asked } of [...first, ...second]) expect(map.get(asked)).toBe(plain.get(asked));
      }),
    );
  });

  it('tells exactly the differences of two states', () => {
    fc.assert(
      fc.property(fc.array(step), fc.array(step), (first, second) => {
        const before = play(first);
        const after = play(second, before);
        const found = new Map<bigint, unknown>();
        eachChange(before, after, (one, old, now) => found.set(one, [old, now]));
        const expected = new Map<bigint, unknown>();
        for (const one of new Set([...before.keys(), ...after.keys()])) {
          if (before.get(one) !== after.get(one)) expected.set(one, [before.get(one), after.get(one)]);
        }
        expect(found).toEqual(expected);
      }),
    );
  });

  it('has no number that no chain gives out as an id, and takes none', () => {
    const map = idMapOf([[1n, 'a']]);
    expect([map.has(2n ** 64n - 1n), map.get(2n ** 60n), map.get(33n)]).toEqual([false, undefined, undefined]);
    expect(() => map.with(2n ** 64n - 1n, 'b')).toThrow(RangeError);
    expect(idMapOf(map)).toBe(map);
    expect(map.without(7n)).toBe(map);
  });
});
