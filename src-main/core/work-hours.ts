/** Whether the schedule allows work at a moment of the local week, and when that changes next (product.md, Hardware: days and hours, time bands). */
import type { Care, ScheduleBand } from '../../src-shared/bridge/hardware-calls.ts';

const dayMinutes = 1_440;
const weekMinutes = 7 * dayMinutes;

/** A moment of the local week. Monday is day 0. */
export type WeekMinute = { day: number; minute: number };

/** Stretches of the week in minutes from Monday 00:00; one that passes Sunday's midnight goes on past the week's end. */
const stretches = (bands: readonly ScheduleBand[]): { from: number; until: number }[] =>
  bands.flatMap(({ days, fromMinute, untilMinute }) =>
    days.map((day) => {
      const from = day * dayMinutes + fromMinute;
      return { from, until: day * dayMinutes + untilMinute + (untilMinute <= fromMinute ? dayMinutes : 0) };
    }),
  );

const allowsAt = (bands: readonly ScheduleBand[], at: number): boolean => stretches(bands).some(({ from, until }) => (from <= at && at < until) || (from <= at + weekMinutes && at + weekMinutes < until));

/** True when work is allowed. A schedule that is off allows all; one without a band allows nothing. */
export const allowsWork = ({ enabled, bands }: Care['schedule'], { day, minute }: WeekMinute): boolean => !enabled || allowsAt(bands, day * dayMinutes + minute);

/** Minutes until the schedule opens or closes next; null when it never does. At most a week. */
export function minutesToChange({ enabled, bands }: Care['schedule'], { day, minute }: WeekMinute): number | null {
  if (!enabled) return null;
  const now = day * dayMinutes + minute;
  const allowed = allowsAt(bands, now);
  const edges = stretches(bands).flatMap(({ from, until }) => [from, until]).map((edge) => (edge - now + 2 * weekMinutes) % weekMinutes).filter((wait) => wait > 0);
  const changing = edges.sort((a, b) => a - b).find((wait) => allowsAt(bands, (now + wait) % weekMinutes) !== allowed);
  return changing ?? null;
}
