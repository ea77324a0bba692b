/** The languages of the console: one is shipped, another joins as one row and one catalogue; two pseudo-locales show what is not in a catalogue (product.md, "Rules"). */
import { en } from './en.ts';
import { pseudoTexts, type Texts } from './pseudo.ts';

/** A language that can be chosen. */
export type Language = {
  /** BCP 47. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  /** Only tests choose it. */
  readonly isPseudo: boolean;
  readonly texts: () => Texts;
};

/** The first one is spoken where no other fits. */
export const languages: readonly [Language, ...Language[]] = [
  { tag: 'en', direction: 'ltr', isPseudo: false, texts: () => en },
  { tag: 'en-XA', direction: 'ltr', isPseudo: true, texts: () => pseudoTexts(en) },
  { tag: 'ar-XB', direction: 'rtl', isPseudo: true, texts: () => pseudoTexts(en) },
];

const key = 'language';
const primary = (tag: string): string => tag.split('-')[0] ?? tag;

/** The remembered language if there is one, else the first of `preferred` (as a browser lists them) that is shipped, also in another region's writing. */
export function chooseLanguage(remembered: string | null, preferred: readonly string[]): Language {
  const chosen = languages.find((language) => language.tag === remembered);
  if (chosen !== undefined) return chosen;
  const shipped = languages.filter((language) => !language.isPseudo);
  for (const tag of preferred) {
    const found =
      shipped.find((language) => language.tag === tag) ??
      shipped.find((language) => primary(language.tag) === primary(tag));
    if (found !== undefined) return found;
  }
  return languages[0];
}

/** The language of this window, told to the document. */
export function applyLanguage(): Language {
  const language = chooseLanguage(localStorage.getItem(key), navigator.languages);
  document.documentElement.lang = language.tag;
  document.documentElement.dir = language.direction;
  return language;
}
