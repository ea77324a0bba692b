/** Runs a call of the contract: decoded arguments to a rule, the rule's effect to coins, badges, objects and events (protocol.md 2, 3). */
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { G1_CALLS, G1_EVENTS, G1_OBJECTS, dbType, eventType } from '../../../../src-shared/atoma/index.ts';
import type { G1CallName } from '../../../../src-shared/atoma/index.ts';
import * as rules from '../rules/index.ts';
import type { Abort, AbortModule, Effect, NumericSetting, RuleContext, RuleEvent } from '../rules/index.ts';
import { decodeArguments } from './call-arguments.ts';
import type { CallArguments } from './call-arguments.ts';
import { coinBalance, coinDraft } from './chain-object.ts';
import { setBalance } from './coin-commands.ts';
import { fail } from './failure.ts';
import type { MovePlace } from './failure.ts';
import { project } from './projection.ts';
import type { Runtime } from './runtime.ts';
import type { MoveCall } from './transaction-data.ts';

type ContractCall = Exclude<G1CallName, 'faucet'>;
type Rule = (a: CallArguments, context: RuleContext, runtime: Runtime) => Effect;

const setting =
  (name: NumericSetting, parameter = 'permille'): Rule =>
  (a, _context, { world }) =>
    rules.changeSetting(world, name, a.u64(parameter));
const offer = (a: CallArguments) => ({
  node: a.badgeNumber('node_badge'),
  task: a.u64('task_small_id'),
  price: a.u64('price_per_compute_unit'),
  maxUnits: a.u64('max_num_compute_units'),
});
const answer = (a: CallArguments) => ({
  node: a.badgeNumber('node_badge'),
  stack: a.u64('stack_small_id'),
  proof: a.bytes('committed_stack_proof'),
  leaf: a.bytes('stack_merkle_leaf'),
});
const walletAmount = (a: CallArguments, runtime: Runtime): bigint => {
  const draft = runtime.scratch.get(a.objectId('wallet'));
  return draft ? coinBalance(draft) : 0n;
};

/** One rule per function of the call table. */
const ruleOf: Readonly<Record<ContractCall, Rule>> = {
  register_node_entry: (a, context, runtime) => rules.registerNode(runtime.world, context, walletAmount(a, runtime)),
  permanently_disable_node: (a, context, { world }) => rules.disableNode(world, context, a.badgeNumber('node_badge')),
  destroy_disabled_node: (a, context, { world }) => rules.destroyNode(world, context, a.badgeNumber('node_badge')),
  withdraw_fees: (a, context, { world }) => rules.withdrawFees(world, context, a.badgeNumber('node_badge')),
  subscribe_node_to_task: (a, _context, { world }) => rules.subscribe(world, offer(a)),
  update_node_subscription: (a, _context, { world }) => rules.updateSubscription(world, offer(a)),
  unsubscribe_node_from_task: (a, _context, { world }) =>
    rules.unsubscribe(world, { node: a.badgeNumber('node_badge'), task: a.u64('task_small_id') }),
  create_task_entry: (a, _context, { world }) =>
    rules.createTask(world, {
      role: a.number('role'),
      modelName: a.optionalText('model_name'),
      security: a.optionalNumber('security_level'),
      minimumReputation: a.optionalNumber('minimum_reputation_score'),
    }),
  deprecate_task: (a, context, { world }) => rules.deprecateTask(world, context, a.badgeNumber('task_badge')),
  remove_deprecated_task: (a, context, { world }) => rules.removeTask(world, context, a.badgeNumber('task_badge')),
  acquire_new_stack_entry: (a, context, runtime) =>
    rules.acquireStack(runtime.world, context, {
      task: a.u64('task_small_id'),
      units: a.u64('num_compute_units'),
      price: a.u64('price'),
      walletAmount: walletAmount(a, runtime),
    }),
  try_settle_stack: (a, context, { world }) =>
    rules.trySettle(world, context, { ...answer(a), claimedUnits: a.u64('num_claimed_compute_units') }),
  submit_stack_settlement_attestation: (a, context, { world }) => rules.attest(world, context, answer(a)),
  start_attestation_dispute: (a, _context, { world }) =>
    rules.dispute(world, {
      node: a.badgeNumber('node_badge'),
      stack: a.u64('stack_small_id'),
      commitment: a.bytes('attestation_commitment'),
    }),
  claim_funds: (a, context, { world }) =>
    rules.claimFunds(world, context, a.badgeNumber('node_badge'), a.list('settled_ticket_ids')),
  remove_deprecated_task_by_admin: (a, context, { world }) =>
    rules.removeTaskByAdmin(world, context, a.u64('task_small_id')),
  disable_registration: (_a, _context, { world }) => rules.openRegistration(world, false),
  enable_registration: (_a, _context, { world }) => rules.openRegistration(world, true),
  set_required_registration_toma_collateral: setting('registrationCollateral', 'amount'),
  set_permille_to_slash_node_on_timeout: setting('slashOnTimeoutPermille'),
  set_permille_for_oracle_on_dispute: setting('oracleOnDisputePermille'),
  set_permille_for_honest_nodes_on_dispute: setting('honestNodesOnDisputePermille'),
  set_cross_validation_probability_permille: setting('crossValidationProbabilityPermille'),
  set_cross_validation_extra_nodes_count: setting('crossValidationExtraNodesCount', 'count'),
  set_cross_validation_extra_nodes_charge_permille: setting('crossValidationExtraNodesChargePermille'),
  set_sampling_consensus_charge_permille: setting('samplingConsensusChargePermille'),
};

