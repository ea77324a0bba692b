/** The pure parts of the bench command: percentiles, interleaving, the judgement and the shape of its JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { judge, tableOf, type Measurement } from './figure.ts';
import { busyShare } from './quiet-machine.ts';
import { interleave, median, percentile } from './statistics.ts';

describe('percentile', () => {
  it.each([
    [[5], 0.99, 5],
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2],
    [[4, 1, 3, 2], 0, 1],
    [[4, 1, 3, 2], 1, 4],
    [Array.from({ length: 100 }, (_, i) => i + 1), 0.99, 99],
  ])('of %j at %d is %d', (values, share, expected) => expect(percentile(values, share)).toBe(expected));
  it('is a value that at least the share does not exceed', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = percentile(values, share);
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length);
      }),
    );
  });
  it('needs values', () => expect(() => median([])).toThrow(RangeError));
});

describe('busyShare', () => {
  it.each([
    [{ busyMs: 10, allMs: 100 }, { busyMs: 10, allMs: 600 }, 0],
    [{ busyMs: 10, allMs: 100 }, { busyMs: 135, allMs: 600 }, 0.25],
    [{ busyMs: 10, allMs: 100 }, { busyMs: 510, allMs: 600 }, 1],
    [{ busyMs: 10, allMs: 100 }, { busyMs: 10, allMs: 100 }, 0],
  ])('from %j to %j is %d', (before, now, share) => expect(busyShare(before, now)).toBe(share));
});

describe('interleave', () => {
  it('runs everything in every round, in alternating order', async () => {
    const order: string[] = [];
    const times = await interleave(3, { a: () => void order.push('a'), b: async () => void order.push('b') });
    expect(order.join('')).toBe('abbaab');
    expect([times.a.length, times.b.length]).toEqual([3, 3]);
  });
});

const measured: Measurement = { name: 'x', value: 2, unit: 'ms', reference: 1, budget: 3, of: 'ratio', direction: 'below', note: 'n' };

describe('judge', () => {
  it.each<[Partial<Measurement>, { ratio: number | null; ok: boolean }]>([
    [{}, { ratio: 2, ok: true }],
    [{ value: 3 }, { ratio: 3, ok: false }],
    [{ value: 0.97, budget: 0.97, direction: 'at least' }, { ratio: 0.97, ok: true }],
    [{ value: 0.96, budget: 0.97, direction: 'at least' }, { ratio: 0.96, ok: false }],
    [{ of: 'value', value: 2.9 }, { ratio: null, ok: true }],
    [{ of: 'value', value: 3, reference: null }, { ratio: null, ok: false }],
    [{ reference: 0 }, { ratio: Number.NaN, ok: false }],
    [{ reference: null, direction: 'at least' }, { ratio: Number.NaN, ok: false }],
    [{ of: 'value', value: Number.NaN }, { ratio: null, ok: false }],
  ])('%j', (change, expected) => expect(judge({ ...measured, ...change })).toMatchObject(expected));
  it('judges before it rounds', () => {
    const figure = judge({ ...measured, value: 2.999_99 });
    expect(figure).toMatchObject({ ratio: 3, ok: true });
  });
  it('has the keys of the JSON file', () => {
    expect(Object.keys(JSON.parse(JSON.stringify(judge(measured)))).sort()).toEqual(['budget', 'direction', 'name', 'note', 'ok', 'ratio', 'reference', 'unit', 'value']);
  });
});

describe('the table', () => {
  it('shows each figure, what missed, and each note once', () => {
    const lines = tableOf([judge(measured), judge({ ...measured, name: 'longer name', value: 9, reference: null, of: 'value' })]);
    expect(lines[1]).toMatch(/^x +2 ms +1 ms +2 +below 3 × +ok$/);
    expect(lines[2]).toMatch(/^longer name +9 ms +– +– +below 3 ms +MISSED$/);
    expect(lines.filter((line) => line === '· n')).toHaveLength(1);
  });
});

describe('arguments', () => {
  it.each([
    [[], { jsonFile: null, only: null }],
    [['--json', 'a.json'], { jsonFile: 'a.json', only: null }],
    [['--only', 'x,y', '--json', 'a'], { jsonFile: 'a', only: ['x', 'y'] }],
    [['--only', 'z'], 'there is no benchmark z; there are x, y'],
    [['--json'], '--json needs a value'],
    [['--only', '--json'], '--only needs a value'],
    [['--fast'], 'unknown argument --fast'],
  ])('%j', (args, expected) => expect(readArguments(args, ['x', 'y'])).toEqual(expected));
});
