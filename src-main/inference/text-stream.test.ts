/** Tests of streamed text: whole characters only, stop strings across tokens, chunks joined equal the content. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextStream } from './text-stream.ts';

/** All deltas of a byte sequence, taken after every token, and whether a stop came. */
function stream(tokens: readonly Uint8Array[], stops: readonly string[]): { deltas: string[]; stopped: boolean } {
  const text = createTextStream(stops);
  const deltas: string[] = [];
  let stopped = false;
  for (const token of tokens) {
    stopped = text.push(token);
    deltas.push(text.take());
    if (stopped) break;
  }
  text.end();
  deltas.push(text.take());
  return { deltas, stopped };
}
const bytes = (text: string): Uint8Array[] => [...new TextEncoder().encode(text)].map((b) => Uint8Array.of(b));

describe('createTextStream', () => {
  it('never shows half a character', () => {
    const { deltas } = stream(bytes('aé€😀'), []);
    expect(deltas.filter((d) => d !== '')).toEqual(['a', 'é', '€', '😀']);
  });
  it('shows bytes that are no UTF-8 as the replacement character, also at the end', () => {
    expect(stream([Uint8Array.of(0xff), Uint8Array.of(0x61), Uint8Array.of(0xe2, 0x82)], []).deltas.join('')).toBe(
      '\ufffda\ufffd',
    );
  });
  it('keeps a byte order mark', () => {
    expect(stream(bytes('\ufeffx'), []).deltas.join('')).toBe('\ufeffx');
  });
  it.each([
    ['one, two; three', ['; '], 'one, two', true],
    ['one, two', ['two!'], 'one, two', false],
    ['aab', ['ab'], 'a', true],
    ['xENDy', ['D', 'END'], 'x', true],
    ['x😀y', ['😀'], 'x', true],
    ['x😀y', ['\ude00'], 'x😀y', false],
    ['abc', [''], 'abc', false],
  ])('ends %j at the first of %j', (text, stops, content, stopped) => {
    const got = stream(bytes(text), stops);
    expect([got.deltas.join(''), got.stopped]).toEqual([content, stopped]);
  });
  it('joins to what a decoder and a search over the whole would give, however it is cut', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), minLength: 1, maxLength: 3 });
    const long = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), maxLength: 30 });
    fc.assert(
      fc.property(long, fc.array(short, { maxLength: 3 }), (text, stops) => {
        const found = stops.map((s) => text.indexOf(s)).filter((at) => at >= 0);
        const { deltas, stopped } = stream(bytes(text), stops);
        // Cutting ends with the first stop that is complete, so the whole of what was kept is a beginning without a stop.
        const content = deltas.join('');
        expect(stopped).toBe(found.length > 0);
        expect(text.startsWith(content)).toBe(true);
        expect(stops.some((s) => content.includes(s))).toBe(false);
        if (!stopped) expect(content).toBe(text);
        expect(deltas.every((d) => !/[\ud800-\udfff]/u.test(d))).toBe(true);
      }),
    );
  });
});
