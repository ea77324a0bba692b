/** Pseudo-locales made from the English catalogue: every text in brackets, accented and longer, so that text outside the catalogue and boxes that are too small are seen (product.md, "Rules": all text in one catalogue). */

/** A catalogue: texts by nested keys. */
export type Texts = { readonly [key: string]: string | Texts };

const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
  n: 'ñ',
  c: 'ç',
  y: 'ý',
};
/** What interpolation and markup need untouched. */
const fixed = /(\{\{[^}]*\}\}|<[^>]*>)/;
const growth = 0.35;

/** One text: “Pause” is “⟦Páúsé··⟧”. */
export function pseudoText(text: string): string {
  const accented = text
    .split(fixed)
    .map((part) => (fixed.test(part) ? part : part.replace(/[a-zA-Z]/g, (letter) => accents[letter] ?? letter)))
    .join('');
  // Longer, but with places to break at, as sentences have.
  const more = '·'.repeat(Math.ceil(text.length * growth)).replace(/(·{12})(?=·)/g, '$1 ');
  return `⟦${accented}${more}⟧`;
}

/** A whole catalogue. */
export const pseudoTexts = <T extends Texts>(texts: T): T =>
  Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      typeof value === 'string' ? pseudoText(value) : pseudoTexts(value),
    ]),
  ) as T;
