/** Sizes, rates and shortened identifiers to text. */
import { listFormat, numberFormat } from './formatters.ts';

const binary = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Size on disk in decimal units, one decimal: "5.3 MB". */
export function sizeText(bytes: number, locale?: string): string {
  const step = bytes < 1 ? 0 : Math.min(binary.length - 1, Math.floor(Math.log10(bytes) / 3));
  const options: Intl.NumberFormatOptions = {
    style: 'unit',
    unit: binary[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  };
  return numberFormat(locale, options).format(bytes / 1000 ** step);
}

/** Tokens per second, one decimal below ten. */
export const rateText = (perSecond: number, locale?: string): string =>
  numberFormat(locale, { maximumFractionDigits: perSecond < 10 ? 1 : 0 }).format(perSecond);

/** Whole percent of a part, rounded down, 0 for an empty whole, capped at 100. */
export function percentOf(part: bigint, whole: bigint): number {
  if (whole <= 0n) return 0;
  const percent = Number((part * 100n) / whole);
  return Math.min(100, Math.max(0, percent));
}

/** Start and end of a long identifier: "0x12ab…9f01"; short ones stay whole. */
export const shortId = (id: string, keep = 6): string =>
  id.length <= 2 * keep + 1 ? id : `${id.slice(0, keep)}…${id.slice(-4)}`;

/** Name of a model without its owner and revision: "sandbox/tiny-chat@3fa9" is "tiny-chat". */
export const modelName = (id: string): string => (id.split('@')[0] ?? id).split('/').at(-1) ?? id;

/** Small ids in a row: "#1, #2, and #3". */
export const idListText = (ids: readonly bigint[], locale?: string): string =>
  listFormat(locale, { type: 'conjunction' }).format(ids.map((id) => `#${id}`));
