/** Lines break where nothing was told, stay inside their box, and a lone point is still seen. */
import { describe, expect, it } from 'vitest';
import { sparkPaths } from './sparkline.tsx';

describe('sparkPaths', () => {
  it('breaks at gaps', () =>
    expect(sparkPaths([0, 50, null, 100, 100], 100)).toEqual(['M0.0,38.0L50.0,20.0', 'M150.0,2.0L200.0,2.0']));
  it('draws a lone point as a dot, and nothing for nothing', () => {
    expect(sparkPaths([null, 5, null], 10)).toEqual(['M100.0,20.0h0.1']);
    expect([sparkPaths([], 10), sparkPaths([null], 10)]).toEqual([[], []]);
  });
  it('keeps values over the top inside, and a scale of nothing at the bottom', () => {
    expect(sparkPaths([200, 0], 100)).toEqual(['M0.0,2.0L200.0,38.0']);
    expect(sparkPaths([5, 5], 0)).toEqual(['M0.0,38.0L200.0,38.0']);
  });
});
