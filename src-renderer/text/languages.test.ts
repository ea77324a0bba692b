/** The language follows what was chosen, then what the browser prefers; pseudo texts keep their gaps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { startText } from './i18n.ts';
import { chooseLanguage, languages } from './languages.ts';
import { pseudoText, pseudoTexts } from './pseudo.ts';

describe('chooseLanguage', () => {
  it.each([
    [null, ['en-GB', 'de'], 'en'],
    [null, ['de', 'en-US'], 'en'],
    [null, ['tlh'], 'en'],
    [null, [], 'en'],
    ['en-XA', ['en'], 'en-XA'],
    ['ar-XB', ['en'], 'ar-XB'],
    ['xx', ['en'], 'en'],
    // A browser that prefers Arabic is not given a pseudo-locale.
    [null, ['ar'], 'en'],
  ])('%s with %j is %s', (remembered, preferred, tag) => expect(chooseLanguage(remembered, preferred).tag).toBe(tag));
  it('has every language once', () => expect(new Set(languages.map(({ tag }) => tag)).size).toBe(languages.length));
});

describe('pseudo texts', () => {
  it('keep gaps and markup, and are longer than the text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('{{count}}', '<b>', '{{name}}'))), (parts) => {
        const text = parts.join('');
        const pseudo = pseudoText(text);
        expect(pseudo.length).toBeGreaterThan(text.length + 1);
        expect(pseudo.match(/\{\{[^}]*\}\}/g)).toEqual(text.match(/\{\{[^}]*\}\}/g));
      }),
    );
  });
  it('have the keys of the catalogue', () => expect(Object.keys(pseudoTexts(en))).toEqual(Object.keys(en)));
  it('are spoken once they are chosen', () => {
    const pseudo = languages.find(({ tag }) => tag === 'en-XA');
    expect(startText(pseudo).t('page.wallet')).toBe('⟦Wállét···⟧');
    expect(startText().t('page.wallet')).toBe('Wallet');
  });
});
