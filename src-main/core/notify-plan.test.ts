/** Notices as a table of moments: told once, held while it may pass, recovery told, one kind never floods, and nothing is told to somebody who looks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesktopSettings } from '../../src-shared/bridge/desktop-calls.ts';
import type { StateReason } from '../../src-shared/domain/node-state.ts';
import { idleAlert, noticeKindOf, nothingTold, planNotices, type Notice } from './notify-plan.ts';
import type { Alert } from './views/alerts.ts';

const all: DesktopSettings['notices'] = { everyMinutes: 5, kinds: { state: true, keys: true, link: true, chain: true, money: true, attestations: true, machine: true } };
const alert = (id: string, level: Alert['level'] = 'warning'): Alert => ({ id, level, code: id.split(':')[0] ?? id, message: `about ${id}`, page: 'settings', sinceMs: 0 });
const minute = 60_000;

type Moment = { atMs: number; alerts: Alert[]; watching?: boolean; settings?: DesktopSettings['notices'] };
/** What is told at each moment, as "kind!" or "kind ok", with the number of others. */
function play(moments: readonly Moment[]): string[][] {
  let memory = nothingTold;
  return moments.map(({ atMs, alerts, watching = false, settings = all }) => {
    const plan = planNotices(memory, { alerts, watching, nowMs: atMs }, settings);
    memory = plan.memory;
    return plan.notices.map(({ kind, recovered, others }: Notice) => `${kind}${recovered ? ' ok' : '!'}${others === 0 ? '' : ` +${others}`}`);
  });
}

