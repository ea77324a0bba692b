/** Alerts of the machine: heat and its recovery, another program, a broken tool; the schedule is none. */
import { describe, expect, it } from 'vitest';
import { hardwareAlerts, type HardwareAlertFacts } from './hardware-alerts.ts';

const facts = (over: Partial<HardwareAlertFacts> = {}): HardwareAlertFacts => ({ nowMs: 1_000_000, holds: [], hottestC: 60, pauseAtC: 85, resumeAtC: 75, recovered: null, problems: [], ...over });
const codes = (over: Partial<HardwareAlertFacts>): string[] => hardwareAlerts(facts(over)).map(({ code, level }) => `${code} ${level}`);

describe('hardwareAlerts', () => {
  it('says what is hot, the limits and what to do', () => {
    const [alert] = hardwareAlerts(facts({ hottestC: 88, holds: [{ hold: 'too_hot', sinceMs: 5, detail: null }] }));
    expect(alert).toMatchObject({ code: 'too_hot', level: 'warning', page: 'hardware', sinceMs: 5 });
    expect(alert?.message).toMatch(/88 °C.*85 °C.*75 °C/);
  });
  it.each<[string, Partial<HardwareAlertFacts>, string[]]>([
    ['all well', {}, []],
    ['a game', { holds: [{ hold: 'in_use', sinceMs: 5, detail: 'game' }] }, ['in_use info']],
    ['the schedule', { holds: [{ hold: 'by_schedule', sinceMs: 5, detail: null }] }, []],
    ['cooled down', { recovered: { hold: 'too_hot', atMs: 999_999 } }, ['cooled_down info']],
    ['cooled down long ago', { recovered: { hold: 'too_hot', atMs: 400_000 } }, []],
    ['hot again', { recovered: { hold: 'too_hot', atMs: 999_999 }, holds: [{ hold: 'too_hot', sinceMs: 1, detail: null }] }, ['too_hot warning']],
    ['the game ended', { recovered: { hold: 'in_use', atMs: 999_999 } }, ['free_again info']],
    ['the schedule opened', { recovered: { hold: 'by_schedule', atMs: 999_999 } }, []],
    ['a broken driver', { problems: [{ tool: 'nvidia-smi', detail: 'x' }] }, ['gpu_tool:nvidia-smi warning']],
  ])('%s', (_, over, expected) => expect(codes(over)).toEqual(expected));
});
