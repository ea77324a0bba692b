/** Properties of the rules of both generations: money is conserved, an aborted step changes nothing, no world is changed in place (protocol.md 5.4). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import { createReplayWorld } from './replay-world.ts';
import { UnsupportedStep } from './recorded.ts';
import type { World } from './world.ts';

const owner = fc.constantFrom('N1', 'N2', 'N3');
const small = fc.integer({ min: 1, max: 4 });
const price = fc.constantFrom(0, 1, 7, 1_000, 3_333_333);
const units = fc.constantFrom(0, 1, 50, 999_999, 1_000_000);
const hash = fc.constantFrom('01'.repeat(32), '02'.repeat(32), '03');
const param = fc.constantFrom(
  'cross_validation_probability_permille',
  'cross_validation_extra_nodes_count',
  'sampling_consensus_charge_permille',
  'permille_to_slash_node_on_timeout',
);
const stacks = fc.array(small, { minLength: 1, maxLength: 2 });

const step = (generation: Generation) => {
  const capacity = generation === 'G1' ? { max_units: units } : {};
  const both = [
    fc.record({
      op: fc.constant('create_task'),
      role: fc.constant(0),
      security: fc.constantFrom('none', 'sampling', 'confidential'),
    }),
    fc.record({ op: fc.constantFrom('register_node', 'disable_node', 'destroy_node', 'withdraw_fees'), by: owner }),
    fc.record({ op: fc.constantFrom('subscribe', 'update_subscription'), by: owner, task: small, price, ...capacity }),
    fc.record({ op: fc.constant('unsubscribe'), by: owner, task: small }),
    fc.record({ op: fc.constant('acquire'), by: fc.constant('USER'), task: small, units, price }),
    fc.record({ op: fc.constant('settle'), by: owner, stack: small, units, proof: hash, leaf: hash }),
    fc.record({ op: fc.constant('attest'), by: owner, stack: small, proof: hash, leaf: hash }),
    fc.record({ op: fc.constant('dispute'), by: owner, stack: small }),
    fc.record({ op: fc.constant('claim'), by: owner, stacks }),
    fc.record({ op: fc.constant('set'), param, value: fc.constantFrom(0, 1, 2, 500, 1_000, 1_500) }),
    fc.record({ op: fc.constant('advance_epochs'), n: fc.constant(1) }),
    fc.record({ op: fc.constant('deprecate_task') }),
  ];
  const direct = fc.record({
    op: fc.constant('claim_confidential'),
    by: owner,
    stacks,
    units: fc.array(units, { minLength: 1, maxLength: 2 }),
  });
  return fc.oneof(...both, ...(generation === 'G2' ? [direct] : []));
};

/** Something of everything, so that random steps meet tasks, nodes and stacks. */
const opening = (generation: Generation): object[] => [
  { op: 'mint', to: 'USER', amount: 1_000_000_000_000 },
  ...['none', 'sampling', 'confidential'].map((security) => ({ op: 'create_task', role: 0, security })),
  ...['N1', 'N2', 'N3'].flatMap((by) => [
    { op: 'mint', to: by, amount: 5_000 },
    { op: 'register_node', by },
    ...[1, 2, 3].map((task) => ({
      op: 'subscribe',
      by,
      task,
      price: 7,
      ...(generation === 'G1' ? { max_units: 1_000_000 } : {}),
    })),
  ]),
  { op: 'put_collateral', node: 1, amount: 1_001 },
  ...[1, 2, 3].map((task) => ({ op: 'acquire', by: 'USER', task, units: 999_999, price: 1_000 })),
];

const minted = 1_000_000_000_000n + 3n * 5_000n + 1_001n;
const total = (world: World, wallets: ReadonlyMap<string, bigint>): bigint =>
  [
    ...wallets.values(),
    ...[...world.nodes.values()].map((node) => node.collateral),
    world.feeTreasury,
    world.communalTreasury,
  ].reduce((sum, part) => sum + part, 0n);

describe.each(['G1', 'G2'] as const)('%s', (generation) => {
  it('conserves money, and an aborted step changes nothing', () => {
    let aborted = 0;
    let done = 0;
    fc.assert(
      fc.property(fc.array(step(generation), { maxLength: 40 }), fc.infiniteStream(fc.nat(2 ** 20)), (steps, luck) => {
        const next = (): number => luck.next().value ?? 0;
        const replay = createReplayWorld(generation, {
          pick: (candidates) => next() % candidates.length,
          permille: () => BigInt(next() % 1_000) + 1n,
        });
        for (const one of opening(generation)) expect(replay.apply(one)).toBeNull();
        for (const one of steps) {
          const { world, wallets } = replay.facts();
          const before = structuredClone({ world, wallets });
          try {
            const abort = replay.apply(one);
            if (abort) aborted += 1;
            else done += 1;
            if (abort) expect(replay.facts().world).toBe(world);
            if (abort) expect(replay.facts().wallets).toEqual(before.wallets);
          } catch (error) {
            if (!(error instanceof UnsupportedStep)) throw error;
          }
          expect(world).toEqual(before.world);
          const after = replay.facts();
          expect(total(after.world, after.wallets)).toBe(minted);
        }
      }),
      { numRuns: 100 },
    );
    expect([aborted > 100, done > 100]).toEqual([true, true]);
  });
});
