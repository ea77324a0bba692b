/** The G2 contract's callable functions: no coin to register, no capacity to choose, tasks by badge, direct claims and keys (protocol.md 2.1 to 2.4, 2.7). */
import { admin, badge, entry, nodeRef, pure, taskId } from './call-spec.ts';
import type { CallSpec } from './call-spec.ts';
import { G1_CALLS } from './g1-calls.ts';

/** Circle's USDC has no faucet on chain. */
const { faucet: _, ...ofBoth } = G1_CALLS;
const price = pure('price_per_one_million_compute_units', 'u64');
const subscriber = badge('NodeBadge', 'mut');

/** Functions by name. Order of `params` is the order of arguments in a MoveCall. */
export const G2_CALLS = {
  ...ofBoth,
  register_node_entry: entry('register_node_entry', []),
  subscribe_node_to_task: entry('subscribe_node_to_task', [subscriber, taskId, price], false),
  update_node_subscription: entry('update_node_subscription', [subscriber, taskId, price], false),
  claim_funds_for_stacks: entry('claim_funds_for_stacks', [
    nodeRef,
    pure('stack_small_ids', 'vector<u64>'),
    pure('num_compute_units_per_stack_to_claim', 'vector<u64>'),
  ]),
  rotate_node_public_key: entry('rotate_node_public_key', [
    badge('NodeBadge', 'mut'),
    pure('confidential_compute_public_key_commitment', 'vector<u8>'),
    pure('confidential_compute_evidence_bytes', 'vector<u8>'),
    pure('key_rotation_counter', 'u64'),
    pure('device_type', 'u16'),
  ]),
  create_task_entry: admin(
    'create_task_entry',
    [
      pure('role', 'u16'),
      pure('model_name', 'option<string>'),
      pure('security_level', 'option<u16>'),
      pure('minimum_reputation_score', 'option<u8>'),
      pure('is_public', 'bool'),
    ],
    true,
  ),
  whitelist_nodes_for_task: admin('whitelist_nodes_for_task', [taskId, pure('nodes', 'vector<u64>')]),
  new_network_key_rotation: {
    ...admin('new_network_key_rotation', [{ name: 'random', kind: 'random' }], true),
    visibility: 'private',
    usesRandom: true,
  },
} as const satisfies Record<string, CallSpec>;

/** Name of a callable G2 function. */
export type G2CallName = keyof typeof G2_CALLS;
