/** Which rule each function of the contract runs, and how its arguments are named (protocol.md 2). */
import * as rules from '../rules/index.ts';
import type { Effect, NumericSetting, RuleContext, World } from '../rules/index.ts';
import type { CallName } from '../../../../src-shared/atoma/index.ts';
import type { CallArguments } from './call-arguments.ts';
import type { LegacyName } from './legacy-calls.ts';
import { imagePrompt, textPrompt } from './prompt-calls.ts';
import type { ReturningName } from './returning-calls.ts';

/** What a rule gets: decoded arguments, the call's context, the state, and how much the wallet given, a coin or money without one, holds. */
export interface RuleInput {
  readonly a: CallArguments;
  readonly context: RuleContext;
  readonly world: World;
  readonly walletAmount: () => bigint;
  /** Id of an object that the call makes and its rule must know. */
  readonly newId: () => string;
}
type Rule = (input: RuleInput) => Effect;

const setting =
  (name: NumericSetting, parameter = 'permille'): Rule =>
  ({ a, world }) =>
    rules.changeSetting(world, name, a.u64(parameter));
const node = (a: CallArguments): bigint => a.badgeNumber('node_badge');
/** The price's parameter is named after its unit; only G1 has a capacity. */
const offer = ({ a }: RuleInput) => ({
  node: node(a),
  task: a.u64('task_small_id'),
  price: a.has('price_per_compute_unit')
    ? a.u64('price_per_compute_unit')
    : a.u64('price_per_one_million_compute_units'),
  maxUnits: a.has('max_num_compute_units') ? a.u64('max_num_compute_units') : null,
});
const answer = (a: CallArguments) => ({
  node: node(a),
  stack: a.u64('stack_small_id'),
  proof: a.bytes('committed_stack_proof'),
  leaf: a.bytes('stack_merkle_leaf'),
});
const echelon = (a: CallArguments) => ({ model: a.text('model_name'), echelon: a.u64('echelon') });

const nodeRules = {
  register_node_entry: ({ context, world, walletAmount }) => rules.registerNode(world, context, walletAmount()),
  register_node: ({ context, world, walletAmount }) => rules.registerNode(world, context, walletAmount()),
  permanently_disable_node: ({ a, context, world }) => rules.disableNode(world, context, node(a)),
  destroy_disabled_node: ({ a, context, world }) => rules.destroyNode(world, context, node(a)),
  withdraw_fees: ({ a, context, world }) => rules.withdrawFees(world, context, node(a)),
  subscribe_node_to_task: (input) => rules.subscribe(input.world, offer(input)),
  update_node_subscription: (input) => rules.updateSubscription(input.world, offer(input)),
  unsubscribe_node_from_task: ({ a, world }) =>
    rules.unsubscribe(world, { node: node(a), task: a.u64('task_small_id') }),
  try_settle_stack: ({ a, context, world }) =>
    rules.trySettle(world, context, { ...answer(a), claimedUnits: a.u64('num_claimed_compute_units') }),
  submit_stack_settlement_attestation: ({ a, context, world }) => rules.attest(world, context, answer(a)),
  start_attestation_dispute: ({ a, world }) =>
    rules.dispute(world, {
      node: node(a),
      stack: a.u64('stack_small_id'),
      commitment: a.bytes('attestation_commitment'),
    }),
  claim_funds: ({ a, context, world }) => rules.claimFunds(world, context, node(a), a.list('settled_ticket_ids')),
  claim_funds_for_stacks: ({ a, context, world }) =>
    rules.claimFundsForStacks(world, context, node(a), {
      stacks: a.list('stack_small_ids'),
      units: a.list('num_compute_units_per_stack_to_claim'),
    }),
  rotate_node_public_key: ({ a, context, world }) =>
    rules.rotateNodeKey(world, context, {
      node: node(a),
      publicKey: a.bytes('confidential_compute_public_key_commitment'),
      evidence: a.bytes('confidential_compute_evidence_bytes'),
      counter: a.u64('key_rotation_counter'),
      deviceType: a.number('device_type'),
    }),
} satisfies Partial<Record<CallName | ReturningName, Rule>>;

/** A level that is not optional is one that is given. */
const createTask: Rule = ({ a, world }) =>
  rules.createTask(world, {
    role: a.number('role'),
    modelName: a.optionalText('model_name'),
    security: a.optionalNumber('security_level'),
    minimumReputation: a.optionalNumber('minimum_reputation_score'),
    isPublic: a.has('is_public') ? a.flag('is_public') : true,
  });

const taskRules = {
  create_task_entry: createTask,
  create_task: createTask,
  deprecate_task: ({ a, context, world }) => rules.deprecateTask(world, context, a.badgeNumber('task_badge')),
  remove_deprecated_task: ({ a, context, world }) => rules.removeTask(world, context, a.badgeNumber('task_badge')),
  acquire_new_stack_entry: ({ a, context, world, walletAmount }) =>
    rules.acquireStack(world, context, {
      task: a.u64('task_small_id'),
      units: a.u64('num_compute_units'),
      price: a.u64('price'),
      walletAmount: walletAmount(),
    }),
} satisfies Partial<Record<CallName | ReturningName, Rule>>;

