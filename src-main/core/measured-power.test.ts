/** Readings become energy by state and quarter without loss; gaps stay estimated, and nothing is made up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanWatts, measuredBetween, quarterMs, withPower } from './measured-power.ts';

const second = 1_000;
const given = { estimate: 400, rest: 50 };
const quarter = { fromMs: 0, untilMs: quarterMs };
const covered = (coveredMs: number, watts: number) => new Map([[0, { coveredMs, millijoules: BigInt(coveredMs * watts) }]]);

describe('measuredBetween', () => {
  it('takes the mean power, cut by state and quarter', () => {
    const at = quarterMs - 2 * second;
    const states = [
      { state: 'READY', fromMs: 0, untilMs: at + second },
      { state: 'EXECUTING', fromMs: at + second, untilMs: quarterMs * 2 },
    ];
    expect(measuredBetween({ atMs: at, watts: 100 }, { atMs: at + 5 * second, watts: 200 }, states)).toEqual([
      { quarterMs: 0, state: 'READY', coveredMs: second, millijoules: 150_000n },
      { quarterMs: 0, state: 'EXECUTING', coveredMs: second, millijoules: 150_000n },
      { quarterMs, state: 'EXECUTING', coveredMs: 3 * second, millijoules: 450_000n },
    ]);
  });
  it.each([
    ['a gap', 31 * second],
    ['a clock that was set back', -second],
    ['the same moment', 0],
  ])('says nothing of %s', (_, length) => expect(measuredBetween({ atMs: 100_000, watts: 1 }, { atMs: 100_000 + length, watts: 1 }, [{ state: 'READY', fromMs: 0, untilMs: 1e9 }])).toEqual([]));
  it('covers exactly the time of the states', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 * quarterMs }), fc.integer({ min: 1, max: 30 * second }), fc.array(fc.integer({ min: 0, max: 30 * second }), { maxLength: 5 }), (fromMs, length, cuts) => {
        const bounds = [0, ...[...cuts].sort((a, b) => a - b).map((cut) => fromMs + cut), fromMs + length + 7];
        const states = bounds.slice(1).map((untilMs, at) => ({ state: at, fromMs: bounds[at] ?? 0, untilMs }));
        const parts = measuredBetween({ atMs: fromMs, watts: 80 }, { atMs: fromMs + length, watts: 80 }, states);
        expect(parts.reduce((sum, part) => sum + part.coveredMs, 0)).toBe(length);
        expect(parts.reduce((sum, part) => sum + part.millijoules, 0n)).toBe(BigInt(80 * length));
      }),
    );
  });
});

describe('withPower', () => {
  it.each([
    ['nothing measured', new Map(), given, 400_000, 0],
    ['all of it', covered(quarterMs, 200), given, 250_000, 1],
    ['all but a moment', covered(quarterMs - 59 * second, 200), given, 250_000, 1],
    ['a third', covered(quarterMs / 3, 200), given, 350_000, 250 / 3 / 350],
    ['all of it, without an estimate', covered(quarterMs, 200), { estimate: null, rest: 0 }, 200_000, 1],
    ['a third, without an estimate', covered(quarterMs / 3, 200), { estimate: null, rest: 0 }, null, 0],
    ['nothing, without an estimate', new Map(), { estimate: null, rest: 0 }, null, 0],
    ['idle cards', covered(quarterMs / 3, 0), { estimate: 0, rest: 0 }, 0, 0],
  ])('%s', (_, measured, watts, milliwatts, share) => {
    const [found] = withPower([quarter], measured, watts);
    expect(found).toMatchObject({ ...quarter, milliwatts });
    expect(found?.measured).toBeCloseTo(share, 6);
  });
  it('estimates the quarters that nothing is known of', () => {
    const found = withPower([{ fromMs: quarterMs / 2, untilMs: 3 * quarterMs }], covered(quarterMs / 2, 200), given);
    expect(found.map(({ fromMs, milliwatts, measured }) => [fromMs, milliwatts, measured])).toEqual([[quarterMs / 2, 250_000, 1], [quarterMs, 400_000, 0], [2 * quarterMs, 400_000, 0]]);
  });
  it('shares a quarter among its stretches', () => {
    const found = withPower([{ fromMs: 0, untilMs: second }, { fromMs: 5 * second, untilMs: 6 * second }], covered(2 * second, 100), given);
    expect(found.map(({ milliwatts }) => milliwatts)).toEqual([150_000, 150_000]);
  });
});

it('means what was measured', () => {
  expect(meanWatts(covered(3 * second, 70))).toBe(70);
  expect(meanWatts(new Map())).toBeNull();
});
