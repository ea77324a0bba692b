/** The publisher: signs and submits the administrator's own transactions, one after another, like any other wallet. */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import type { TransactionArgument } from '@mysten/sui/transactions';
import type { GrpcTypes as T } from '@mysten/sui/grpc';
import { RANDOM_OBJECT_ID } from '../../../../src-shared/atoma/index.ts';
import type { CallName } from '../../../../src-shared/atoma/index.ts';
import type { AdminCall, GenesisTask } from '../chain-api.ts';
import { contractAt } from '../machine/deployment.ts';
import { REFERENCE_GAS_PRICE } from '../machine/gas.ts';
import type { ChainCore } from './chain-core.ts';
import { publisherObjects } from './genesis.ts';

const BUDGET_MIST = 1_000_000_000n;

/** What the publisher can be asked to do; each resolves when its transaction is committed, rejects when it failed. */
export interface Publisher {
  readonly address: string;
  sendSui(to: string, amountMist: bigint): Promise<void>;
  /** Sends the contract's coin; amount in base units. */
  sendCoin(to: string, amount: bigint): Promise<void>;
  administer(call: AdminCall): Promise<void>;
}

/** Key of a chain's publisher. */
export const publisherKey = (secret: Uint8Array): Ed25519Keypair => Ed25519Keypair.fromSecretKey(secret);

/** Creates the publisher over a chain. */
export function createPublisher(core: ChainCore, key: Ed25519Keypair): Publisher {
  const address = key.toSuiAddress();
  const { deployment, store } = core.state;
  const own = publisherObjects(core.chainId);
  // One purse and one gas coin: transactions must not overtake each other.
  let last: Promise<unknown> = Promise.resolve();

  const reference = (objectId: string) => {
    const object = store.get(objectId);
    if (!object) throw new Error(`publisher's object ${objectId} is missing`);
    return { objectId, version: String(object.version), digest: object.digest };
  };
  const submit = async (build: (tx: Transaction) => void): Promise<T.ExecutedTransaction> => {
    const tx = new Transaction();
    build(tx);
    tx.setSender(address);
    tx.setGasPrice(REFERENCE_GAS_PRICE);
    tx.setGasBudget(BUDGET_MIST);
    tx.setGasPayment([reference(own.gas)]);
    const { bytes, signature } = await key.signTransaction(await tx.build());
    const executed = await core.submit(Uint8Array.from(Buffer.from(bytes, 'base64')), [signature]);
    const status = executed.effects?.status;
    if (!status?.success) throw new Error(status?.error?.description ?? 'the transaction failed');
    return executed;
  };
  const queued = async (build: (tx: Transaction) => void): Promise<void> => {
    const mine = last.then(() => submit(build));
    last = mine.catch(() => undefined);
    await mine;
  };
  const database = (tx: Transaction) =>
    tx.object(Inputs.SharedObjectRef({ objectId: deployment.atomaDbId, initialSharedVersion: 1, mutable: true }));
  const target = (name: CallName): `${string}::${string}::${string}` => `${deployment.packageId}::db::${name}`;

  const manager = (tx: Transaction) => tx.object(Inputs.ObjectRef(reference(own.badge)));
  const contract = contractAt(deployment);
  const createTask = (tx: Transaction, task: GenesisTask): void => {
    const { pure } = tx;
    const args = [
      pure.u16(task.role ?? 0),
      pure.option('string', task.modelName),
      pure.option('u16', contract.securityCodes[task.security ?? 'none']),
      pure.option('u8', null),
    ];
    const byManager = contract.tasksCreatedBy === 'manager';
    tx.moveCall({
      target: target('create_task_entry'),
      arguments: byManager
        ? [database(tx), manager(tx), ...args, pure.bool(task.isPublic ?? true)]
        : [database(tx), ...args],
    });
  };
  const administer = (tx: Transaction, call: AdminCall): void => {
    const admin = (name: CallName, ...rest: TransactionArgument[]): void =>
      void tx.moveCall({ target: target(name), arguments: [database(tx), manager(tx), ...rest] });
    switch (call.kind) {
      case 'create-task':
        return createTask(tx, call.task);
      case 'set':
        return admin(call.parameter, tx.pure.u64(call.value));
      case 'registration':
        return admin(call.open ? 'enable_registration' : 'disable_registration');
      case 'whitelist':
        return admin('whitelist_nodes_for_task', tx.pure.u64(call.task), tx.pure.vector('u64', [...call.nodes]));
      case 'rotate-network-key': {
        const random = { objectId: RANDOM_OBJECT_ID, initialSharedVersion: 1, mutable: false };
        return admin('new_network_key_rotation', tx.object(Inputs.SharedObjectRef(random)));
      }
    }
  };

  return {
    address,
    sendSui: (to, amountMist) =>
      queued((tx) => {
        const [coin] = tx.splitCoins(tx.gas, [amountMist]);
        tx.transferObjects([coin], to);
      }),
    sendCoin: (to, amount) =>
      queued((tx) => {
        const [coin] = tx.splitCoins(tx.object(Inputs.ObjectRef(reference(own.coin))), [amount]);
        tx.transferObjects([coin], to);
      }),
    administer: (call) => queued((tx) => administer(tx, call)),
  };
}
