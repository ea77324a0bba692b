/** Replays every case and walk recorded from the contract's own source in a Move machine on the rules alone (contract-g1.json). */
import { describe, expect, it } from 'vitest';
import recorded from '../../../../src-shared/vectors/contract-g1.json' with { type: 'json' };
import { verdictOf, viewState, wantedVerdict } from './recorded.ts';
import { createReplayWorld } from './replay-world.ts';

type Expected = { abort?: { arithmetic_error?: boolean }; state?: Record<string, unknown> };

describe('recorded cases', () => {
  it('are all here', () => expect([recorded.cases.length, recorded.walks.length]).toEqual([78, 3]));
  it.each(recorded.cases.map((entry) => [entry.id, entry] as const))('%s', (_id, entry) => {
    const replay = createReplayWorld();
    const expected: Expected = entry.expect;
    const verdicts = entry.steps.map((step) => verdictOf(replay.apply(step)));
    expect(verdicts.slice(0, -1)).toEqual(entry.steps.slice(0, -1).map(() => 'ok'));
    expect(verdicts.at(-1)).toEqual(wantedVerdict(expected.abort));
    if (expected.state) expect(viewState(replay.facts())).toEqual(expected.state);
  });
});

describe('recorded walks', () => {
  it.each(recorded.walks.map((walk) => [walk.id, walk] as const))('%s', (_id, walk) => {
    const replay = createReplayWorld();
    for (const { expect: wanted, ...step } of walk.steps as ({ expect: 'ok' | Expected } & Record<string, unknown>)[]) {
      const before = replay.facts().world;
      const got = verdictOf(replay.apply(step));
      expect({ step, got }).toEqual({ step, got: wantedVerdict(wanted === 'ok' ? undefined : wanted.abort) });
      if (got !== 'ok') expect(replay.facts().world).toBe(before);
    }
    const { last_tx_events: _events, last_refund_amount: _refund, ...state } = viewState(replay.facts());
    expect(state).toEqual(walk.final_state);
  });
});
