/** Countdowns stop at zero and unknown stays unknown; only the exact word counts. */
import { describe, expect, it } from 'vitest';
import { epochsToUnlock, isTyped, msUntil } from './countdown.ts';

describe('epochsToUnlock', () => {
  it.each([
    [9n, 5n, 4],
    [9n, 9n, 0],
    [9n, 12n, 0],
    [null, 5n, null],
    [9n, null, null],
  ])('unlocks at %s in epoch %s', (collateralUnlocksAtEpoch, epoch, left) =>
    expect(epochsToUnlock({ collateralUnlocksAtEpoch }, epoch)).toBe(left),
  );
});

describe('msUntil', () => {
  it.each([
    [1_500, 500],
    [900, 0],
    [null, null],
  ])('%s', (atMs, left) => expect(msUntil(atMs, 1_000)).toBe(left));
});

describe('isTyped', () => {
  it.each([
    ['LEAVE', true],
    ['leave', false],
    ['LEAVE ', false],
    ['', false],
  ])('%j', (text, typed) => expect(isTyped(text)).toBe(typed));
});
