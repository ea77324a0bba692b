/** Tests of the sampler: ties, range, known sequence, top-p, temperature, repeatability. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Logits, argmax, createPicker, sampleToken, seededRandom } from './sampler.ts';

const logits = (...values: number[]): Logits => ({ data: Float32Array.from(values), offset: 0, length: values.length });

describe('argmax', () => {
  it('takes the largest, the lowest id among equals, inside its window', () => {
    expect(argmax(logits(1, 3, 3, 2))).toBe(1);
    expect(argmax({ data: Float32Array.from([9, 1, 2, 9]), offset: 1, length: 2 })).toBe(1);
    expect(argmax(logits(-Infinity, -5))).toBe(1);
  });
  it('says so when nothing is a number', () => {
    expect(argmax(logits(NaN, NaN))).toBe(-1);
    expect(argmax(logits(NaN, -2))).toBe(1);
  });
});

describe('seededRandom', () => {
  it('gives the recorded sequence of Mulberry32', () => {
    const random = seededRandom(1);
    const bits = [random(), random(), random()].map((x) => x * 2 ** 32);
    expect(bits).toEqual([2693262067, 11749833, 2265367787]);
  });
  it('takes the seed modulo 2³² and stays in [0, 1)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
        const [a, b] = [seededRandom(seed), seededRandom(seed + 2 ** 32)];
        const x = a();
        return x === b() && x >= 0 && x < 1;
      }),
    );
  });
});

describe('sampleToken', () => {
  it('splits the draw in proportion to the softmax', () => {
    const even = logits(0, 0, 0, 0);
    expect([0, 0.25, 0.5, 0.999].map((draw) => sampleToken(even, 1, 1, draw))).toEqual([0, 1, 2, 3]);
    const skewed = logits(Math.log(1), Math.log(3));
    expect([0.2, 0.3].map((draw) => sampleToken(skewed, 1, 1, draw))).toEqual([0, 1]);
  });
  it('keeps only the smallest set that reaches top-p', () => {
    const values = logits(Math.log(5), Math.log(4), Math.log(1));
    const reached = (topP: number) =>
      new Set(Array.from({ length: 100 }, (_, i) => sampleToken(values, 1, topP, i / 100)));
    expect(reached(0.4)).toEqual(new Set([0]));
    expect(reached(0.85)).toEqual(new Set([0, 1]));
    expect(reached(0.95)).toEqual(new Set([0, 1, 2]));
  });
  it('agrees with a nucleus that is found by sorting everything', () => {
    const slow = (values: number[], topP: number, draw: number): number => {
      const data = Float32Array.from(values);
      const peak = Math.max(...data);
      const weighted = [...data].map((v, id) => ({ id, w: Math.exp(v - peak) }));
      const total = weighted.reduce((s, x) => s + x.w, 0);
      weighted.sort((a, b) => b.w - a.w || a.id - b.id);
      let sum = 0;
      const kept = weighted.filter((x) => {
        const in_ = sum < topP * total;
        sum += x.w;
        return in_;
      });
      let left = draw * kept.reduce((s, x) => s + x.w, 0);
      return kept.find((x) => (left -= x.w) < 0)?.id ?? (kept[0] as { id: number }).id;
    };
    const cases = fc.tuple(
      fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
    );
    fc.assert(
      fc.property(cases, ([values, topP, draw]) => {
        expect(sampleToken(logits(...values), 1, topP, draw)).toBe(slow(values, topP, draw));
      }),
    );
  });
});

describe('createPicker', () => {
  it('repeats itself for a seed, and is greedy at temperature 0', () => {
    const values = logits(1, 1.1, 0.9, 1);
    const sequence = (seed: number) => {
      const pick = createPicker({ kind: 'seeded', seed, temperature: 1, topP: 1 });
      return Array.from({ length: 40 }, () => pick(values));
    };
    expect(sequence(5)).toEqual(sequence(5));
    expect(sequence(5)).not.toEqual(sequence(6));
    const cold = createPicker({ kind: 'seeded', seed: 5, temperature: 0, topP: 1 });
    expect(cold(values)).toBe(1);
  });
});
