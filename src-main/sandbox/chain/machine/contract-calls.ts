/** Runs a call of the contract: decoded arguments to a rule, the rule's effect to coins, badges, objects and events (protocol.md 2, 3). */
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { G1_CALLS, dbType, eventType } from '../../../../src-shared/atoma/index.ts';
import * as rules from '../rules/index.ts';
import type { Abort, AbortModule, Effect, RuleEvent } from '../rules/index.ts';
import type { Value } from './arguments.ts';
import { decodeArguments } from './call-arguments.ts';
import type { CallArguments } from './call-arguments.ts';
import type { MachineCall } from './call-shape.ts';
import { coinBalance, coinDraft } from './chain-object.ts';
import { nobody, setBalance } from './coin-commands.ts';
import { RULES } from './contract-rules.ts';
import { contractAt } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import { fail } from './failure.ts';
import type { MovePlace } from './failure.ts';
import { notExecuted, packageCalls } from './legacy-calls.ts';
import { CREATE_MANAGER_BADGE, runCreateManagerBadge } from './manager-badge.ts';
import { project } from './projection.ts';
import { paramsDraft, promptEvent } from './prompt-contents.ts';
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

/** Functions of the package in which a call of another of its modules aborts. */
const innerFunctions: Readonly<Record<string, string>> = {
  db: 'get_model_echelons_if_enabled',
  gate: 'submit_prompt',
  settlement: 'new_ticket',
};

const placeOf = (abortModule: AbortModule, here: MovePlace): MovePlace => {
  if (!isOwn(abortModule)) return frameworkPlaces[abortModule];
  const module = abortModule.slice('atoma::'.length);
  return module === here.module ? here : { ...here, module, functionName: innerFunctions[module] ?? '' };
};
const isOwn = (module: AbortModule): module is Extract<AbortModule, `atoma::${string}`> => module.startsWith('atoma::');

const failWith = (abort: Abort, here: MovePlace): never => {
  if (abort.kind === 'gas') return fail({ kind: 'plain', name: 'InsufficientGas' });
  if (abort.kind === 'arithmetic') return fail({ kind: 'arithmetic', place: here });
  return fail({ kind: 'abort', place: placeOf(abort.module, here), code: abort.code });
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

/** Makes the badge: the sender's, or the transaction's own when the function returns it. */
const grantBadge = (runtime: Runtime, grant: NonNullable<Effect['grant']>, returned: boolean): string => {
  const { deployment, scratch } = runtime;
  const id = scratch.newId();
  scratch.put({
    id,
    type: dbType(deployment.packageId, grant.badge),
    owner: returned ? nobody : { kind: 'address', address: runtime.sender },
    contents: contractAt(deployment).objects.NodeBadge.serialize({ id, smallId: grant.smallId }).toBytes(),
  });
  if (returned) runtime.held.add(id);
  if (grant.badge === 'NodeBadge') {
    runtime.index = { ...runtime.index, badges: rules.withEntry(runtime.index.badges, grant.smallId, id) };
  }
  return id;
};

/** What a call pays with: a coin, money without one, or nothing. */
interface Wallet {
  readonly amount: bigint;
  charge(amount: bigint): void;
}

const noWallet: Wallet = { amount: 0n, charge: () => undefined };

const walletOf = (runtime: Runtime, spec: MachineCall, a: CallArguments): Wallet => {
  const kind = spec.params.find((param) => param.kind === 'coin' || param.kind === 'balance')?.kind;
  if (kind === 'balance') {
    const money = a.money('wallet');
    return { amount: money.amount, charge: (amount) => void (money.amount -= amount) };
  }
  const coin = kind === 'coin' ? runtime.scratch.get(a.objectId('wallet')) : null;
  if (!coin) return noWallet;
  const amount = coinBalance(coin);
  return { amount, charge: (charged) => setBalance(runtime, coin, runtime.deployment.coinType, amount - charged) };
};

/** Writes what a rule did; the badge it granted, if any. */
const applyEffect = (runtime: Runtime, spec: MachineCall, effect: Effect, wallet: Wallet): string | null => {
  const { scratch, deployment } = runtime;
  if (effect.charge > 0n) wallet.charge(effect.charge);
  const grantedId = effect.grant ? grantBadge(runtime, effect.grant, spec.returns !== undefined) : null;
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
  for (const event of effect.promptEvents) {
    const params = paramsDraft(deployment, event);
    if (params) scratch.put(params);
    runtime.events.push(promptEvent(deployment, { sender: runtime.sender, module: spec.module }, event));
  }
  return grantedId;
};

/** The called function, whether it is executed here or not. Throws NotExecuted for one that is known and not executed. */
const specOf = (runtime: Runtime, call: MoveCall): MachineCall => {
  const reason = notExecuted(call.module, call.function);
  if (reason !== null) {
    throw new rules.NotExecuted(`The sandbox does not execute ${call.module}::${call.function}: ${reason}`);
  }
  const spec = packageCalls(runtime.deployment.generation).get(call.function);
  return spec?.module === call.module ? spec : fail({ kind: 'plain', name: 'FunctionNotFound' });
};

/** Runs a function of the contract's package. Throws NotExecuted where its outcome is not known (docs/sandbox.md). */
export const runContractCall = (runtime: Runtime, call: MoveCall): readonly Value[] => {
  if (call.module === 'db' && CREATE_MANAGER_BADGE.has(call.function)) return runCreateManagerBadge(runtime, call);
  const spec = specOf(runtime, call);
  if (call.typeArguments.length > 0) return fail({ kind: 'plain', name: 'TypeArityMismatch' });
  const a = decodeArguments(runtime, spec, call.arguments);
  const rule = RULES[spec.function as keyof typeof RULES];
  const { sender, epoch, epochStartMs, draws } = runtime;
  const context = { sender, epoch, epochStartMs, draws };
  const wallet = walletOf(runtime, spec, a);
  const walletAmount = (): bigint => wallet.amount;
  const outcome = rules.attempt(() =>
    rule({ a, context, world: runtime.world, walletAmount, newId: runtime.scratch.newId }),
  );
  const here = { packageId: runtime.deployment.packageId, module: spec.module, functionName: spec.function };
  if (!outcome.ok) return failWith(outcome.abort, here);
  const granted = applyEffect(runtime, spec, outcome.effect, wallet);
  for (const param of spec.params) {
    if (param.kind === 'badge' && param.passing === 'value') runtime.scratch.remove(a.objectId(param.name));
  }
  return spec.returns === undefined || granted === null ? [] : [{ kind: 'object', id: granted }];
};

/** Runs `toma::faucet`: mints to the sender. Only TOMA has one. */
export const runFaucet = (runtime: Runtime, call: MoveCall): readonly Value[] => {
  const { scratch, deployment, sender } = runtime;
  const spec = G1_CALLS.faucet;
  const found = deployment.faucetId !== null && call.module === spec.module && call.function === spec.function;
  if (!found) return fail({ kind: 'plain', name: 'FunctionNotFound' });
  const args = decodeArguments(runtime, spec, call.arguments);
  scratch.put(
    coinDraft(scratch.newId(), deployment.coinType, args.u64('amount'), { kind: 'address', address: sender }),
  );
  return [];
};
