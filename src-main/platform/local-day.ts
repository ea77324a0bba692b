/** Local days of this machine's zone: as SQLite writes them ("2025-03-30"), and their first moments. */

/** First moment of a day. */
export const startOfDay = (day: string): number => new Date(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))).getTime();

/** The local day of a moment. */
export function localDay(atMs: number): string {
  const day = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(day.getFullYear()).padStart(4, '0')}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** First moment of the local day, `daysBack` days before the one of `atMs`; days of 23 and 25 hours count as one. */
export function localDayStart(atMs: number, daysBack = 0): number {
  const day = new Date(atMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBack).getTime();
}