const adminRules = {
  remove_deprecated_task_by_admin: ({ a, context, world }) =>
    rules.removeTaskByAdmin(world, context, a.u64('task_small_id')),
  disable_registration: ({ world }) => rules.openRegistration(world, false),
  enable_registration: ({ world }) => rules.openRegistration(world, true),
  set_required_registration_toma_collateral: setting('registrationCollateral', 'amount'),
  set_permille_to_slash_node_on_timeout: setting('slashOnTimeoutPermille'),
  set_permille_for_oracle_on_dispute: setting('oracleOnDisputePermille'),
  set_permille_for_honest_nodes_on_dispute: setting('honestNodesOnDisputePermille'),
  set_cross_validation_probability_permille: setting('crossValidationProbabilityPermille'),
  set_cross_validation_extra_nodes_count: setting('crossValidationExtraNodesCount', 'count'),
  set_cross_validation_extra_nodes_charge_permille: setting('crossValidationExtraNodesChargePermille'),
  set_sampling_consensus_charge_permille: setting('samplingConsensusChargePermille'),
  whitelist_nodes_for_task: ({ a, world }) => rules.whitelistNodes(world, a.u64('task_small_id'), a.list('nodes')),
  new_network_key_rotation: ({ context, world }) => rules.rotateNetworkKey(world, context, context.draws.nonce()),
} satisfies Partial<Record<CallName, Rule>>;

/** What the chain adds to a prompt. The random seed is drawn before anything else. */
const promptFacts = ({ context, walletAmount, newId }: RuleInput) => ({
  randomSeed: context.draws.nonce(),
  walletAmount: walletAmount(),
  ticketId: newId(),
});

/** The dormant model and prompt interface (protocol.md 2.5, 2.7). */
const legacyRules: Readonly<Record<LegacyName, Rule>> = {
  add_node_to_model: ({ a, world }) => rules.addNodeToModel(world, { ...echelon(a), node: node(a) }),
  remove_node_from_model: ({ a, world }) =>
    rules.removeNodeFromModel(world, { node: node(a), model: a.text('model_name'), index: a.u64('node_index') }),
  add_model_entry: ({ a, world }) => rules.addModel(world, a.text('model_name'), a.u64('modality')),
  remove_model: ({ a, world }) => rules.removeModel(world, a.text('model_name')),
  disable_model: ({ a, world }) => rules.enableModel(world, a.text('model_name'), false),
  enable_model: ({ a, world }) => rules.enableModel(world, a.text('model_name'), true),
  add_model_echelon_entry: ({ a, world }) =>
    rules.addEchelon(world, {
      ...echelon(a),
      inputFeePerToken: a.u64('input_fee_per_token'),
      outputFeePerToken: a.u64('output_fee_per_token'),
      relativePerformance: a.u64('relative_performance'),
    }),
  remove_model_echelon: ({ a, world }) => rules.removeEchelon(world, echelon(a)),
  set_model_echelon_fee: ({ a, world }) =>
    rules.setEchelonFees(world, echelon(a), {
      inputFeePerToken: a.u64('new_input_fee_per_token'),
      outputFeePerToken: a.u64('new_output_fee_per_token'),
    }),
  set_model_echelon_settlement_timeout_ms: ({ a, world }) =>
    rules.setEchelonTimeout(world, echelon(a), a.u64('new_timeout_ms')),
  add_model_echelon_oracle_node: ({ a, world }) => rules.addOracle(world, echelon(a), a.u64('node_small_id')),
  remove_model_echelon_oracle_node: ({ a, world }) => rules.removeOracle(world, echelon(a), a.u64('node_small_id')),
  send_prompt: (input) => rules.sendPrompt(input.world, input.context, textPrompt(input.a, promptFacts(input))),
  send_image_prompt: (input) => rules.sendPrompt(input.world, input.context, imagePrompt(input.a, promptFacts(input))),
  submit_commitment: ({ a, context, world }) =>
    rules.submitCommitment(world, context, {
      node: a.badgeNumber('badge'),
      ticketId: a.text('ticket_id'),
      inputTokens: a.u64('input_tokens_count'),
      outputTokens: a.u64('output_tokens_count'),
      merkleRoot: a.bytes('merkle_root'),
      chunkHash: a.bytes('chunk_hash'),
    }),
  try_to_settle: ({ a, context, world }) => rules.tryToSettle(world, context, a.text('ticket_id')),
  settle_dispute: ({ a, context, world }) =>
    rules.settleDispute(world, context, {
      node: node(a),
      ticketId: a.text('ticket_id'),
      leaves: a.bytes('oracle_merkle_leaves'),
    }),
};

/** The rule of each function that is executed. */
export const RULES: Readonly<Record<Exclude<CallName, 'faucet'> | LegacyName | ReturningName, Rule>> = {
  ...nodeRules,
  ...taskRules,
  ...adminRules,
  ...legacyRules,
};
