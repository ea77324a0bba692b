/** Recorded steps as transactions of their senders: one call of the contract each, all coins of a wallet put together (format of contract-g1.json and contract-g2.json). */
import { Inputs, Transaction } from '@mysten/sui/transactions';
import type { TransactionArgument, TransactionObjectArgument } from '@mysten/sui/transactions';
import { coinObjectType, dbType, nodeBadgeType, u64Layout } from '../../../src-shared/atoma/index.ts';
import type { CallName } from '../../../src-shared/atoma/index.ts';
import type { ChainObject } from './machine/chain-object.ts';
import { contractAt } from './machine/deployment.ts';
import type { Deployment } from './machine/deployment.ts';
import { UnsupportedStep, securityCode } from './rules/recorded.ts';
import type { Step } from './rules/recorded.ts';

/** What a transaction is built from: the chain's ids and who owns what. */
export interface Holdings {
  readonly deployment: Deployment;
  readonly managerBadge: () => ChainObject | null;
  readonly addressOf: (who: string) => string;
  readonly owned: (who: string, type: string) => readonly ChainObject[];
  readonly newestTask: () => bigint;
}

type Arguments = (tx: Transaction) => TransactionArgument[];
interface Call {
  readonly name: CallName;
  readonly make: Arguments;
  /** Takes the sender's whole wallet, in one coin. */
  readonly wallet?: boolean;
}

const reference = (object: ChainObject) => ({
  objectId: object.id,
  version: String(object.version),
  digest: object.digest,
});
const ownedInput = (tx: Transaction, object: ChainObject | null | undefined, what: string) => {
  if (!object) throw new UnsupportedStep(`nobody shows ${what}`);
  return tx.object(Inputs.ObjectRef(reference(object)));
};
const sharedInput = (tx: Transaction, objectId: string, mutable: boolean) =>
  tx.object(Inputs.SharedObjectRef({ objectId, initialSharedVersion: 1, mutable }));
const bytes = (tx: Transaction, value: Uint8Array) => tx.pure.vector('u8', [...value]);
const random = (tx: Transaction) => sharedInput(tx, '0x8', false);
const manualDispute = new Uint8Array(32).fill(9);

