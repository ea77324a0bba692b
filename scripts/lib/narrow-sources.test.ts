/** Code in ASCII does what it did before. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowSource } from './narrow-sources.ts';

describe('narrow sources', () => {
  it('are ASCII and keep every string, template and pattern', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const plain = text.replace(/[\\`'"$/[\](){}*+?.^|\n\r]/g, '');
        const code = narrowSource(`['${plain}', \`${plain}\`, /^(?:${plain})$/u.test('${plain}')]`, 'x');
        expect(code).toMatch(/^[\0-\x7f]*$/);
        expect(runInNewContext(code)).toEqual([plain, plain, true]);
      }),
    );
  });
  it('refuses what would change its meaning', () => {
    expect(() => narrowSource("'\\…'", 'chunk.cjs')).toThrow('chunk.cjs');
  });
});
