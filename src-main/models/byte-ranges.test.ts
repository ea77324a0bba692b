/** Ranges stay in order and apart; gaps cover exactly what is missing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRange, bytesIn, nextGap, within, type ByteRange } from './byte-ranges.ts';

const size = 40;
const rangeArb = fc.tuple(fc.nat(size), fc.nat(size)).map(([a, b]): ByteRange => [Math.min(a, b), Math.max(a, b)]);
const places = (ranges: readonly ByteRange[]): Set<number> => new Set(ranges.flatMap(([start, end]) => Array.from({ length: end - start }, (_, index) => start + index)));

describe('byte ranges', () => {
  it('hold what was added, in order and apart', () => {
    fc.assert(
      fc.property(fc.array(rangeArb), (added) => {
        const ranges = added.reduce<ByteRange[]>(addRange, []);
        expect(places(ranges)).toEqual(places(added));
        expect(bytesIn(ranges)).toBe(places(added).size);
        ranges.slice(1).forEach(([start], index) => expect(start).toBeGreaterThan(ranges[index]![1]));
      }),
    );
  });
  it('are filled up gap by gap, each once', () => {
    fc.assert(
      fc.property(fc.array(rangeArb), fc.integer({ min: 1, max: 9 }), (added, maxBytes) => {
        let ranges = added.reduce<ByteRange[]>(addRange, []);
        for (let gap = nextGap(size, ranges, maxBytes); gap !== null; gap = nextGap(size, ranges, maxBytes)) {
          expect(gap[1] - gap[0]).toBeGreaterThan(0);
          expect(gap[1] - gap[0]).toBeLessThanOrEqual(maxBytes);
          const before = bytesIn(ranges);
          ranges = addRange(ranges, gap);
          expect(bytesIn(ranges)).toBe(before + gap[1] - gap[0]);
        }
        expect(bytesIn(within(ranges, size))).toBe(size);
      }),
    );
  });
});
