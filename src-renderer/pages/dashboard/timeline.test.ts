/** The bar is always full, in order, and neither longer nor shorter than its time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notableChanges, resample, stretchesOf, timeByState } from './timeline.ts';
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

describe('resample', () => {
  it('covers the same time in order, with known states only where there were some', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), fc.integer({ min: 1, max: 60 }), (spans, count) => {
        const stretches = stretchesOf(spans, 200, 900);
        const parts = resample(stretches, count);
        expect(parts[0]?.fromMs).toBe(200);
        expect(parts.at(-1)?.untilMs).toBeCloseTo(900);
        for (const [index, part] of parts.entries()) {
          const next = parts[index + 1];
          if (next !== undefined) expect([next.fromMs, next.state === part.state]).toEqual([part.untilMs, false]);
          const held = stretches.some(
            (stretch) => stretch.state === part.state && stretch.fromMs < part.untilMs && stretch.untilMs > part.fromMs,
          );
          expect(held).toBe(true);
        }
        const known = stretches.some((stretch) => stretch.state !== null);
        expect(parts.some((part) => part.state !== null)).toBe(known);
      }),
    );
  });
  it('shows a node that turns every second as what it mostly was', () => {
    const spans = Array.from({ length: 100 }, (_, index): Span => ({
      state: index % 2 === 0 ? 'EXECUTING' : 'READY',
      reason: 'running',
      fromMs: index * 10,
      untilMs: index * 10 + (index % 2 === 0 ? 9 : 10),
    }));
    expect(resample(stretchesOf(spans, 0, 1000), 10).length).toBeLessThan(4);
  });
});

describe('notableChanges', () => {
  const at = (state: Span['state'], fromMs: number): Span => ({ state, reason: 'running', fromMs, untilMs: null });
  it('joins turns between READY and EXECUTING and keeps everything else, newest first', () => {
    const changes = notableChanges([
      at('IDLE', 1),
      at('READY', 2),
      at('EXECUTING', 3),
      at('READY', 4),
      at('IDLE', 5),
      at('UNSTAKING', 6),
    ]);
    expect(changes.map(({ state, fromMs }) => [state, fromMs])).toEqual([
      ['UNSTAKING', 6],
      ['IDLE', 5],
      ['READY', 2],
      ['IDLE', 1],
    ]);
  });
});
