/** Whose writing numbers and dates have: the system's until the operator wants that of the language (product.md, "Rules": numbers and dates by locale). */

let chosen: string | undefined;

/** Locale of every number and date without one of its own; undefined is the system's. */
export const formatLocale = (): string | undefined => chosen;

/** Sets it for all that is written from now on. */
export const setFormatLocale = (locale: string | undefined): void => {
  chosen = locale;
};
