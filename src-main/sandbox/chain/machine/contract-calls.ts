/** Runs a call of the contract: decoded arguments to a rule, the rule's effect to coins, badges, objects and events (protocol.md 2, 3). */
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { G1_CALLS, dbType, eventType } from '../../../../src-shared/atoma/index.ts';
import type { CallSpec } from '../../../../src-shared/atoma/index.ts';
import * as rules from '../rules/index.ts';
import type { Abort, AbortModule, Effect, RuleEvent } from '../rules/index.ts';
import { decodeArguments } from './call-arguments.ts';
import { coinBalance, coinDraft } from './chain-object.ts';
import { setBalance } from './coin-commands.ts';
import { RULES } from './contract-rules.ts';
import { contractAt } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import { fail } from './failure.ts';
import type { MovePlace } from './failure.ts';
import { notExecuted, packageCalls } from './legacy-calls.ts';
import { CREATE_MANAGER_BADGE, runCreateManagerBadge } from './manager-badge.ts';
import { project } from './projection.ts';
import type { Runtime } from './runtime.ts';
import type { MoveCall } from './transaction-data.ts';

const framework = (address: string, module: string, functionName: string): MovePlace => ({
  packageId: normalizeSuiAddress(address),
  module,
  functionName,
});

/** Framework functions in which the framework's aborts surface. */
const frameworkPlaces: Readonly<Record<Exclude<AbortModule, `atoma::${string}`>, MovePlace>> = {
  'sui::balance': framework('0x2', 'balance', 'split'),
  'sui::dynamic_field': framework('0x2', 'dynamic_field', 'borrow_child_object_mut'),
  'sui::table_vec': framework('0x2', 'table_vec', 'borrow'),
  'sui::vec_set': framework('0x2', 'vec_set', 'insert'),
  'std::option': framework('0x1', 'option', 'extract'),
};

const failWith = (abort: Abort, here: MovePlace): never => {
  if (abort.kind === 'gas') return fail({ kind: 'plain', name: 'InsufficientGas' });
  if (abort.kind === 'arithmetic') return fail({ kind: 'arithmetic', place: here });
  const own = abort.module === 'atoma::db' || abort.module === 'atoma::settlement';
  return fail({ kind: 'abort', place: own ? here : frameworkPlaces[abort.module], code: abort.code });
};

const eventBytes = (deployment: Deployment, event: RuleEvent, ids: object): Uint8Array => {
  const layout = contractAt(deployment).events[event.name] as unknown as {
    serialize: (fields: object) => { toBytes: () => Uint8Array };
  };
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
  const { deployment, scratch } = runtime;
  const id = scratch.newId();
  scratch.put({
    id,
    type: dbType(deployment.packageId, grant.badge),
    owner: { kind: 'address', address: runtime.sender },
    contents: contractAt(deployment).objects.NodeBadge.serialize({ id, smallId: grant.smallId }).toBytes(),
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
      contents: eventBytes(deployment, event, eventIds(event, grantedId, before)),
    });
  }
};

/** The called function, whether it is executed here or not. Throws NotExecuted for one that is known and not executed. */
const specOf = (runtime: Runtime, call: MoveCall): CallSpec => {
  const reason = notExecuted(call.module, call.function);
  if (reason !== null) {
    throw new rules.NotExecuted(`The sandbox does not execute ${call.module}::${call.function}: ${reason}`);
  }
  const spec = packageCalls(runtime.deployment.generation).get(call.function);
  return spec?.module === call.module ? spec : fail({ kind: 'plain', name: 'FunctionNotFound' });
};

/** Runs a function of the contract's package. Throws NotExecuted where its outcome is not known (docs/sandbox.md). */
export const runContractCall = (runtime: Runtime, call: MoveCall): void => {
  if (call.module === 'db' && call.function === CREATE_MANAGER_BADGE) return runCreateManagerBadge(runtime, call);
  const spec = specOf(runtime, call);
  if (call.typeArguments.length > 0) return fail({ kind: 'plain', name: 'TypeArityMismatch' });
  const a = decodeArguments(runtime, spec, call.arguments);
  const rule = RULES[spec.function as keyof typeof RULES];
  const context = { sender: runtime.sender, epoch: runtime.epoch, draws: runtime.draws };
  const walletId = spec.params.some((param) => param.kind === 'coin') ? a.objectId('wallet') : null;
  const wallet = walletId === null ? null : runtime.scratch.get(walletId);
  const walletAmount = (): bigint => (wallet ? coinBalance(wallet) : 0n);
  const outcome = rules.attempt(() => rule({ a, context, world: runtime.world, walletAmount }));
  const here = { packageId: runtime.deployment.packageId, module: spec.module, functionName: spec.function };
  if (!outcome.ok) return failWith(outcome.abort, here);
  applyEffect(runtime, outcome.effect, walletId);
  for (const param of spec.params) {
    if (param.kind === 'badge' && param.passing === 'value') runtime.scratch.remove(a.objectId(param.name));
  }
};

/** Runs `toma::faucet`: mints to the sender. Only TOMA has one. */
export const runFaucet = (runtime: Runtime, call: MoveCall): void => {
  const { scratch, deployment, sender } = runtime;
  const spec = G1_CALLS.faucet;
  const found = deployment.faucetId !== null && call.module === spec.module && call.function === spec.function;
  if (!found) return fail({ kind: 'plain', name: 'FunctionNotFound' });
  const args = decodeArguments(runtime, spec, call.arguments);
  scratch.put(
    coinDraft(scratch.newId(), deployment.coinType, args.u64('amount'), { kind: 'address', address: sender }),
  );
};
