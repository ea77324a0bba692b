/** Makes an intent ready to sign: reads what it needs, builds it with explicit gas and epoch expiry, simulates it, sets the budget (product.md: simulate each transaction first). */
import { Transaction } from '@mysten/sui/transactions';
import type { SuiClientTypes } from '@mysten/sui/client';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { addCommands, type BuildFacts } from './build-intent.ts';
import { errorText, isAnswer } from './call-errors.ts';
import type { ChainClient } from './client.ts';
import { included, reportOf, type Report } from './executed.ts';
import { executionError } from './execution-error.ts';
import { finalBudget, gasPayment, simulationBudget, sui, totalBalance, type CoinObject } from './gas.ts';
import { readNeeds, takesCoin } from './intent-needs.ts';
import { allPages } from './all-pages.ts';
import type { Reads } from './reads.ts';

/** A transaction that the chain would accept now. */
export type Prepared = {
  bytes: Uint8Array;
  expiresAfterEpoch: bigint;
  /** The simulation it rests on. */
  report: Report;
};

type Deps = {
  client: ChainClient;
  reads: Reads;
  /** The node whose badge is used; null when this wallet has none. */
  node: () => { badgeId: string; nodeSmallId: bigint } | null;
  root: BuildFacts['root'];
  /** SUI that a transfer must leave, in MIST. */
  reserveMist: () => bigint;
};

/** Prepares intents of one network. */
export type Prepare = (intent: Intent, wallet: string) => Promise<Prepared>;

/**
 * Creates the preparer. It throws AppError chain.aborted with the contract's sentence, chain.rejected, chain.insufficient_gas,
 * chain.insufficient_coin, chain.not_registered, network.wrong_chain, or what the client throws.
 */
export function createPrepare(profile: NetworkProfile, { client, reads, node, root, reserveMist }: Deps): Prepare {
  const coinsOf = (wallet: string, coinType: string): Promise<CoinObject[]> =>
    allPages(async (cursor) => {
      const page = await client.ask((node, signal) => node.listCoins({ owner: wallet, coinType, cursor, signal }));
      return { items: page.objects.map((coin) => ({ ...refOf(coin), balance: BigInt(coin.balance) })), next: page.hasNextPage ? page.cursor : null };
    });
  return async (intent, wallet) => {
    const deployment = await client.deployment({ fresh: true });
    const [epoch, db, price, gasCoins, coins] = await Promise.all([
      reads.epoch(),
      reads.db(deployment.contract),
      client.ask(async (node, signal) => BigInt((await node.getReferenceGasPrice({ signal })).referenceGasPrice)),
      coinsOf(wallet, suiCoin.type),
      takesCoin(intent, deployment.contract) ? coinsOf(wallet, profile.coin.type) : [],
    ]);
    const needs = await readNeeds(intent, wallet, { profile, client, reads, contract: deployment.contract, db, node: node() });
    const payment = gasPayment(gasCoins);
    const spentMist = intent.kind === 'transfer' && intent.coin === 'SUI' ? intent.amount : 0n;
    const facts: BuildFacts = {
      profile, deployment, coins, root, ...needs,
      extraNodes: Number(db.crossValidationExtraNodesCount),
    };
    const build = async (budget: bigint): Promise<Uint8Array> => {
      const tx = new Transaction();
      tx.setSender(wallet);
      tx.setGasPrice(price);
      tx.setGasBudget(budget);
      tx.setGasPayment(payment.map(refOf));
      // One epoch to spare: the current one may end while the transaction is on its way.
      tx.setExpiration({ Epoch: Number(epoch.epoch + 1n) });
      addCommands(tx, intent, facts);
      return tx.build();
    };
    const budget = simulationBudget(payment, spentMist);
    const report = await simulate(client, await build(budget));
    if (!report.status.success) throw executionError(report.status.error, deployment.contract.generation, profile.atomaPackageId);
    const chosen = finalBudget(report.effects.gasUsed, budget);
    const needed = spentMist + chosen + (spentMist > 0n ? reserveMist() : 0n);
    if (spentMist > 0n && totalBalance(payment) < needed) {
      throw new AppError('chain.insufficient_gas', { needed: sui(needed), available: sui(totalBalance(payment)) });
    }
    return { bytes: await build(chosen), expiresAfterEpoch: epoch.epoch + 1n, report };
  };
}

const refOf = (object: { objectId: string; version: string; digest: string }) => ({ objectId: object.objectId, version: object.version, digest: object.digest });

async function simulate(client: ChainClient, bytes: Uint8Array): Promise<Report> {
  const run = (node: SuiGrpcClient, signal: AbortSignal): Promise<SuiClientTypes.SimulateTransactionResult<typeof included>> =>
    node.simulateTransaction({ transaction: bytes, include: included, signal });
  try {
    return reportOf(await client.ask(run));
  } catch (caught) {
    if (isAnswer(caught)) throw new AppError('chain.rejected', { detail: errorText(caught) }, { cause: caught });
    throw caught;
  }
}
