/** The languages of the console: one is shipped, another joins as one row and one catalogue; two pseudo-locales show what is not in a catalogue (product.md, "Rules"). */
import type { LanguageChoice } from '../../src-shared/bridge/views.ts';
import { setFormatLocale } from '../format/locale.ts';
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
const formatsKey = 'language.formats';
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

/** What was chosen here before, for the first paint; the node keeps it and says it afterwards. */
export const rememberedChoice = (): LanguageChoice => ({
  tag: localStorage.getItem(key),
  formats: localStorage.getItem(formatsKey) === 'language' ? 'language' : 'system',
});

/** The language of a choice, told to the document and to what writes numbers and dates; remembered here for the next first paint. */
export function applyLanguage({ tag, formats }: LanguageChoice): Language {
  const language = chooseLanguage(tag, navigator.languages);
  document.documentElement.lang = language.tag;
  document.documentElement.dir = language.direction;
  setFormatLocale(formats === 'language' ? language.tag : undefined);
  if (tag === null) localStorage.removeItem(key);
  else localStorage.setItem(key, tag);
  localStorage.setItem(formatsKey, formats);
  return language;
}

/** Languages to choose from: a pseudo-locale is shown in development, where it was asked for, and where it is spoken. */
export const offeredLanguages = (spoken: string | null): readonly Language[] => {
  const showsPseudo = import.meta.env.DEV || localStorage.getItem('language.pseudo') === 'on';
  return languages.filter(({ isPseudo, tag }) => !isPseudo || showsPseudo || tag === spoken);
};

/** Name of a language as its speakers write it. */
export const languageName = (tag: string): string => new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
