/** The G1 contract's callable functions: module, visibility and parameters in order (protocol.md 2.1 to 2.4, 2.7). */

/** Where a pure argument's bytes come from: its BCS shape. */
export type PureKind =
  'u8' | 'u16' | 'u64' | 'vector<u8>' | 'vector<u64>' | 'option<u8>' | 'option<u16>' | 'option<string>';
/** Badges that stand for a right. */
export type BadgeKind = 'NodeBadge' | 'TaskBadge' | 'AtomaManagerBadge';
/** How an owned object is passed: by shared reference, by mutable reference, or consumed. */
export type Passing = 'ref' | 'mut' | 'value';

/** One parameter of a call. The database, where it is taken, is a parameter like any other; the runtime's TxContext is not one. */
export type Param =
  | { readonly name: string; readonly kind: 'shared'; readonly object: 'AtomaDb' | 'Faucet' }
  | { readonly name: string; readonly kind: 'random' }
  | { readonly name: string; readonly kind: 'badge'; readonly badge: BadgeKind; readonly passing: Passing }
  | { readonly name: string; readonly kind: 'coin' }
  | { readonly name: string; readonly kind: 'pure'; readonly pure: PureKind };

/** One callable function. `usesRandom`: nothing but TransferObjects and MergeCoins may follow it in a transaction (protocol.md 1.3). */
export interface CallSpec {
  readonly module: 'db' | 'toma';
  readonly function: string;
  readonly visibility: 'public' | 'private';
  readonly params: readonly Param[];
  readonly usesRandom: boolean;
  /** Whether the signature ends with `&mut TxContext`, which the runtime supplies. */
  readonly takesContext: boolean;
}

const db: Param = { name: 'self', kind: 'shared', object: 'AtomaDb' };
const random: Param = { name: 'random', kind: 'random' };
const pure = (name: string, kind: PureKind): Param => ({ name, kind: 'pure', pure: kind });
const badge = (kind: BadgeKind, passing: Passing, name = 'node_badge'): Param => ({
  name,
  kind: 'badge',
  badge: kind,
  passing,
});
const wallet: Param = { name: 'wallet', kind: 'coin' };
const nodeRef = badge('NodeBadge', 'ref');
const taskId = pure('task_small_id', 'u64');
const stackId = pure('stack_small_id', 'u64');
const price = pure('price_per_compute_unit', 'u64');
const maxUnits = pure('max_num_compute_units', 'u64');
const proof = pure('committed_stack_proof', 'vector<u8>');
const leaf = pure('stack_merkle_leaf', 'vector<u8>');

const entry = (name: string, params: readonly Param[], takesContext = true): CallSpec => ({
  module: 'db',
  function: name,
  visibility: 'public',
  params: [db, ...params],
  usesRandom: false,
  takesContext,
});
const randomEntry = (name: string, params: readonly Param[]): CallSpec => ({
  ...entry(name, [...params, random]),
  visibility: 'private',
  usesRandom: true,
});
const admin = (name: string, params: readonly Param[], takesContext = false): CallSpec =>
  entry(name, [badge('AtomaManagerBadge', 'ref', 'badge'), ...params], takesContext);

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
