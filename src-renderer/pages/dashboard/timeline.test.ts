/** The bar is always full, in order, and neither longer nor shorter than its time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stretchesOf, timeByState } from './timeline.ts';
import type { Span } from './timeline.ts';

const span = fc.record<Span>({
  state: fc.constantFrom('READY', 'EXECUTING', 'IDLE', 'UNSTAKING'),
  reason: fc.constant('running'),
  fromMs: fc.integer({ min: 0, max: 1000 }),
  untilMs: fc.option(fc.integer({ min: 0, max: 1000 })),
});

describe('stretchesOf', () => {
  it('fills the whole bar without gap, overlap or equal neighbours', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const stretches = stretchesOf(spans, 200, 900);
        expect(stretches[0]?.fromMs).toBe(200);
        expect(stretches.at(-1)?.untilMs).toBe(900);
        for (const [index, stretch] of stretches.entries()) {
          expect(stretch.untilMs).toBeGreaterThan(stretch.fromMs);
          const next = stretches[index + 1];
          if (next === undefined) continue;
          expect(next.fromMs).toBe(stretch.untilMs);
          expect(next.state).not.toBe(stretch.state);
        }
      }),
    );
  });
  it('leaves unknown where the console did not run', () => {
    const stretches = stretchesOf(
      [{ state: 'READY', reason: 'waiting_for_work', fromMs: 400, untilMs: null }],
      0,
      1000,
    );
    expect(stretches).toEqual([
      { state: null, fromMs: 0, untilMs: 400 },
      { state: 'READY', fromMs: 400, untilMs: 1000 },
    ]);
    expect([...timeByState(stretches)]).toEqual([['READY', 600]]);
  });
});
