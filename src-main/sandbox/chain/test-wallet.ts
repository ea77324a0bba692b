/** A test's wallet on the sandbox chain: the contract's calls as ordinary SDK transactions. */
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Signer } from '@mysten/sui/cryptography';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Transaction, coinWithBalance } from '@mysten/sui/transactions';
import type { CallName } from '../../../src-shared/atoma/index.ts';
import { nodeBadgeType } from '../../../src-shared/atoma/index.ts';
import type { SandboxChain } from './chain-api.ts';

/** Result of a transaction as the SDK gives it. */
export type Executed = Awaited<ReturnType<typeof runTransaction>>;

const include = {
  effects: true,
  events: true,
  balanceChanges: true,
  objectTypes: true,
  transaction: true,
  bcs: true,
} as const;

/** Builds, signs, executes; the success or failure as the SDK tells it apart. */
export const runTransaction = async (client: SuiGrpcClient, signer: Signer, tx: Transaction) =>
  client.signAndExecuteTransaction({ transaction: tx, signer, include });

/** Creates a wallet with gas. */
export async function createTestWallet(chain: SandboxChain, client: SuiGrpcClient) {
  const signer = new Secp256k1Keypair();
  const address = signer.toSuiAddress();
  await chain.faucetSui(address, 10_000_000_000n);
  const target = (name: CallName): string => `${chain.packageId}::db::${name}`;
  const run = (tx: Transaction) => runTransaction(client, signer, tx);
  const hash = (byte: number): number[] => Array<number>(32).fill(byte);

  const badgeId = async (): Promise<string> => {
    const { objects } = await client.listOwnedObjects({ owner: address, type: nodeBadgeType(chain.packageId) });
    return objects[0]?.objectId ?? '';
  };
  /** A call whose first arguments are the database and the node's badge. */
  const nodeCall = async (name: CallName, rest: (tx: Transaction) => ReturnType<Transaction['pure']>[]) => {
    const tx = new Transaction();
    const args = [tx.object(chain.atomaDbId), tx.object(await badgeId()), ...rest(tx)];
    tx.moveCall({ target: target(name), arguments: args });
    return tx;
  };

  return {
    signer,
    address,
    run,
    badgeId,
    balance: async (coinType: string): Promise<bigint> =>
      BigInt((await client.getBalance({ owner: address, coinType })).balance.balance),
    /** TOMA from its faucet on chain; G2's coin has none and comes from the publisher. */
    faucet: (amount: bigint) => {
      const tx = new Transaction();
      tx.moveCall({
        target: `${chain.coin.packageId}::toma::faucet`,
        arguments: [tx.object(chain.coin.faucetId ?? ''), tx.pure.u64(amount)],
      });
      return run(tx);
    },
    register: (collateral = 1_000n) => {
      const tx = new Transaction();
      if (chain.generation === 'G2') {
        tx.moveCall({ target: target('register_node_entry'), arguments: [tx.object(chain.atomaDbId)] });
        return run(tx);
      }
      const coin = tx.add(coinWithBalance({ type: chain.coin.type, balance: collateral }));
      tx.moveCall({ target: target('register_node_entry'), arguments: [tx.object(chain.atomaDbId), coin] });
      tx.transferObjects([coin], address);
      return run(tx);
    },
    /** `maxUnits` is left out where the contract fixes it (G2). */
    subscribeTx: (task: bigint, price: bigint, maxUnits?: bigint) =>
      nodeCall('subscribe_node_to_task', (tx) =>
        [task, price, ...(maxUnits === undefined ? [] : [maxUnits])].map((value) => tx.pure.u64(value)),
      ),
    acquireTx: (task: bigint, units: bigint, price: bigint, payment: bigint) => {
      const tx = new Transaction();
      tx.setSender(address);
      const coin = tx.add(coinWithBalance({ type: chain.coin.type, balance: payment }));
      tx.moveCall({
        target: target('acquire_new_stack_entry'),
        arguments: [
          tx.object(chain.atomaDbId),
          coin,
          tx.pure.u64(task),
          tx.pure.u64(units),
          tx.pure.u64(price),
          tx.object.random(),
        ],
      });
      tx.transferObjects([coin], address);
      return tx;
    },
    settleTx: (stack: bigint, units: bigint) =>
      nodeCall('try_settle_stack', (tx) => [
        tx.pure.u64(stack),
        tx.pure.u64(units),
        tx.pure.vector('u8', hash(1)),
        tx.pure.vector('u8', hash(2)),
        tx.object.random(),
      ]),
    claimTx: (stacks: readonly bigint[]) => nodeCall('claim_funds', (tx) => [tx.pure.vector('u64', [...stacks])]),
    nodeCall,
  };
}

/** A wallet of {@link createTestWallet}. */
export type TestWallet = Awaited<ReturnType<typeof createTestWallet>>;