/** Builds a step's transaction without gas; null for a step that is no transaction of the contract. Throws UnsupportedStep for a badge that the sender does not hold. */
export const createStepTransactions = (holdings: Holdings) => {
  const { deployment, owned, addressOf } = holdings;
  const { calls } = contractAt(deployment);
  const nodeBadge = (tx: Transaction, who: string) =>
    ownedInput(tx, owned(who, nodeBadgeType(deployment.packageId))[0], `${who}'s node badge`);
  const taskBadge = (tx: Transaction, who: string, task: bigint) => {
    const wanted = Buffer.from(u64Layout.serialize(task).toBytes());
    const badges = owned(who, dbType(deployment.packageId, 'TaskBadge'));
    return ownedInput(
      tx,
      badges.find((one) => wanted.equals(one.contents.slice(32))),
      `the badge of task ${task}`,
    );
  };
  const manager = (tx: Transaction) => ownedInput(tx, holdings.managerBadge(), "the manager's badge");
  const admin = (name: CallName, make: Arguments = () => []): Call => ({
    name,
    make: (tx) => [manager(tx), ...make(tx)],
  });
  const byNode = (who: string, name: CallName, make: Arguments = () => []): Call => ({
    name,
    make: (tx) => [nodeBadge(tx, who), ...make(tx)],
  });
  const offer = (step: Extract<Step, { op: 'subscribe' | 'update_subscription' }>): Arguments => {
    return ({ pure }) => [
      pure.u64(step.task),
      pure.u64(step.price),
      ...(step.max_units === undefined ? [] : [pure.u64(step.max_units)]),
    ];
  };
  const createTask = (step: Extract<Step, { op: 'create_task' }>): Call => {
    const make: Arguments = ({ pure }) => [
      pure.u16(step.role),
      pure.option('string', null),
      pure.option('u16', securityCode(deployment.generation, step.security)),
      pure.option('u8', step.min_reputation || null),
    ];
    const name = 'create_task_entry';
    return deployment.generation === 'G1'
      ? { name, make }
      : admin(name, (tx) => [...make(tx), tx.pure.bool(step.public ?? true)]);
  };

  const callOf = (step: Step, who: string): Call | null => {
    switch (step.op) {
      case 'set': {
        const name =
          step.param === 'required_registration_collateral' ? 'required_registration_toma_collateral' : step.param;
        if (!Object.hasOwn(calls, `set_${name}`)) throw new UnsupportedStep(`no parameter ${step.param}`);
        return admin(`set_${name}` as CallName, (tx) => [tx.pure.u64(step.value)]);
      }
      case 'disable_registration':
      case 'enable_registration':
        return admin(step.op);
      case 'create_task':
        return createTask(step);
      case 'deprecate_task':
      case 'remove_deprecated_task':
        return { name: step.op, make: (tx) => [taskBadge(tx, who, step.task ?? holdings.newestTask())] };
      case 'admin_remove_task':
        return admin('remove_deprecated_task_by_admin', (tx) => [tx.pure.u64(step.task)]);
      case 'whitelist':
        return admin('whitelist_nodes_for_task', (tx) => [tx.pure.u64(step.task), tx.pure.vector('u64', [step.node])]);
      case 'register_node':
        return { name: 'register_node_entry', make: () => [], wallet: deployment.generation === 'G1' };
      case 'disable_node':
        return byNode(who, 'permanently_disable_node');
      case 'destroy_node':
        return byNode(who, 'destroy_disabled_node');
      case 'withdraw_fees':
        return byNode(who, 'withdraw_fees');
      case 'subscribe':
        return byNode(who, 'subscribe_node_to_task', offer(step));
      case 'update_subscription':
        return byNode(who, 'update_node_subscription', offer(step));
      case 'unsubscribe':
        return byNode(who, 'unsubscribe_node_from_task', (tx) => [tx.pure.u64(step.task)]);
      case 'acquire': {
        const make: Arguments = (tx) => [
          tx.pure.u64(step.task),
          tx.pure.u64(step.units),
          tx.pure.u64(step.price),
          random(tx),
        ];
        return { name: 'acquire_new_stack_entry', make, wallet: true };
      }
      case 'settle':
        return byNode(who, 'try_settle_stack', (tx) => [
          tx.pure.u64(step.stack),
          tx.pure.u64(step.units),
          bytes(tx, step.proof),
          bytes(tx, step.leaf),
          random(tx),
        ]);
      case 'attest':
        return byNode(who, 'submit_stack_settlement_attestation', (tx) => [
          tx.pure.u64(step.stack),
          bytes(tx, step.proof),
          bytes(tx, step.leaf),
        ]);
      case 'dispute':
        return byNode(who, 'start_attestation_dispute', (tx) => [tx.pure.u64(step.stack), bytes(tx, manualDispute)]);
      case 'claim':
        return byNode(who, 'claim_funds', (tx) => [tx.pure.vector('u64', step.stacks)]);
      case 'claim_confidential':
        return byNode(who, 'claim_funds_for_stacks', (tx) => [
          tx.pure.vector('u64', step.stacks),
          tx.pure.vector('u64', step.units),
        ]);
      case 'mint':
      case 'put_collateral':
      case 'advance_epochs':
        return null;
    }
  };

  /** The sender's coins in one; an empty wallet is a coin of 0, which has to be given away again afterwards. */
  const walletCoin = (
    tx: Transaction,
    who: string,
  ): { readonly coin: TransactionObjectArgument; readonly made: boolean } => {
    const coins = owned(who, coinObjectType(deployment.coinType));
    const [first, ...rest] = coins.map((coin) => tx.object(Inputs.ObjectRef(reference(coin))));
    if (first && rest.length > 0) tx.mergeCoins(first, rest);
    if (first) return { coin: first, made: false };
    return { coin: tx.moveCall({ target: '0x2::coin::zero', typeArguments: [deployment.coinType] }), made: true };
  };

  return (step: Step, who: string): Transaction | null => {
    const call = callOf(step, who);
    if (call === null) return null;
    const tx = new Transaction();
    const database = sharedInput(tx, deployment.atomaDbId, true);
    const wallet = call.wallet ? walletCoin(tx, who) : null;
    tx.moveCall({
      target: `${deployment.packageId}::db::${call.name}`,
      arguments: [database, ...(wallet ? [wallet.coin] : []), ...call.make(tx)],
    });
    if (wallet?.made) tx.transferObjects([wallet.coin], addressOf(who));
    return tx;
  };
};
