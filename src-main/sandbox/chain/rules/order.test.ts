/** The order of checks and of payments where the recorded cases do not tell it: claims, attestations, settings, too many places (protocol.md 2.3, 2.7, 5.4, 6.4). */
import { blake2b } from '@noble/hashes/blake2.js';
import { describe, expect, it } from 'vitest';
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import * as rules from './index.ts';
import type { Effect, Outcome, RuleContext, World } from './index.ts';
import { createReplayWorld } from './replay-world.ts';

const context = (epoch: bigint, sender = 'N1'): RuleContext => ({
  sender,
  epoch,
  epochStartMs: 0n,
  draws: { pick: () => 0, permille: () => 1n, nonce: () => 0n },
});
const verdict = (outcome: Outcome): string => {
  if (outcome.ok) return 'ok';
  return outcome.abort.kind === 'move' ? `${outcome.abort.module} ${outcome.abort.code % 1_000n}` : outcome.abort.kind;
};
const claim = (world: World, stacks: bigint[], node = 1n, epoch = 9n): Outcome =>
  rules.attempt(() => rules.claimFunds(world, context(epoch), node, stacks));
const effectOf = (outcome: Outcome): Effect => (outcome.ok ? outcome.effect : expect.fail(verdict(outcome)));

const leaf = '01'.repeat(32);
const root = (leaves: string): string =>
  Buffer.from(blake2b(Uint8Array.from(Buffer.from(leaves, 'hex')), { dkLen: 32 })).toString('hex');
const zero = '00'.repeat(32);

/** Node 1 serves task 1 alone, node 2 is there; USER has bought stacks of 100 units at 10 (per unit or per unit's worth). */
const sold = (generation: Generation, security: string, stacks: number, settings: object[] = []) => {
  const perUnit = generation === 'G1' ? 1 : 1_000_000;
  const capacity = generation === 'G1' ? { max_units: 1_000 } : {};
  const replay = createReplayWorld(generation);
  const steps = [
    ...settings,
    { op: 'create_task', role: 0, security },
    ...['N1', 'N2'].flatMap((by) => [
      { op: 'mint', to: by, amount: 1_000 },
      { op: 'register_node', by },
    ]),
    { op: 'subscribe', by: 'N1', task: 1, price: 5 * perUnit, ...capacity },
    { op: 'mint', to: 'USER', amount: 1_000_000 },
    ...Array.from({ length: stacks }, () => ({ op: 'acquire', by: 'USER', task: 1, units: 100, price: 10 * perUnit })),
  ];
  for (const step of steps) expect(replay.apply(step)).toBeNull();
  return replay;
};
const set = (param: string, value: number) => ({ op: 'set', param: `cross_validation_${param}`, value });
const settle = (stack: number, proof = leaf, units = 40) => ({ op: 'settle', by: 'N1', stack, units, proof, leaf });

describe.each(['G1', 'G2'] as const)('a claim of %s', (generation) => {
  it('checks all its stacks before it pays the node for any', () => {
    const replay = sold(generation, 'none', 2);
    replay.apply(settle(1));
    replay.apply({ op: 'advance_epochs', n: 2 });
    replay.apply(settle(2));
    const { world } = replay.facts();
    const enoughForRefunds = { ...world, feeTreasury: 700n };
    expect(verdict(claim(enoughForRefunds, [1n, 2n], 1n, 2n))).toBe('atoma::db 32');
    expect(verdict(claim(enoughForRefunds, [1n], 1n, 2n))).toBe('sui::balance 2');
  });

  it('pays a refund for each stack, then the node once', () => {
    const replay = sold(generation, 'none', 2);
    replay.apply(settle(1));
    replay.apply(settle(2, leaf, 100));
    const { payouts, world } = effectOf(claim(replay.facts().world, [1n, 2n]));
    expect(payouts).toEqual([
      { to: 'USER', amount: 600n },
      { to: 'N1', amount: 1_400n },
    ]);
    expect([world.feeTreasury, world.stacks.size, world.tickets.size]).toEqual([0n, 0, 0]);
  });

  it('looks ticket, stack and task up before it asks whose they are', () => {
    const replay = sold(generation, 'none', 1);
    replay.apply(settle(1));
    const { world } = replay.facts();
    expect(verdict(claim(world, [1n], 2n))).toBe('atoma::db 33');
    expect(verdict(claim({ ...world, tasks: new Map() }, [1n], 2n))).toBe('sui::dynamic_field 1');
    expect(verdict(claim({ ...world, stacks: new Map() }, [1n], 2n))).toBe('sui::dynamic_field 1');
  });

  it('divides the attestors’ share before it looks for them, and names those that were asked', () => {
    const always = [set('probability_permille', 1_000)];
    const proof = root(leaf + leaf);
    const replay = sold(generation, 'sampling', 2, always);
    replay.apply({ ...settle(1, proof), sampled_attesters: [1] });
    const { world } = replay.facts();
    const asked = effectOf(claim(world, [1n]));
    const told = asked.events[0]?.name === 'StackSettlementTicketClaimedEvent' ? asked.events[0].fields : null;
    expect(told).toMatchObject({ attestationNodes: [1n] });
    const ticket = world.tickets.get(1n);
    if (!ticket) return expect.fail('no ticket');
    const gone = { ...ticket, requested: [7n], attested: [7n] };
    const blocked = { ...world, tickets: new Map([[1n, gone]]) };
    expect(verdict(claim(blocked, [1n]))).toBe('sui::dynamic_field 1');
    const noPlaces = { ...blocked.settings, crossValidationExtraNodesCount: 0n };
    expect(verdict(claim({ ...blocked, settings: noPlaces }, [1n]))).toBe('arithmetic');
    return undefined;
  });
});

