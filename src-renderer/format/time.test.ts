/** Durations keep two units and never grow; ages never point to the future; freshness is a strict limit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agoText, dateTimeText, durationText, isStale, shortTimeText, workTimeText } from './time.ts';

describe('durationText', () => {
  it.each([
    [0, '0 sec'],
    [-5, '0 sec'],
    [999, '0 sec'],
    [59_999, '59 sec'],
    [61_000, '1 min 1 sec'],
    [3_600_000, '1 hr'],
    [3_605_000, '1 hr'],
    [7_500_000, '2 hr 5 min'],
    [90_000_000, '1 day 1 hr'],
    [604_800_000, '7 days'],
  ])('%d ms is %s', (ms, text) => expect(durationText(ms, 'en-US')).toBe(text));
  it('shows at most two units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 10 }), (ms) => {
        expect(durationText(ms, 'en-US').match(/\d+/g)?.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('workTimeText', () => {
  it.each([
    [12.4, '12 ms'],
    [9_999, '9,999 ms'],
    [10_000, '10 sec'],
  ])('%d is %s', (ms, text) => expect(workTimeText(ms, 'en-US')).toBe(text));
});

describe('agoText', () => {
  it.each([
    [0, 'now'],
    [1_500, '1 sec. ago'],
    [125_000, '2 min. ago'],
    [7_200_000, '2 hr. ago'],
    [86_400_000, 'yesterday'],
  ])('%d ms back is %s', (age, text) => expect(agoText(1_000_000_000 - age, 1_000_000_000, 'en-US')).toBe(text));
  it('says now for a time ahead of the clock', () => expect(agoText(2_000, 1_000, 'en-US')).toBe('now'));
});

describe('lines of dates', () => {
  const noon = new Date(2026, 10, 21, 12, 0, 0).getTime();
  it.each([
    ['en-US', 'Nov\u00a021,\u00a02026, 12:00:00\u00a0PM'],
    ['de', '21.11.2026, 12:00:00'],
  ])('%s may break between day and time alone', (locale, text) => expect(dateTimeText(noon, locale)).toBe(text));
  it.each(['ja', 'ko', 'zh-TW', 'ar-EG', 'fi'])('%s writes what the platform writes', (locale) =>
    expect(dateTimeText(noon, locale).replaceAll(/\s/gu, ' ')).toBe(
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
        .format(noon)
        .replaceAll(/\s/gu, ' '),
    ),
  );
});

describe('shortTimeText', () => {
  it('adds the date to other days only', () => {
    const noon = new Date(2026, 10, 21, 12).getTime();
    expect(shortTimeText(noon, noon + 1_000, 'de')).not.toContain('.');
    expect(shortTimeText(noon - 86_400_000, noon, 'de')).toContain('20.11.26');
  });
});

describe('isStale', () => {
  it.each([
    [null, false],
    [1_000, false],
    [999, true],
  ])('read at %s', (readAt, stale) => expect(isStale(readAt, 2_000, 1_000)).toBe(stale));
});
