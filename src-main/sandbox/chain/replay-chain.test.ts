/** Replays the recorded contract cases as signed transactions on the whole chain, and reads the state back out of its objects after each. */
import { describe, expect, it } from 'vitest';
import g1 from '../../../src-shared/vectors/contract-g1.json' with { type: 'json' };
import g2 from '../../../src-shared/vectors/contract-g2.json' with { type: 'json' };
import { createObjectStore } from './machine/object-store.ts';
import { readWorld } from './machine/read-world.ts';
import { createReplayChain } from './replay-chain.ts';
import type { ReplayChain } from './replay-chain.ts';
import { UnsupportedStep, verdictOf, viewState, wantedVerdict } from './rules/recorded.ts';
import { recordedFileSchema } from './rules/replay-file.ts';
import type { RecordedFile } from './rules/replay-file.ts';

const files: Readonly<Record<'G1' | 'G2', RecordedFile>> = {
  G1: recordedFileSchema.parse(g1),
  G2: recordedFileSchema.parse(g2),
};

/** The objects alone, in memory and in the database, must give the same state as the one the chain holds. */
const expectObjectsTellTheSame = ({ core }: ReplayChain): void => {
  const durable = createObjectStore(core.ledger.objects());
  const told = ({ all }: typeof durable): string[] =>
    [...all()].map(({ id, version, digest, storageRebate }) => `${id} ${version} ${digest} ${storageRebate}`).sort();
  // The digest is over type, owner, contents and the transaction that wrote it.
  expect(told(durable)).toEqual(told(core.state.store));
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
  expect(index.models).toEqual(core.state.index.models);
  expect(byKey(index.tickets)).toEqual(byKey(core.state.index.tickets));
  expect(byKey(index.tasks)).toEqual(byKey(core.state.index.tasks));
};

/** The only steps that are no transactions of the contract: play money, time, and collateral out of nothing (G2, test only in the recording too). */
const besideTheContract: ReadonlySet<string> = new Set(['mint', 'advance_epochs', 'put_collateral']);

describe.each(Object.entries(files))('recorded %s on the chain', (_generation, file) => {
  const { generation } = file;
  it.each(file.cases.map((entry) => [entry.id, entry] as const))('%s', async (_id, entry) => {
    const replay = await createReplayChain(generation);
    const wanted = 'abort' in entry.expect ? entry.expect.abort : undefined;
    const verdicts: unknown[] = [];
    for (const step of entry.steps) verdicts.push(verdictOf(await replay.apply(step)));
    expect(verdicts.slice(0, -1)).toEqual(entry.steps.slice(0, -1).map(() => 'ok'));
    expect(verdicts.at(-1)).toEqual(wantedVerdict(wanted));
    if ('state' in entry.expect) expect(viewState(replay.facts())).toEqual(entry.expect.state);
    expectObjectsTellTheSame(replay);
    await replay.stop();
  });

  it.each(file.walks.map((walk) => [walk.id, walk] as const))('%s', async (_id, walk) => {
    const replay = await createReplayChain(generation);
    let transactions = 0;
    for (const { expect: wanted, ...step } of walk.steps) {
      const before = replay.core.ledger.tip()?.totalTransactions ?? 0n;
      const got = verdictOf(await replay.apply(step));
      expect({ step, got }).toEqual({ step, got: wantedVerdict(wanted === 'ok' ? undefined : wanted.abort) });
      const made = (replay.core.ledger.tip()?.totalTransactions ?? 0n) - before;
      if (!besideTheContract.has(step.op)) expect({ step, made }).toEqual({ step, made: 1n });
      transactions += Number(made);
    }
    expect(transactions).toBeGreaterThan(40);
    const { last_tx_events: _events, last_refund_amount: _refund, ...state } = viewState(replay.facts());
    expect(state).toEqual(walk.final_state);
    expectObjectsTellTheSame(replay);
    await replay.stop();
  });
});

describe('what cannot be played', () => {
  it.each([
    ['a badge that nobody holds', 'G1', { op: 'disable_node', by: 'N3' }],
    ['a parameter that is none', 'G1', { op: 'set', param: 'cross_validation_luck', value: 1 }],
    ['a node that is not there', 'G2', { op: 'put_collateral', node: 4, amount: 5 }],
    ['a sender from elsewhere', 'G1', { op: 'create_task', role: 0, by: 'N9' }],
  ] as const)('%s is unsupported, never agreeing', async (_what, generation, step) => {
    const replay = await createReplayChain(generation);
    await expect(replay.apply(step)).rejects.toBeInstanceOf(UnsupportedStep);
    await replay.stop();
  });
});
