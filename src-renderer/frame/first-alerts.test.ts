import { describe, expect, it } from 'vitest';
import { firstAlerts } from './first-alerts.ts';

const alertsOf = (codes: string): { code: string; id: string }[] =>
  [...codes].map((code, index) => ({ code, id: `${code}${index}` }));

describe('firstAlerts', () => {
  it.each([
    ['dddddlc', 4, ['d0', 'd1', 'l5', 'c6']],
    ['ddl', 4, ['d0', 'd1', 'l2']],
    ['dddddd', 4, ['d0', 'd1', 'd2', 'd3']],
    ['abcdefa', 4, ['a0', 'b1', 'c2', 'd3']],
    ['', 4, []],
  ])('of %s shows with room for %d: %o', (codes, room, shown) =>
    expect(firstAlerts(alertsOf(codes), room).map(({ id }) => id)).toEqual(shown),
  );
});
