/** The schedule's form: bands as text and back, and the week they make, for the picture of it. */
import { careSchema, type Care, type ScheduleBand } from '../../../src-shared/bridge/hardware-calls.ts';

/** One band as it is typed. */
export type BandForm = { days: readonly number[]; from: string; until: string };
export type ScheduleForm = { enabled: boolean; bands: readonly BandForm[] };

const dayMinutes = 1_440;
const two = (value: number): string => String(value).padStart(2, '0');
/** "22:30" from minutes of the day. */
export const timeOf = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
/** Minutes of the day; null for what is no time. */
export function minuteOf(time: string): number | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time.trim());
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
}

/** The form of a schedule. */
export const formOf = ({ enabled, bands }: Care['schedule']): ScheduleForm => ({
  enabled,
  bands: bands.map(({ days, fromMinute, untilMinute }) => ({
    days,
    from: timeOf(fromMinute),
    until: timeOf(untilMinute),
  })),
});

/** A new band: nights, which most homes have power and no games for. */
export const newBand: BandForm = { days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', until: '07:00' };

/** Fields of a band that do not read. */
export type BandProblem = { days: boolean; from: boolean; until: boolean };

/** Reads the form; the schedule is null when any field does not read. */
export function readForm(form: ScheduleForm): { schedule: Care['schedule'] | null; problems: BandProblem[] } {
  const problems = form.bands.map(({ days, from, until }) => ({
    days: days.length === 0,
    from: minuteOf(from) === null,
    until: minuteOf(until) === null,
  }));
  const bands = form.bands.map(({ days, from, until }) => ({
    days: [...days].sort((a, b) => a - b),
    fromMinute: minuteOf(from),
    untilMinute: minuteOf(until),
  }));
  const parsed = careSchema.shape.schedule.safeParse({ enabled: form.enabled, bands });
  return { schedule: parsed.success ? parsed.data : null, problems };
}

/** Stretches of each day, Monday first, joined where they touch; a band over midnight goes on in the morning. */
export function weekOf(bands: readonly ScheduleBand[]): { from: number; until: number }[][] {
  const days: { from: number; until: number }[][] = Array.from({ length: 7 }, () => []);
  for (const { days: on, fromMinute, untilMinute } of bands) {
    for (const day of on) {
      if (untilMinute > fromMinute) days[day]?.push({ from: fromMinute, until: untilMinute });
      else {
        days[day]?.push({ from: fromMinute, until: dayMinutes });
        if (untilMinute > 0) days[(day + 1) % 7]?.push({ from: 0, until: untilMinute });
      }
    }
  }
  return days.map((stretches) =>
    [...stretches]
      .sort((a, b) => a.from - b.from)
      .reduce<{ from: number; until: number }[]>((joined, one) => {
        const last = joined.at(-1);
        if (last === undefined || one.from > last.until) return [...joined, one];
        return [...joined.slice(0, -1), { from: last.from, until: Math.max(last.until, one.until) }];
      }, []),
  );
}