/** Framework functions in which the framework's aborts surface. */
const frameworkPlaces: Readonly<Record<Exclude<AbortModule, 'atoma::db'>, MovePlace>> = {
  'sui::balance': { packageId: normalizeSuiAddress('0x2'), module: 'balance', functionName: 'split' },
  'sui::dynamic_field': {
    packageId: normalizeSuiAddress('0x2'),
    module: 'dynamic_field',
    functionName: 'borrow_child_object_mut',
  },
  'sui::table_vec': { packageId: normalizeSuiAddress('0x2'), module: 'table_vec', functionName: 'borrow' },
  'std::option': { packageId: normalizeSuiAddress('0x1'), module: 'option', functionName: 'borrow' },
};

const failWith = (abort: Abort, here: MovePlace): never => {
  if (abort.kind === 'arithmetic') return fail({ kind: 'arithmetic', place: here });
  const place = abort.module === 'atoma::db' ? here : frameworkPlaces[abort.module];
  return fail({ kind: 'abort', place, code: abort.code });
};

const eventBytes = (event: RuleEvent, ids: object): Uint8Array => {
  const layouts: Readonly<Record<string, unknown>> = G1_EVENTS;
  const layout = layouts[event.name] as { serialize: (fields: object) => { toBytes: () => Uint8Array } };
  return layout.serialize({ ...event.fields, ...ids }).toBytes();
};

/** Ids of platform objects that an event names: a new badge, or the task's own object (protocol.md 3). */
const eventIds = (event: RuleEvent, grantedId: string | null, before: Runtime['index']): object => {
  if (event.name === 'TaskDeprecationEvent' || event.name === 'TaskRemovedEvent') {
    return { taskId: before.tasks.get(event.fields.taskSmallId)?.id };
  }
  return grantedId === null ? {} : { badgeId: grantedId, taskId: grantedId, stackId: grantedId };
};

const grantBadge = (runtime: Runtime, grant: NonNullable<Effect['grant']>): string => {
  const id = runtime.scratch.newId();
  runtime.scratch.put({
    id,
    type: dbType(runtime.deployment.packageId, grant.badge),
    owner: { kind: 'address', address: runtime.sender },
    contents: G1_OBJECTS.NodeBadge.serialize({ id, smallId: grant.smallId }).toBytes(),
  });
  if (grant.badge === 'NodeBadge') {
    runtime.index = { ...runtime.index, badges: rules.withEntry(runtime.index.badges, grant.smallId, id) };
  }
  return id;
};

const applyEffect = (runtime: Runtime, effect: Effect, walletId: string | null): void => {
  const { scratch, deployment } = runtime;
  const wallet = walletId === null ? null : scratch.get(walletId);
  if (wallet && effect.charge > 0n)
    setBalance(runtime, wallet, deployment.coinType, coinBalance(wallet) - effect.charge);
  const grantedId = effect.grant ? grantBadge(runtime, effect.grant) : null;
  const before = runtime.index;
  runtime.index = project(deployment, runtime.world, effect.world, runtime.index, scratch);
  runtime.world = effect.world;
  for (const { to, amount } of effect.payouts) {
    scratch.put(coinDraft(scratch.newId(), deployment.coinType, amount, { kind: 'address', address: to }));
  }
  for (const event of effect.events) {
    runtime.events.push({
      packageId: deployment.packageId,
      module: 'db',
      sender: runtime.sender,
      type: eventType(deployment.packageId, event.name),
      contents: eventBytes(event, eventIds(event, grantedId, before)),
    });
  }
};

const isContractCall = (name: string): name is ContractCall => Object.hasOwn(ruleOf, name);

/** Runs a function of module `db`. */
export const runContractCall = (runtime: Runtime, call: MoveCall): void => {
  if (!isContractCall(call.function)) return fail({ kind: 'plain', name: 'FunctionNotFound' });
  if (call.typeArguments.length > 0) return fail({ kind: 'plain', name: 'TypeArityMismatch' });
  const spec = G1_CALLS[call.function];
  const args = decodeArguments(runtime, spec, call.arguments);
  const rule = ruleOf[call.function];
  const context = { sender: runtime.sender, epoch: runtime.epoch, draws: runtime.draws };
  const outcome = rules.attempt(() => rule(args, context, runtime));
  const here = { packageId: runtime.deployment.packageId, module: 'db', functionName: call.function };
  if (!outcome.ok) return failWith(outcome.abort, here);
  const takesWallet = spec.params.some((param) => param.kind === 'coin');
  applyEffect(runtime, outcome.effect, takesWallet ? args.objectId('wallet') : null);
  for (const param of spec.params) {
    if (param.kind === 'badge' && param.passing === 'value') runtime.scratch.remove(args.objectId(param.name));
  }
};

/** Runs `toma::faucet`: mints to the sender. */
export const runFaucet = (runtime: Runtime, call: MoveCall): void => {
  if (call.function !== 'faucet') return fail({ kind: 'plain', name: 'FunctionNotFound' });
  const args = decodeArguments(runtime, G1_CALLS.faucet, call.arguments);
  const { scratch, deployment, sender } = runtime;
  scratch.put(
    coinDraft(scratch.newId(), deployment.coinType, args.u64('amount'), { kind: 'address', address: sender }),
  );
};
