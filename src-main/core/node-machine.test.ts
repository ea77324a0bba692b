/** Every combination of facts: each reason is reached, and the precedence of coordinator.md 8 holds in all of them. */
import { describe, expect, it } from 'vitest';
import { stateReasonSchema, type StateReason, type StateWithReason } from '../../src-shared/domain/node-state.ts';
import { next, type NodeFacts } from './node-machine.ts';

const ready: NodeFacts = {
  leaving: null, left: false, running: 0, keys: 'open', setUp: true, chainRead: true, registered: true, disabled: false,
  subscribed: true, modelReady: true, link: 'up', paused: false, tooHot: false, inUse: false, outsideSchedule: false,
};
const both = [false, true] as const;
const values: { [K in keyof NodeFacts]: readonly NodeFacts[K][] } = {
  leaving: [null, 'leaving_settling'], left: both, running: [0, 1], keys: ['none', 'locked', 'open'], setUp: both, chainRead: both, registered: both,
  disabled: both, subscribed: both, modelReady: both, link: ['up', 'down', 'refused'], paused: both, tooHot: both, inUse: both, outsideSchedule: both,
};
/** All 73,728 combinations. */
const combinations = (Object.keys(values) as (keyof NodeFacts)[]).reduce<NodeFacts[]>(
  (all, name) => all.flatMap((facts) => values[name].map((value) => ({ ...facts, [name]: value }))),
  [ready],
);

describe('node machine', () => {
  it.each<[string, Partial<NodeFacts>, StateWithReason['state'], StateReason]>([
    ['all well', {}, 'READY', 'waiting_for_work'],
    ['leaving while work runs', { leaving: 'leaving_finishing_work', running: 2 }, 'UNSTAKING', 'leaving_finishing_work'],
    ['leaving with locked keys', { leaving: 'leaving_waiting_window', keys: 'locked' }, 'UNSTAKING', 'leaving_waiting_window'],
    ['running', { running: 1 }, 'EXECUTING', 'running'],
    ['running while paused', { running: 1, paused: true }, 'EXECUTING', 'running_paused'],
    ['running while hot', { running: 1, tooHot: true }, 'EXECUTING', 'running_paused'],
    ['running over a lost link', { running: 1, link: 'down' }, 'EXECUTING', 'running_unlinked'],
    ['running, paused and unlinked', { running: 1, link: 'refused', paused: true }, 'EXECUTING', 'running_paused'],
    ['locked before the set-up is done', { keys: 'locked', setUp: false }, 'IDLE', 'keys_locked'],
    ['no key', { keys: 'none', link: 'down' }, 'IDLE', 'not_set_up'],
    ['set-up unfinished', { setUp: false, registered: false }, 'IDLE', 'not_set_up'],
    ['chain not read', { chainRead: false, registered: false }, 'IDLE', 'chain_unknown'],
    ['not registered', { registered: false, subscribed: false }, 'IDLE', 'not_registered'],
    ['has left', { left: true, registered: false, setUp: false }, 'IDLE', 'left'],
    ['registered again after leaving', { left: true }, 'READY', 'waiting_for_work'],
    ['disabled', { disabled: true, subscribed: false }, 'IDLE', 'disabled'],
    ['no subscription', { subscribed: false, modelReady: false }, 'IDLE', 'not_subscribed'],
    ['no model', { modelReady: false, link: 'down' }, 'IDLE', 'no_model'],
    ['no link', { link: 'down', paused: true }, 'IDLE', 'no_link'],
    ['refused', { link: 'refused' }, 'IDLE', 'link_refused'],
    ['paused', { paused: true, tooHot: true }, 'IDLE', 'paused'],
    ['too hot', { tooHot: true, outsideSchedule: true }, 'IDLE', 'too_hot'],
    ['a game runs', { inUse: true, outsideSchedule: true }, 'IDLE', 'in_use'],
    ['running while a game runs', { running: 1, inUse: true }, 'EXECUTING', 'running_paused'],
    ['by schedule', { outsideSchedule: true }, 'IDLE', 'by_schedule'],
  ])('%s', (_, over, state, reason) => expect(next(null, { ...ready, ...over })).toEqual({ state, reason }));

  it('keeps the precedence in every combination', () => {
    const wrong = combinations.filter((facts) => {
      const { state } = next(null, facts);
      if (facts.leaving !== null) return state !== 'UNSTAKING';
      if (facts.running > 0) return state !== 'EXECUTING';
      const complete = facts.keys === 'open' && facts.setUp && facts.chainRead && facts.registered && !facts.disabled && facts.subscribed && facts.modelReady;
      return state !== (complete && facts.link === 'up' && !facts.paused && !facts.tooHot && !facts.inUse && !facts.outsideSchedule ? 'READY' : 'IDLE');
    });
    expect(combinations).toHaveLength(2 * 2 * 2 * 3 * 2 ** 6 * 3 * 2 ** 4);
    expect(wrong).toEqual([]);
  });

  it('names the first missing thing: mending anything later never changes the reason', () => {
    const order: StateReason[] = ['keys_locked', 'left', 'not_set_up', 'chain_unknown', 'not_registered', 'disabled', 'not_subscribed', 'no_model', 'no_link', 'link_refused', 'paused', 'too_hot', 'in_use', 'by_schedule', 'waiting_for_work'];
    const mends: Partial<NodeFacts>[] = [{ modelReady: true }, { link: 'up' }, { paused: false }, { tooHot: false }, { inUse: false }, { outsideSchedule: false }];
    const wrong = combinations.filter(({ leaving, running }) => leaving === null && running === 0).filter((facts) => {
      const before = order.indexOf(next(null, facts).reason);
      return mends.some((mend) => order.indexOf(next(null, { ...facts, ...mend }).reason) < before);
    });
    expect(wrong).toEqual([]);
  });

  it('reaches every reason', () => {
    const leaving = stateReasonSchema.options.filter((reason) => reason.startsWith('leaving_')) as NonNullable<NodeFacts['leaving']>[];
    const reached = new Set([...combinations, ...leaving.map((reason) => ({ ...ready, leaving: reason }))].map((facts) => next(null, facts).reason));
    expect([...stateReasonSchema.options].filter((reason) => !reached.has(reason))).toEqual([]);
  });

  it('gives the previous value back when nothing changed, so that nothing is recorded', () => {
    const first = next(null, ready);
    expect(next(first, { ...ready })).toBe(first);
    expect(next(first, { ...ready, running: 1 })).not.toBe(first);
    expect(next({ state: 'IDLE', reason: 'no_link' }, { ...ready, link: 'refused' })).toEqual({ state: 'IDLE', reason: 'link_refused' });
  });
});
