/** The G1 contract's callable functions: module, visibility and parameters in order (protocol.md 2.1 to 2.4, 2.7). */
import { admin, badge, entry, leaf, nodeRef, proof, pure, randomEntry, stackId, taskId, wallet } from './call-spec.ts';
import type { CallSpec } from './call-spec.ts';

const price = pure('price_per_compute_unit', 'u64');
const maxUnits = pure('max_num_compute_units', 'u64');

/** Functions by name. Order of `params` is the order of arguments in a MoveCall. */
export const G1_CALLS = {
  register_node_entry: entry('register_node_entry', [wallet]),
  permanently_disable_node: entry('permanently_disable_node', [nodeRef]),
  destroy_disabled_node: entry('destroy_disabled_node', [badge('NodeBadge', 'value')]),
  withdraw_fees: entry('withdraw_fees', [nodeRef]),
  subscribe_node_to_task: entry('subscribe_node_to_task', [badge('NodeBadge', 'mut'), taskId, price, maxUnits], false),
  update_node_subscription: entry(
    'update_node_subscription',
    [badge('NodeBadge', 'mut'), taskId, price, maxUnits],
    false,
  ),
  unsubscribe_node_from_task: entry('unsubscribe_node_from_task', [badge('NodeBadge', 'mut'), taskId], false),
  create_task_entry: entry('create_task_entry', [
    pure('role', 'u16'),
    pure('model_name', 'option<string>'),
    pure('security_level', 'option<u16>'),
    pure('minimum_reputation_score', 'option<u8>'),
  ]),
  deprecate_task: entry('deprecate_task', [badge('TaskBadge', 'ref', 'task_badge')]),
  remove_deprecated_task: entry('remove_deprecated_task', [badge('TaskBadge', 'value', 'task_badge')]),
  acquire_new_stack_entry: randomEntry('acquire_new_stack_entry', [
    wallet,
    taskId,
    pure('num_compute_units', 'u64'),
    pure('price', 'u64'),
  ]),
  try_settle_stack: randomEntry('try_settle_stack', [
    nodeRef,
    stackId,
    pure('num_claimed_compute_units', 'u64'),
    proof,
    leaf,
  ]),
  submit_stack_settlement_attestation: entry('submit_stack_settlement_attestation', [nodeRef, stackId, proof, leaf]),
  start_attestation_dispute: entry(
    'start_attestation_dispute',
    [nodeRef, stackId, pure('attestation_commitment', 'vector<u8>')],
    false,
  ),
  claim_funds: entry('claim_funds', [nodeRef, pure('settled_ticket_ids', 'vector<u64>')]),
  remove_deprecated_task_by_admin: admin('remove_deprecated_task_by_admin', [taskId], true),
  disable_registration: admin('disable_registration', []),
  enable_registration: admin('enable_registration', []),
  set_required_registration_toma_collateral: admin('set_required_registration_toma_collateral', [
    pure('amount', 'u64'),
  ]),
  set_permille_to_slash_node_on_timeout: admin('set_permille_to_slash_node_on_timeout', [pure('permille', 'u64')]),
  set_permille_for_oracle_on_dispute: admin('set_permille_for_oracle_on_dispute', [pure('permille', 'u64')]),
  set_permille_for_honest_nodes_on_dispute: admin('set_permille_for_honest_nodes_on_dispute', [
    pure('permille', 'u64'),
  ]),
  set_cross_validation_probability_permille: admin('set_cross_validation_probability_permille', [
    pure('permille', 'u64'),
  ]),
  set_cross_validation_extra_nodes_count: admin('set_cross_validation_extra_nodes_count', [pure('count', 'u64')]),
  set_cross_validation_extra_nodes_charge_permille: admin('set_cross_validation_extra_nodes_charge_permille', [
    pure('permille', 'u64'),
  ]),
  set_sampling_consensus_charge_permille: admin('set_sampling_consensus_charge_permille', [pure('permille', 'u64')]),
  faucet: {
    module: 'toma',
    function: 'faucet',
    visibility: 'private',
    params: [{ name: 'faucet', kind: 'shared', object: 'Faucet' }, pure('amount', 'u64')],
    usesRandom: false,
    takesContext: true,
  },
} as const satisfies Record<string, CallSpec>;

/** Name of a callable G1 function. */
export type G1CallName = keyof typeof G1_CALLS;
