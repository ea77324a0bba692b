/** The tray says state, reason and money of today, and offers pause or resume, open and quit. */
import { describe, expect, it } from 'vitest';
import { stateReasonSchema } from '../../src-shared/domain/node-state.ts';
import { trayText } from './desktop-text.ts';
import { amountWords, trayView, type TrayFacts } from './tray-view.ts';

const facts: TrayFacts = { state: 'READY', reason: 'waiting_for_work', paused: false, running: 0, earned: { value: 1_234_567_890n, decimals: 9, symbol: 'TOMA' }, problems: 0, danger: false };
const texts = (over: Partial<TrayFacts>): string[] => trayView({ ...facts, ...over }).entries.map((entry) => (entry.kind === 'line' ? '—' : entry.kind === 'act' ? `[${entry.text}]` : entry.text));

describe('trayView', () => {
  it.each<[string, Partial<TrayFacts>, string[]]>([
    ['ready', {}, ['Ready: waiting for work', 'Earned today: 1.2345 TOMA', '—', '[Pause]', '[Open console]', '—', '[Quit]']],
    ['working', { state: 'EXECUTING', reason: 'running', running: 2 }, ['Working', '2 requests run', 'Earned today: 1.2345 TOMA', '—', '[Pause]', '[Open console]', '—', '[Quit]']],
    ['paused', { state: 'IDLE', reason: 'paused', paused: true }, ['Idle: paused by you', 'Earned today: 1.2345 TOMA', '—', '[Resume]', '[Open console]', '—', '[Quit]']],
    ['unknown money is not nothing', { earned: null }, ['Ready: waiting for work', 'Earned today: unknown', '—', '[Pause]', '[Open console]', '—', '[Quit]']],
    ['something needs the operator', { problems: 2 }, ['Ready: waiting for work', 'Earned today: 1.2345 TOMA', '[2 things need you]', '—', '[Pause]', '[Open console]', '—', '[Quit]']],
  ])('%s', (_, over, expected) => expect(texts(over)).toEqual(expected));

  it.each(stateReasonSchema.options)('has words for the reason %s', (reason) => {
    expect(trayText.state('IDLE', reason)).toMatch(/^Idle: [a-z][^_]+$|^Idle$/);
  });

  it.each<[Partial<TrayFacts>, string]>([
    [{}, 'ready'],
    [{ state: 'EXECUTING', reason: 'running' }, 'executing'],
    [{ state: 'IDLE', reason: 'no_link' }, 'idle'],
    [{ state: 'EXECUTING', reason: 'running_paused', paused: true }, 'paused'],
    [{ state: 'UNSTAKING', reason: 'leaving_settling', paused: true }, 'leaving'],
    [{ state: 'EXECUTING', reason: 'running', danger: true }, 'trouble'],
  ])('icon of %j is %s', (over, icon) => expect(trayView({ ...facts, ...over }).icon).toBe(icon));

  it.each<[bigint, number, string]>([
    [0n, 9, '0 T'], [1n, 9, '0 T'], [99_999n, 9, '0 T'], [100_000n, 9, '0.0001 T'], [1_999_999_999n, 9, '1.9999 T'], [12n, 0, '12 T'], [123_456_789_012_345_678_901n, 9, '123,456,789,012.3456 T'],
  ])('%d of %d decimals is %s', (value, decimals, text) => expect(amountWords({ value, decimals, symbol: 'T' })).toBe(text));
});
