/** A window comes back where it was, unless that place is gone. */
import { describe, expect, it } from 'vitest';
import { boundsOnDisplays, type Bounds } from './window-bounds.ts';

const first: Bounds = { x: 0, y: 24, width: 1440, height: 976 };
const second: Bounds = { x: 1440, y: 0, width: 1920, height: 1080 };
const at = (x: number, y: number, width = 900, height = 700): Bounds => ({ x, y, width, height });

describe('boundsOnDisplays', () => {
  it.each<[string, Bounds, Bounds[], Bounds | null]>([
    ['as it was', at(10, 40), [first], at(10, 40)],
    ['on the second display', at(1500, 40), [first, second], at(1500, 40)],
    ['the second display is gone', at(1500, 40), [first], null],
    ['a corner that can be grasped', at(1300, 40), [first], at(1300, 40)],
    ['a corner too small to grasp', at(1400, 40), [first], null],
    ['its title above the display', at(10, -30), [first], null],
    ['below the display', at(10, 990), [first], null],
    ['larger than its display', at(0, 24, 4000, 3000), [first], at(0, 24, 1440, 976)],
    ['no display at all', at(0, 24), [], null],
  ])('%s', (_, bounds, areas, expected) => expect(boundsOnDisplays(bounds, areas)).toEqual(expected));
});
