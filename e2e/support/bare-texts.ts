/** Finds text on a page that did not come from the pseudo catalogue: it has letters and no brackets around it. */
import type { Page } from '@playwright/test';

/** Dates, ages and units are written by the platform, in the operator's language: in brackets they count as translated. */
export function bracketFormats(): void {
  const wrap = (text: string): string => `⟦${text}⟧`;
  for (const type of [Intl.DateTimeFormat, Intl.NumberFormat] as { prototype: object }[]) {
    const getter = Object.getOwnPropertyDescriptor(type.prototype, 'format')?.get;
    if (getter === undefined) continue;
    Object.defineProperty(type.prototype, 'format', {
      get(this: unknown) {
        const format = getter.call(this) as (...values: unknown[]) => string;
        return (...values: unknown[]): string => {
          const text = format(...values);
          return /\p{L}/u.test(text) ? wrap(text) : text;
        };
      },
    });
  }
  const { formatToParts } = Intl.DateTimeFormat.prototype;
  Intl.DateTimeFormat.prototype.formatToParts = function (...values) {
    const parts = formatToParts.apply(this, values);
    if (!parts.some(({ value }) => /\p{L}/u.test(value))) return parts;
    return [{ type: 'literal', value: '⟦' }, ...parts, { type: 'literal', value: '⟧' }];
  };
  for (const type of [Intl.RelativeTimeFormat, Intl.ListFormat] as {
    prototype: { format(...values: never[]): string };
  }[]) {
    const { format } = type.prototype;
    type.prototype.format = function (this: unknown, ...values) {
      return wrap(format.apply(this, values));
    };
  }
}

/** Identifiers, coins, what stands on the keys, and sentences that the node says in its own language, which the document must mark as such (WCAG 3.1.2). */
const notText = ['code', 'kbd', 'pre', 'option', '[translate="no"]', '.amount-coin', 'body [lang="en"]'];

/** Names that are the same in every language. */
const names = String.raw`(sandbox/)?tiny-\w+(@\w+)?|Sandbox|TOMA|SUI|Node\.js|Electron|Secret Service|linux|\b(ai|wasm)\.\w+`;

/** Texts without brackets, each with the element it stands in. */
export const bareTexts = (page: Page): Promise<string[]> =>
  page.evaluate(
    ([selectors, same]) => {
      const skip = selectors.join(', ');
      /** What stands outside the brackets. */
      const outside = (text: string): string => {
        let rest = text;
        for (let before = ''; before !== rest;) {
          before = rest;
          rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
        }
        return rest;
      };
      const isBare = (text: string): boolean => /\p{L}{2,}/u.test(outside(text).replace(new RegExp(same, 'g'), ''));
      const nameOf = (element: Element): string =>
        `${element.tagName.toLowerCase()}${element.className === '' ? '' : `.${String(element.className)}`}`;
      const found = new Set<string>();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode() !== null) {
        const parent = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent ?? '';
        if (parent === null || parent.closest(`script, style, ${skip}`) !== null) continue;
        if (isBare(text))
          found.add(
            `"${text.trim()}" in ${nameOf(parent)} < ${parent.parentElement === null ? '' : nameOf(parent.parentElement)}`,
          );
      }
      for (const attribute of ['aria-label', 'title', 'placeholder', 'alt']) {
        for (const element of document.querySelectorAll(`[${attribute}]`)) {
          const text = element.getAttribute(attribute) ?? '';
          if (element.closest(skip) === null && isBare(text)) found.add(`${attribute} "${text}" of ${nameOf(element)}`);
        }
      }
      return [...found];
    },
    [notText, names] as const,
  );
