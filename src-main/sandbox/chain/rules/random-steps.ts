/** Random recorded steps for the property tests of the rules and of the whole chain, with an opening so that they meet tasks, nodes and stacks. */
import fc from 'fast-check';
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import type { Draws } from './index.ts';

const owner = fc.constantFrom('N1', 'N2', 'N3');
const small = fc.integer({ min: 1, max: 4 });
const price = fc.constantFrom(0, 1, 7, 1_000, 3_333_333);
const units = fc.constantFrom(0, 1, 50, 999_999, 1_000_000);
const hash = fc.constantFrom('01'.repeat(32), '02'.repeat(32), '03');
const stacks = fc.array(small, { minLength: 1, maxLength: 2 });
const param = fc.constantFrom(
  'cross_validation_probability_permille',
  'cross_validation_extra_nodes_count',
  'sampling_consensus_charge_permille',
  'permille_to_slash_node_on_timeout',
  'permille_for_oracle_on_dispute',
);
const proved = { by: owner, stack: small, proof: hash, leaf: hash };

/** One random step of a generation, as a recorded file writes it. */
export const randomStep = (generation: Generation): fc.Arbitrary<object> => {
  const capacity = generation === 'G1' ? { max_units: units } : {};
  const security = fc.constantFrom('none', 'sampling', 'confidential', 7);
  const both: fc.Arbitrary<object>[] = [
    fc.record({ op: fc.constant('create_task'), role: fc.constantFrom(0, 9), security }),
    fc.record({ op: fc.constantFrom('register_node', 'disable_node', 'destroy_node', 'withdraw_fees'), by: owner }),
    fc.record({ op: fc.constantFrom('subscribe', 'update_subscription'), by: owner, task: small, price, ...capacity }),
    fc.record({ op: fc.constant('unsubscribe'), by: owner, task: small }),
    fc.record({ op: fc.constant('acquire'), by: fc.constant('USER'), task: small, units, price }),
    fc.record({ op: fc.constant('settle'), ...proved, units }),
    fc.record({ op: fc.constant('attest'), ...proved }),
    fc.record({ op: fc.constant('dispute'), by: owner, stack: small }),
    fc.record({ op: fc.constant('claim'), by: owner, stacks }),
    fc.record({ op: fc.constant('set'), param, value: fc.constantFrom(0, 1, 2, 500, 1_000, 1_500) }),
    fc.record({ op: fc.constant('advance_epochs'), n: fc.constantFrom(1, 2) }),
    fc.record({ op: fc.constantFrom('deprecate_task', 'remove_deprecated_task') }),
    fc.record({ op: fc.constant('admin_remove_task'), task: small }),
    fc.record({ op: fc.constantFrom('disable_registration', 'enable_registration') }),
  ];
  const direct: fc.Arbitrary<object>[] = [
    fc.record({ op: fc.constant('claim_confidential'), by: owner, stacks, units: fc.array(units, { maxLength: 2 }) }),
    fc.record({ op: fc.constant('whitelist'), task: small, node: small }),
  ];
  return fc.oneof(...both, ...(generation === 'G2' ? direct : []));
};

/** Something of everything. */
export const opening = (generation: Generation): readonly object[] => [
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

/** All money that the opening brings into the world. */
export const OPENING_MONEY = 1_000_000_000_000n + 3n * 5_000n + 1_001n;

/** Draws out of a stream of whole numbers. */
export const drawsOf = (next: () => number): Draws => ({
  pick: (candidates) => next() % candidates.length,
  permille: () => BigInt(next() % 1_000) + 1n,
  nonce: () => BigInt(next()),
});
