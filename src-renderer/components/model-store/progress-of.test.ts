/** Percent never says done too early, and no speed is no promise. */
import { describe, expect, it } from 'vitest';
import { modelDownloadSchema } from '../../../src-shared/bridge/model-calls.ts';
import { actOf, leftMs, percentDone } from './progress-of.ts';

describe('a download’s line', () => {
  it.each([
    [0, 10, 0],
    [999, 1_000, 99],
    [1_000, 1_000, 100],
    [0, 0, 100],
    [-1, 10, 0],
  ])('%d of %d is %d %%', (doneBytes, totalBytes, percent) =>
    expect(percentDone({ doneBytes, totalBytes })).toBe(percent),
  );
  it.each([
    [null, null],
    [0, null],
    [100, 5_000],
  ])('at %s a second', (bytesPerSecond, left) =>
    expect(leftMs({ doneBytes: 500, totalBytes: 1_000, bytesPerSecond })).toBe(left),
  );
  it('can be held or moved on in every state', () => {
    expect(modelDownloadSchema.shape.state.options.map((state) => [state, actOf(state)])).toEqual([
      ['queued', 'pause'],
      ['downloading', 'pause'],
      ['waiting', 'pause'],
      ['verifying', 'pause'],
      ['paused', 'resume'],
      ['failed', 'resume'],
    ]);
  });
});
