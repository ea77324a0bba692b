/** The text catalogue: one language shipped, others join as one file each (product.md, "Rules"). */
import i18next from 'i18next';
import type { i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { LanguageChoice } from '../../src-shared/bridge/views.ts';
import { applyLanguage, languages, type Language } from './languages.ts';

/** Starts the catalogue of a language; resolves before the first paint because nothing is fetched. */
export function startText(language: Language = languages[0]): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: language.tag,
    fallbackLng: languages[0].tag,
    resources: {
      [languages[0].tag]: { translation: languages[0].texts() },
      [language.tag]: { translation: language.texts() },
    },
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
    showSupportNotice: false,
  } as Parameters<i18n['init']>[0]);
  return instance;
}

/** Goes on in another language, or with another writing of numbers and dates: everything on the screen is written anew. */
export async function speak(text: i18n, choice: LanguageChoice): Promise<void> {
  const language = applyLanguage(choice);
  text.addResourceBundle(language.tag, 'translation', language.texts());
  await text.changeLanguage(language.tag);
}
