/** Replays the recorded contract cases as signed transactions on the whole chain, and reads the state back out of its objects after each. */
import { describe, expect, it } from 'vitest';
import recorded from '../../../src-shared/vectors/contract-g1.json' with { type: 'json' };
import { createObjectStore } from './machine/object-store.ts';
import { readWorld } from './machine/read-world.ts';
import { createReplayChain } from './replay-chain.ts';
import { verdictOf, viewState, wantedVerdict } from './rules/recorded.ts';

type Expected = { abort?: { arithmetic_error?: boolean }; state?: Record<string, unknown> };
type Replay = Awaited<ReturnType<typeof createReplayChain>>;

/** The objects alone, in memory and in the database, must give the same state as the one the chain holds. */
const expectObjectsTellTheSame = ({ core }: Replay): void => {
  const durable = createObjectStore(core.ledger.objects());
  expect([...durable.all()].length).toBe([...core.state.store.all()].length);
  for (const object of core.state.store.all()) expect(durable.get(object.id)).toEqual(object);
  const { world, index } = readWorld(durable, core.state.deployment);
  const byKey = <V>(map: ReadonlyMap<bigint, V>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const plain = (one: typeof world) => ({
    ...one,
    nodes: byKey(one.nodes).map(([key, node]) => [key, { ...node, subscriptions: [...node.subscriptions].sort() }]),
    tasks: byKey(one.tasks).map(([key, task]) => [key, { ...task, offers: byKey(task.offers) }]),
    stacks: byKey(one.stacks),
    tickets: byKey(one.tickets),
  });
  expect(plain(world)).toEqual(plain(core.state.world));
  expect(byKey(index.tickets)).toEqual(byKey(core.state.index.tickets));
  expect(byKey(index.tasks)).toEqual(byKey(core.state.index.tasks));
};

describe('recorded cases on the chain', () => {
  it.each(recorded.cases.map((entry) => [entry.id, entry] as const))('%s', async (_id, entry) => {
    const replay = await createReplayChain();
    const expected: Expected = entry.expect;
    const verdicts: unknown[] = [];
    for (const step of entry.steps) verdicts.push(verdictOf(await replay.apply(step)));
    expect(verdicts.slice(0, -1)).toEqual(entry.steps.slice(0, -1).map(() => 'ok'));
    expect(verdicts.at(-1)).toEqual(wantedVerdict(expected.abort));
    if (expected.state) expect(viewState(replay.facts())).toEqual(expected.state);
    expectObjectsTellTheSame(replay);
    replay.stop();
  });
});

describe('recorded walks on the chain', () => {
  it.each(recorded.walks.map((walk) => [walk.id, walk] as const))('%s', async (_id, walk) => {
    const replay = await createReplayChain();
    for (const { expect: wanted, ...step } of walk.steps as ({ expect: 'ok' | Expected } & Record<string, unknown>)[]) {
      const got = verdictOf(await replay.apply(step));
      expect({ step, got }).toEqual({ step, got: wantedVerdict(wanted === 'ok' ? undefined : wanted.abort) });
    }
    const { last_tx_events: _events, last_refund_amount: _refund, ...state } = viewState(replay.facts());
    expect(state).toEqual(walk.final_state);
    expectObjectsTellTheSame(replay);
    replay.stop();
  });
});
