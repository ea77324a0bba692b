/** A buyer's purse: its own key, play money from the faucets, and stacks bought by signed transactions over the unmodified client (protocol.md 2.4). */
import { coinWithBalance, Transaction } from '@mysten/sui/transactions';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { contractOf, eventType, stackBadgeType, type Generation } from '../../../src-shared/atoma/index.ts';
import { AppError } from '../../../src-shared/errors.ts';

/** Ids a buyer needs. */
export type BuyerNetwork = { readonly generation: Generation; readonly packageId: string; readonly atomaDbId: string; readonly coin: { readonly type: string; readonly packageId: string; readonly faucetId: string | null } };

/** What was bought. */
export type BoughtStack = { readonly stackSmallId: bigint; readonly nodeSmallId: bigint; readonly digest: string };

/** A buyer's wallet; calls must not overlap: it has one gas coin. */
export type Wallet = {
  readonly address: string;
  /** Buys a stack at this price; takes play money first when the purse is short. Throws AppError chain.rejected when the contract refuses. */
  buyStack(order: { taskSmallId: bigint; units: bigint; price: bigint; samplingConsensus: boolean }): Promise<BoughtStack>;
  /** Numbers of all stacks this wallet ever bought, from its badges. */
  ownedStacks(): Promise<bigint[]>;
};

const gasFloorMist = 500_000_000n;
const gasTopUpMist = 10_000_000_000n;
/** One visit to the faucet pays for this many stacks. */
const stacksPerVisit = 50n;
/** Enough for any charge of sampling consensus near its 1.2 times (protocol.md 5.4). */
const samplingMargin = 2n;

type Deps = { client: SuiGrpcClient; network: BuyerNetwork; faucetSui(address: string, amountMist: bigint): Promise<void>; faucetCoin(address: string, amount: bigint): Promise<void> };

/** Creates the wallet of a `suiprivkey…` secret. */
export function createWallet(secret: string, { client, network, faucetSui, faucetCoin }: Deps): Wallet {
  const signer = Secp256k1Keypair.fromSecretKey(secret);
  const address = signer.toSuiAddress();
  const { constants, events, objects } = contractOf(network.generation);
  const target = (name: string): `${string}::${string}::${string}` => `${network.packageId}::db::${name}`;
  const balance = async (coinType?: string): Promise<bigint> => BigInt((await client.getBalance({ owner: address, ...(coinType === undefined ? {} : { coinType }) })).balance.balance);
  const run = async (transaction: Transaction) => {
    const result = await client.signAndExecuteTransaction({ transaction, signer, include: { events: true } });
    if (result.Transaction) return result.Transaction;
    throw new AppError('chain.rejected', { detail: result.FailedTransaction.status.error?.message ?? 'the transaction failed' });
  };
  const fund = async (cost: bigint): Promise<void> => {
    if ((await balance()) < gasFloorMist) await faucetSui(address, gasTopUpMist);
    if ((await balance(network.coin.type)) >= cost) return;
    // A coin without a faucet on chain is given by the sandbox, as SUI is.
    if (network.coin.faucetId === null) return faucetCoin(address, cost * stacksPerVisit);
    const tx = new Transaction();
    tx.moveCall({ target: `${network.coin.packageId}::toma::faucet`, arguments: [tx.object(network.coin.faucetId), tx.pure.u64(cost * stacksPerVisit)] });
    await run(tx);
  };
  return {
    address,
    buyStack: async ({ taskSmallId, units, price, samplingConsensus }) => {
      // The contract takes its price out of the coin and leaves the rest; under sampling it asks for more than price × units.
      const cost = ((price * units) / constants.priceUnit) * (samplingConsensus ? samplingMargin : 1n);
      await fund(cost);
      const tx = new Transaction();
      tx.setSender(address);
      const coin = tx.add(coinWithBalance({ type: network.coin.type, balance: cost }));
      tx.moveCall({
        target: target('acquire_new_stack_entry'),
        arguments: [tx.object(network.atomaDbId), coin, tx.pure.u64(taskSmallId), tx.pure.u64(units), tx.pure.u64(price), tx.object.random()],
      });
      tx.transferObjects([coin], address);
      const done = await run(tx);
      const created = done.events.find((event) => event.eventType === eventType(network.packageId, 'StackCreatedEvent'));
      if (created === undefined) throw new AppError('chain.rejected', { detail: 'the purchase left no StackCreatedEvent' });
      const { stackSmallId, selectedNodeId } = events.StackCreatedEvent.parse(created.bcs);
      return { stackSmallId, nodeSmallId: selectedNodeId, digest: done.digest };
    },
    ownedStacks: async () => {
      const owned: bigint[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof client.listOwnedObjects<{ content: true }>>> = await client.listOwnedObjects({ owner: address, type: stackBadgeType(network.packageId), cursor, include: { content: true } });
        owned.push(...page.objects.map((badge) => objects.StackBadge.parse(badge.content).smallId));
        cursor = page.hasNextPage ? page.cursor : null;
      } while (cursor !== null);
      return owned;
    },
  };
}
