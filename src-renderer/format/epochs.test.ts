/** Epochs left are counted down to nothing, and unknown where one side is. */
import { describe, expect, it } from 'vitest';
import { epochsLeft } from './epochs.ts';

describe('epochsLeft', () => {
  it.each([
    [7n, 5n, 2],
    [5n, 6n, 0],
    [null, 5n, null],
  ])('until %s in %s', (disputeSettledAtEpoch, epoch, left) =>
    expect(epochsLeft({ disputeSettledAtEpoch, epoch })).toBe(left),
  );
});