describe('planNotices', () => {
  it.each<[string, Moment[], string[][]]>([
    ['waits until it holds, tells once, then its end once', [
      { atMs: 0, alerts: [alert('link')] }, { atMs: 15_000, alerts: [alert('link')] }, { atMs: minute, alerts: [alert('link')] },
      { atMs: 6 * minute, alerts: [] }, { atMs: 7 * minute, alerts: [] }, { atMs: 8 * minute, alerts: [] },
    ], [[], ['link!'], [], [], ['link ok'], []]],
    ['says nothing of what passes by itself', [{ atMs: 0, alerts: [alert('link')] }, { atMs: 14_999, alerts: [] }, { atMs: minute, alerts: [] }], [[], [], []]],
    ['tells danger soon', [{ atMs: 0, alerts: [alert('keys.locked', 'danger')] }, { atMs: 2_000, alerts: [alert('keys.locked', 'danger')] }], [[], ['keys!']]],
    ['says neither the fall nor the way back of a short relapse', [
      { atMs: 0, alerts: [alert('link')] }, { atMs: 15_000, alerts: [alert('link')] }, { atMs: 20_000, alerts: [] }, { atMs: 30_000, alerts: [alert('link')] }, { atMs: 20 * minute, alerts: [alert('link')] },
    ], [[], ['link!'], [], [], []]],
    ['keeps one kind to its rate and tells the rest together', [
      { atMs: 0, alerts: [alert('stack:1')] }, { atMs: 15_000, alerts: [alert('stack:1'), alert('stack:2'), alert('stack:3')] },
      { atMs: minute, alerts: [alert('stack:1'), alert('stack:2'), alert('stack:3')] }, { atMs: 5 * minute + 15_000, alerts: [alert('stack:1'), alert('stack:2'), alert('stack:3')] },
    ], [[], ['money!'], [], ['money! +1']]],
    ['lets kinds pass each other', [{ atMs: 0, alerts: [alert('link'), alert('chain.down')] }, { atMs: 15_000, alerts: [alert('link'), alert('chain.down')] }], [[], ['link!', 'chain!']]],
    ['is silent to somebody who looks, about the end as well', [
      { atMs: 0, alerts: [alert('link')], watching: true }, { atMs: minute, alerts: [alert('link')] }, { atMs: 2 * minute, alerts: [] }, { atMs: 9 * minute, alerts: [] },
    ], [[], [], [], []]],
    ['forgets a recovery that somebody saw', [
      { atMs: 0, alerts: [alert('link')] }, { atMs: 15_000, alerts: [alert('link')] }, { atMs: minute, alerts: [], watching: true }, { atMs: 9 * minute, alerts: [] },
    ], [[], ['link!'], [], []]],
    ['obeys the switch of a kind', [
      { atMs: 0, alerts: [alert('link')], settings: { ...all, kinds: { ...all.kinds, link: false } } },
      { atMs: minute, alerts: [alert('link')], settings: { ...all, kinds: { ...all.kinds, link: false } } },
      { atMs: 2 * minute, alerts: [alert('link')] },
    ], [[], [], ['link!']]],
    ['keeps hints and the set-up to the window', [{ atMs: 0, alerts: [alert('setup', 'warning'), alert('attest_asked', 'info')] }, { atMs: minute, alerts: [alert('setup', 'warning'), alert('attest_asked', 'info')] }], [[], []]],
  ])('%s', (_, moments, expected) => expect(play(moments)).toEqual(expected));

  it('carries the page that mends it and the sentence of the worst', () => {
    const alerts = [alert('stack:1'), { ...alert('disputed:2', 'danger'), page: 'stacks' as const }];
    const { memory } = planNotices(nothingTold, { alerts, watching: false, nowMs: 0 }, all);
    expect(planNotices(memory, { alerts, watching: false, nowMs: minute }, all).notices).toEqual([{ kind: 'money', recovered: false, level: 'danger', message: 'about disputed:2', page: 'stacks', section: undefined, others: 1 }]);
  });

  it('never tells one kind twice within its rate, and always says when to look again while something waits', () => {
    const ids = ['link', 'stack:1', 'stack:2', 'gas_reserve', 'keys.locked'];
    const moment = fc.record({ stepMs: fc.integer({ min: 1, max: 4 * minute }), present: fc.subarray(ids), watching: fc.boolean() });
    fc.assert(fc.property(fc.array(moment, { maxLength: 60 }), (moments) => {
      let memory = nothingTold;
      let nowMs = 0;
      const last = new Map<string, number>();
      for (const { stepMs, present, watching } of moments) {
        nowMs += stepMs;
        const plan = planNotices(memory, { alerts: present.map((id) => alert(id)), watching, nowMs }, all);
        memory = plan.memory;
        for (const { kind } of plan.notices) {
          expect(nowMs - (last.get(kind) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(5 * minute);
          last.set(kind, nowMs);
        }
        if (watching) expect(plan.notices).toEqual([]);
        if (plan.againAtMs !== null) expect(plan.againAtMs).toBeGreaterThan(nowMs);
        const waits = [...memory.entries.values()].some((entry) => (entry.goneMs === null ? entry.told === 'no' : entry.told === 'yes'));
        expect(plan.againAtMs !== null).toBe(waits);
      }
    }));
  });
});

describe('idleAlert', () => {
  it('tells of a state that keeps from earning, and not of one that the operator chose or an alert tells of', () => {
    const about = (state: 'IDLE' | 'READY', reason: StateReason) => idleAlert({ state, reason, sinceMs: 7, sentence: 'No model.' });
    expect(about('IDLE', 'no_model')).toEqual({ id: 'idle', level: 'warning', code: 'idle.no_model', message: 'No model.', page: 'models', sinceMs: 7 });
    for (const reason of ['paused', 'no_link', 'too_hot', 'keys_locked', 'by_schedule'] as const) expect(about('IDLE', reason)).toBeNull();
    expect(about('READY', 'waiting_for_work')).toBeNull();
  });

  it.each([['no_model', 'models'], ['not_subscribed', 'tasks'], ['not_registered', 'setup'], ['disabled', 'leave'], ['left', 'leave']] as const)('of %s opens %s, which mends it', (reason, page) => {
    expect(idleAlert({ state: 'IDLE', reason, sinceMs: 0, sentence: '' })?.page).toBe(page);
  });

  it('is no second notice of a heat that an alert tells of', () => {
    const idle = idleAlert({ state: 'IDLE', reason: 'too_hot', sinceMs: 0, sentence: 'Too hot.' });
    const alerts = [{ ...alert('too_hot'), page: 'hardware' as const }, ...(idle === null ? [] : [idle])];
    expect(play([{ atMs: 0, alerts }, { atMs: 15_000, alerts }])).toEqual([[], ['machine!']]);
  });
});

describe('noticeKindOf', () => {
  it.each([['keys.locked', 'keys'], ['link', 'link'], ['no_coordinator', 'link'], ['chain.down', 'chain'], ['gas_reserve', 'money'], ['stack', 'money'], ['attest_asks', 'attestations'], ['audit_failed', 'attestations'], ['idle.no_model', 'state'], ['inference', 'machine'], ['something new', 'machine']])('%s is of kind %s', (code, kind) => {
    expect(noticeKindOf(code)).toBe(kind);
  });
});