describe.each(['G1', 'G2'] as const)('an attestation of %s', (generation) => {
  const asked = (proof: string) => {
    const replay = sold(generation, 'sampling', 1, [set('probability_permille', 1_000)]);
    expect(replay.apply({ ...settle(1, proof), sampled_attesters: [1] })).toBeNull();
    return replay;
  };
  const attest = (proof: string) => ({ op: 'attest', by: 'N1', stack: 1, proof, leaf });

  it('that completes the places with a root that fits is told twice', () => {
    const proof = root(leaf + leaf);
    const replay = asked(proof);
    expect(replay.apply(attest(proof))).toBeNull();
    expect(replay.facts().events).toEqual(['NewStackSettlementAttestationEvent', 'StackSettlementTicketEvent']);
  });
  it('whose root does not fit is told as a dispute alone, and counts', () => {
    const replay = asked(root(leaf + zero));
    expect(replay.apply(attest(root(leaf + zero)))).toBeNull();
    expect(replay.facts().events).toEqual(['StackAttestationDisputeEvent']);
    expect(replay.facts().world.tickets.get(1n)).toMatchObject({ inDispute: true, attested: [1n] });
  });
  it('with another proof is told as a dispute and does not count', () => {
    const replay = asked(leaf);
    expect(replay.apply(attest(zero))).toBeNull();
    expect(replay.facts().events).toEqual(['StackAttestationDisputeEvent']);
    expect(replay.facts().world.tickets.get(1n)).toMatchObject({ inDispute: true, attested: [] });
  });
});

describe('settings', () => {
  it.each([
    ['oracleOnDisputePermille', 800n, 'ok'],
    ['oracleOnDisputePermille', 801n, 'atoma::db 7'],
    ['oracleOnDisputePermille', 2n ** 64n - 1n, 'arithmetic'],
    ['honestNodesOnDisputePermille', 900n, 'ok'],
    ['honestNodesOnDisputePermille', 2n ** 64n - 100n, 'arithmetic'],
    ['slashOnTimeoutPermille', 2n ** 64n - 1n, 'atoma::db 7'],
    ['samplingConsensusChargePermille', 2n ** 64n - 1n, 'ok'],
  ] as const)('%s = %i: %s', (name, value, end) => {
    expect(verdict(rules.attempt(() => rules.changeSetting(rules.freshWorld('G1'), name, value)))).toBe(end);
  });
});

describe('places for attestors', () => {
  it.each([
    [0n, 'ok'],
    [7_999n, 'ok'],
    [8_001n, 'gas'],
    [2n ** 59n, 'arithmetic'],
  ])('%i: %s', (count, end) => {
    const { world } = sold('G1', 'none', 1).facts();
    const settings = { ...world.settings, crossValidationExtraNodesCount: count };
    const request = { node: 1n, stack: 1n, claimedUnits: 1n, proof: new Uint8Array(32), leaf: new Uint8Array(32) };
    const outcome = rules.attempt(() => rules.trySettle({ ...world, settings }, context(0n), request));
    expect(verdict(outcome)).toBe(end);
  });
});
