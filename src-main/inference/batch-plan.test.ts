/** Tables and properties of the batch's decisions: who begins, how far prompts move, who runs alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREFILL_TOKENS, admitted, mustRunAlone, prefillShares, worstBytes } from './batch-plan.ts';

const claim = (worstEntries: number, alone = false) => ({ worstEntries, alone });
const limits = { maxRows: 4, cacheBytes: 15_000, bytesPerEntry: 10 };

describe('admitted', () => {
  it.each([
    ['nobody waits', [], [], 0],
    ['room for all', [claim(100)], [claim(100), claim(100)], 2],
    ['as many as there are rows', [claim(10), claim(10)], [claim(10), claim(10), claim(10)], 2],
    ['one far too large, as nobody runs', [], [claim(1e9), claim(10)], 1],
    ['not the large one, nor anybody behind it', [claim(10)], [claim(5_000), claim(10)], 0],
    ['a long one pads all others', [claim(100), claim(100)], [claim(400)], 0],
    ['alone it pads nobody', [claim(100), claim(100)], [claim(400, true)], 1],
  ])('%s', (_, running, waiting, expected) => expect(admitted(running, waiting, limits)).toBe(expected));
  it('never goes over the memory with more than one, and always lets one run', () => {
    const claims = fc.array(fc.record({ worstEntries: fc.integer({ min: 1, max: 500 }), alone: fc.boolean() }), { maxLength: 6 });
    fc.assert(
      fc.property(claims, claims, (running, waiting) => {
        const count = admitted(running, waiting, limits);
        const all = [...running, ...waiting.slice(0, count)];
        if (count > 0 && all.length > 1) expect(worstBytes(all, limits.bytesPerEntry)).toBeLessThanOrEqual(limits.cacheBytes);
        if (running.length === 0 && waiting.length > 0) expect(count).toBeGreaterThan(0);
        if (count > 0) expect(all.length).toBeLessThanOrEqual(limits.maxRows);
      }),
    );
  });
});

describe('prefillShares', () => {
  const of = (prompt: number, done = 0) => ({ done, prompt });
  it.each([
    [[], []],
    [[of(40)], [40]],
    [[of(40), of(80), of(200), of(5)], [40, 80, 0, 0]],
    [[of(1_000)], [PREFILL_TOKENS]],
    [[of(1_000, 256), of(5)], [PREFILL_TOKENS, 0]],
    [[of(300, 256), of(5)], [44, 5]],
  ])('%j', (newcomers, shares) => expect(prefillShares(newcomers)).toEqual(shares));
  it('moves the first on, spends no more than a turn, and cuts every prompt at the same places whoever else is there', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }), (prompts) => {
        const state = prompts.map((prompt) => ({ prompt, done: 0, cuts: [] as number[] }));
        for (let turn = 0; turn < 200 && state.some(({ done, prompt }) => done < prompt); turn++) {
          const left = state.filter(({ done, prompt }) => done < prompt);
          const shares = prefillShares(left);
          expect(shares[0]).toBeGreaterThan(0);
          expect(shares.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(PREFILL_TOKENS);
          left.forEach((one, i) => {
            if (shares[i] === 0) return;
            one.done += shares[i] as number;
            one.cuts.push(one.done);
          });
        }
        for (const { prompt, cuts } of state) {
          expect(cuts.at(-1)).toBe(prompt);
          expect(cuts.slice(0, -1)).toEqual(Array.from({ length: cuts.length - 1 }, (_, i) => (i + 1) * PREFILL_TOKENS));
        }
      }),
    );
  });
});

describe('mustRunAlone', () => {
  it.each([
    ['exact', true, false],
    ['exact', false, false],
    ['close', true, true],
    ['close', false, false],
    ['none', true, true],
    ['none', false, true],
  ] as const)('%s, exact %s: %s', (batching, exact, expected) => expect(mustRunAlone(batching, exact)).toBe(expected));
});
