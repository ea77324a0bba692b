/** Times, ages and durations to text by locale (product.md, "Rules"). */
import { ageFormat, dateFormat, numberFormat } from './formatters.ts';

const parts: readonly [Intl.RelativeTimeFormatUnit & string, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

const unitText = (
  value: number,
  unit: string,
  locale: string | undefined,
  display: 'short' | 'narrow' | 'long',
): string =>
  numberFormat(locale, { style: 'unit', unit, unitDisplay: display, maximumFractionDigits: 0 }).format(value);

/** Length of time in its two largest units, rounded down: "2 hr 5 min"; below a second "0 sec". */
export function durationText(ms: number, locale?: string): string {
  let rest = Math.max(0, ms);
  const shown: string[] = [];
  for (const [unit, size] of parts) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && shown.length < 2) shown.push(unitText(count, unit, locale, 'short'));
    else if (shown.length > 0) break;
  }
  return shown.length === 0 ? unitText(0, 'second', locale, 'short') : shown.join(' ');
}

/** Work time of a stage: milliseconds below ten seconds, else as a duration. */
export function workTimeText(ms: number, locale?: string): string {
  if (ms >= 10_000) return durationText(ms, locale);
  return unitText(Math.round(ms), 'millisecond', locale, 'short');
}

/** How long ago, in one unit: "2 min. ago"; a time ahead of the clock counts as now. */
export function agoText(atMs: number, nowMs: number, locale?: string): string {
  const format = ageFormat(locale, { numeric: 'auto', style: 'short' });
  const age = Math.max(0, nowMs - atMs);
  for (const [unit, size] of parts) if (age >= size) return format.format(-Math.floor(age / size), unit);
  return format.format(0, 'second');
}

/** A line may end between day and time of day, but inside neither: "1:43:01" without its "AM" is another time. */
function unbroken(format: Intl.DateTimeFormat, atMs: number): string {
  const written = format.formatToParts(atMs);
  const time = written.findIndex(({ type }) => type === 'hour' || type === 'dayPeriod');
  return written
    .map(({ type, value }, index) =>
      type === 'literal' && index !== time - 1 ? value.replaceAll(/\s/gu, '\u00a0') : value,
    )
    .join('');
}

/** Date and time of day, to the second. */
export const dateTimeText = (atMs: number, locale?: string): string =>
  unbroken(dateFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }), atMs);

/** Time of day for today, date and time for other days. */
export function shortTimeText(atMs: number, nowMs: number, locale?: string): string {
  const sameDay = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return unbroken(
    dateFormat(locale, sameDay ? { timeStyle: 'medium' } : { dateStyle: 'short', timeStyle: 'short' }),
    atMs,
  );
}

/** Day, for axes and tables: "21 Nov". */
export const dayText = (atMs: number, locale?: string): string =>
  dateFormat(locale, { day: 'numeric', month: 'short' }).format(atMs);

/** Day of the week and time of day, for what comes within a week: "Mon 22:00". */
export const weekTimeText = (atMs: number, locale?: string): string =>
  dateFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(atMs);

/** Hour of the day, for axes: "14:00". */
export const hourText = (atMs: number, locale?: string): string =>
  dateFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(atMs);

/** True when a value was read longer ago than it stays fresh; never read is not stale but unknown. */
export const isStale = (readAtMs: number | null, nowMs: number, freshMs: number): boolean =>
  readAtMs !== null && nowMs - readAtMs > freshMs;
