/** The platform's formatters by locale and choices, each made once: making one costs a hundred times what using it does, and a table uses thousands. Without a locale they write as the operator chose. */
import { formatLocale } from './locale.ts';

/** Keeps what `make` gave for the same locale and choices. */
function kept<Options, Formatter>(
  make: (locale: string | undefined, options: Options) => Formatter,
): (locale: string | undefined, options?: Options) => Formatter {
  const made = new Map<string, Formatter>();
  return (asked, options) => {
    const locale = asked ?? formatLocale();
    const key = `${locale ?? ''} ${options === undefined ? '' : JSON.stringify(options)}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const formatter = make(locale, options as Options);
    made.set(key, formatter);
    return formatter;
  };
}

/** Numbers in the locale's writing. */
export const numberFormat = kept(
  (locale, options: Intl.NumberFormatOptions | undefined) => new Intl.NumberFormat(locale, options),
);
/** Dates and times in the locale's writing and the time zone of the start of the window. */
export const dateFormat = kept(
  (locale, options: Intl.DateTimeFormatOptions | undefined) => new Intl.DateTimeFormat(locale, options),
);
/** Ages in the locale's words. */
export const ageFormat = kept(
  (locale, options: Intl.RelativeTimeFormatOptions | undefined) => new Intl.RelativeTimeFormat(locale, options),
);
/** Lists in the locale's words. */
export const listFormat = kept(
  (locale, options: Intl.ListFormatOptions | undefined) => new Intl.ListFormat(locale, options),
);
