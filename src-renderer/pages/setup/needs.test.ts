/** Unknown is neither enough nor too little, and steps open in order. */
import { describe, expect, it } from 'vitest';
import { canOpen, covers, setupSteps, shownStep, stepStatus } from './needs.ts';

describe('covers', () => {
  it.each([
    [null, 5n, null],
    [5n, null, null],
    [5n, 5n, true],
    [4n, 5n, false],
    [0n, 0n, true],
  ])('%s of %s', (have, need, expected) => expect(covers(have, need)).toBe(expected));
});

describe('steps', () => {
  const setup = { current: 'machine' as const, finished: ['network' as const, 'key' as const] };
  it('follows the first unfinished step unless one is looked back at', () => {
    expect(shownStep(setup, null)).toBe('machine');
    expect(shownStep(setup, 'network')).toBe('network');
    expect(shownStep({ current: null }, null)).toBe('start');
  });
  it('opens what is finished and what is next, nothing further', () => {
    expect(setupSteps.filter((step) => canOpen(setup, step))).toEqual(['network', 'key', 'machine']);
  });
  it('marks each step', () => {
    expect(setupSteps.map((step) => stepStatus(setup, step))).toEqual([
      'done',
      'done',
      'current',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ]);
  });
});
