/** Replays every case and walk recorded from the contract's own source in a Move machine (contract-g1.json). */
import { describe, expect, it } from 'vitest';
import recorded from '../../../../src-shared/vectors/contract-g1.json' with { type: 'json' };
import type { Abort } from './index.ts';
import { createReplayWorld } from './replay-world.ts';

type Expected = {
  abort?: { code?: number; module?: string; arithmetic_error?: boolean };
  state?: Record<string, unknown>;
};
type Replay = ReturnType<typeof createReplayWorld>;

const byNumber = <V>(map: ReadonlyMap<bigint, V>, view: (value: V) => unknown): Record<string, unknown> =>
  Object.fromEntries([...map].map(([key, value]) => [String(key), view(value)]));

const stateOf = (replay: Replay): Record<string, unknown> => {
  const { world, epoch, wallets, lastEvents } = replay.state();
  const counts: Record<string, number> = {};
  for (const event of lastEvents) {
    if (event.name === 'TaskDeprecationEvent' || event.name === 'TaskRemovedEvent') continue;
    counts[event.name] = (counts[event.name] ?? 0) + 1;
  }
  const claimed = lastEvents.findLast((event) => event.name === 'StackSettlementTicketClaimedEvent');
  return {
    epoch: Number(epoch),
    fee_treasury: Number(world.feeTreasury),
    communal_treasury: Number(world.communalTreasury),
    wallets: Object.fromEntries(['USER', 'N1', 'N2', 'N3'].map((who) => [who, Number(wallets.get(who) ?? 0n)])),
    nodes: byNumber(world.nodes, (node) => ({
      available_fee: Number(node.availableFeeAmount),
      last_fee_epoch_amount: Number(node.lastFeeEpochAmount),
      last_fee_epoch: Number(node.lastFeeEpoch),
      collateral: Number(node.collateral),
      reputation: node.reputation,
      disabled: node.disabledInEpoch !== null,
    })),
    stacks: byNumber(world.stacks, (stack) => ({
      num_compute_units: Number(stack.units),
      price: Number(stack.price),
      selected_node: Number(stack.selectedNode),
    })),
    tickets: byNumber(world.tickets, (ticket) => ({
      claimed_units: Number(ticket.claimedUnits),
      dispute_settled_at_epoch: Number(ticket.disputeSettledAtEpoch),
      in_dispute: ticket.inDispute,
      attesters: ticket.requested.map(Number),
      attestations_received: ticket.attested.length,
      leaves_bytes: ticket.leaves.length,
    })),
    last_tx_events: counts,
    ...(claimed ? { last_refund_amount: Number(claimed.fields.userRefundAmount) } : {}),
  };
};
const verdict = (abort: Abort | null): unknown => {
  if (!abort) return 'ok';
  return abort.kind === 'arithmetic' ? 'arithmetic' : { code: Number(abort.code), module: abort.module };
};
const wanted = (expected: Expected): unknown =>
  !expected.abort ? 'ok' : expected.abort.arithmetic_error ? 'arithmetic' : expected.abort;

describe('recorded cases', () => {
  it('are all here', () => expect([recorded.cases.length, recorded.walks.length]).toEqual([78, 3]));
  it.each(recorded.cases.map((entry) => [entry.id, entry] as const))('%s', (_id, entry) => {
    const replay = createReplayWorld();
    const expected: Expected = entry.expect;
    const verdicts = entry.steps.map((step) => verdict(replay.apply(step)));
    expect(verdicts.slice(0, -1)).toEqual(entry.steps.slice(0, -1).map(() => 'ok'));
    expect(verdicts.at(-1)).toEqual(wanted(expected));
    if (expected.state) expect(stateOf(replay)).toEqual(expected.state);
  });
});

describe('recorded walks', () => {
  it.each(recorded.walks.map((walk) => [walk.id, walk] as const))('%s', (_id, walk) => {
    const replay = createReplayWorld();
    for (const { expect: verdictWanted, ...step } of walk.steps as ({ expect: 'ok' | Expected } & Record<
      string,
      unknown
    >)[]) {
      const before = replay.state().world;
      const got = verdict(replay.apply(step));
      expect({ step, got }).toEqual({ step, got: verdictWanted === 'ok' ? 'ok' : wanted(verdictWanted) });
      if (got !== 'ok') expect(replay.state().world).toBe(before);
    }
    const { last_tx_events: _events, last_refund_amount: _refund, ...state } = stateOf(replay);
    expect(state).toEqual(walk.final_state);
  });
});
