/** Whatever the form lets through, the contract takes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calls } from '../../../src-shared/bridge/index.ts';
import {
  attestorCounts,
  demandLimits,
  drawChances,
  epochLengthOf,
  epochLengths,
  readDemand,
  readDemandField,
  rolesToOffer,
  switchTask,
} from './dials.ts';
import type { DemandField } from './dials.ts';

describe('demand', () => {
  it.each(Object.entries(demandLimits) as [DemandField, readonly [number, number]][])(
    '%s keeps its limits',
    (field, [min, max]) => {
      expect(readDemandField(field, String(min))).toBe(min);
      expect(readDemandField(field, String(max))).toBe(max);
      expect(readDemandField(field, String(min - 1))).toBeNull();
      expect(readDemandField(field, String(max + 1))).toBeNull();
      for (const text of ['', '1.5', '-1', '1e3', 'x']) expect(readDemandField(field, text)).toBeNull();
    },
  );
  it('is refused here whenever the contract would refuse it', () => {
    const text = fc.integer({ min: 0, max: 20_000_000 }).map(String);
    fc.assert(
      fc.property(fc.record({ buyers: text, requestsPerMinute: text, stackUnits: text, price: text }), (fields) => {
        const demand = readDemand(fields, { running: true, taskSmallIds: [1, 2], functions: true });
        if (demand !== null) expect(calls['sandbox.setDemand'].input.safeParse(demand).success).toBe(true);
      }),
    );
    expect(
      readDemand(
        { buyers: '2', requestsPerMinute: '30', stackUnits: '2000', price: '100' },
        { running: false, taskSmallIds: [1], functions: true },
      ),
    ).toEqual({
      running: false,
      buyers: 2,
      requestsPerMinute: 30,
      stackUnits: 2000,
      price: 100,
      taskSmallIds: [1],
      functions: true,
    });
    expect(
      readDemand(
        { buyers: '2', requestsPerMinute: '30', stackUnits: '2000', price: '100' },
        { running: true, taskSmallIds: [], functions: false },
      ),
    ).toBeNull();
  });
});

describe('kinds of work', () => {
  const task = (role: number, isDeprecated = false) => ({ role, model: 'a/b', isDeprecated });
  it('can be offered where no task asks for them', () => {
    expect(rolesToOffer([task(0), task(1), task(4, true), { ...task(5), model: null }])).toEqual([2, 3, 4, 5]);
    for (const role of rolesToOffer([]))
      expect(calls['sandbox.offerRole'].input.safeParse({ role }).success).toBe(true);
  });
});

describe('epoch lengths', () => {
  it.each(epochLengths)('%s is taken by the contract', (value) => {
    expect(calls['sandbox.setEpochLength'].input.safeParse({ epochLengthMs: epochLengthOf(value) }).success).toBe(true);
  });
});

describe('sampling consensus', () => {
  it('offers only what the contract of the call takes', () => {
    for (const probabilityPermille of drawChances)
      for (const extraNodes of attestorCounts)
        expect(calls['sandbox.setAttestations'].input.safeParse({ probabilityPermille, extraNodes }).success).toBe(
          true,
        );
  });
  it.each([
    [[1], 2, true, [1, 2]],
    [[2, 1], 1, false, [2]],
    [[2], 1, true, [1, 2]],
    [[1], 1, true, [1]],
    [[1], 1, false, null],
  ] as const)('%j with task %i switched to %s is %j', (chosen, task, on, next) => {
    expect(switchTask(chosen, task, on)).toEqual(next);
  });
});
