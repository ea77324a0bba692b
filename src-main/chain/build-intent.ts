/** Builds an intent's commands from the generation's call table, with every object named, so that nothing is left for a server to fill in (protocol.md 1.3, 2). */
import type { Transaction, TransactionArgument, TransactionObjectArgument } from '@mysten/sui/transactions';
import { bcs } from '@mysten/sui/bcs';
import { RANDOM_OBJECT_ID, type CallName, type CallSpec, type Param } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { blake2b256, committedProof, stackLeaf } from '../../src-shared/link/proof.ts';
import type { Deployment } from './contract-check.ts';
import { byBalance, totalBalance, type CoinObject } from './gas.ts';

type ObjectReference = { objectId: string; version: string; digest: string };

/** What the commands need of the chain and the rows, all read just before. */
export type BuildFacts = {
  readonly profile: NetworkProfile;
  readonly deployment: Deployment;
  /** This node's badge as it is now; null when the wallet has none. */
  readonly badge: ObjectReference | null;
  /** The wallet's coins of the network's coin type. */
  readonly coins: readonly CoinObject[];
  /** Collateral that registering takes from the coin. */
  readonly collateral: bigint;
  /** `extra_nodes_count` at this moment: m of protocol.md 6.4. */
  readonly extraNodes: number;
  /** Merkle root over the entries of a stack; null while it has none. */
  readonly root: (stackSmallId: bigint) => Uint8Array | null;
};

/**
 * Adds the intent's commands to `tx`.
 * @throws AppError chain.not_registered, chain.insufficient_coin
 */
export function addCommands(tx: Transaction, intent: Intent, facts: BuildFacts): void {
  switch (intent.kind) {
    case 'faucet':
      return call(tx, 'faucet', { amount: u64(intent.amount) }, facts);
    case 'register':
      return call(tx, 'register_node_entry', {}, facts);
    case 'subscribe':
      return call(tx, 'subscribe_node_to_task', offer(intent), facts);
    case 'update_subscription':
      return call(tx, 'update_node_subscription', offer(intent), facts);
    case 'unsubscribe':
      return call(tx, 'unsubscribe_node_from_task', { task_small_id: u64(intent.taskSmallId) }, facts);
    case 'settle':
      return call(tx, 'try_settle_stack', settleArguments(intent, facts), facts);
    case 'claim':
      return call(tx, 'claim_funds', { settled_ticket_ids: bcs.vector(bcs.u64()).serialize(intent.stackSmallIds).toBytes() }, facts);
    case 'disable':
      return call(tx, 'permanently_disable_node', {}, facts);
    case 'destroy':
      return call(tx, 'destroy_disabled_node', {}, facts);
    case 'transfer':
      return transfer(tx, intent, facts);
  }
}

const u64 = (value: bigint): Uint8Array => bcs.u64().serialize(value).toBytes();
const byteVector = (value: Uint8Array): Uint8Array => bcs.byteVector().serialize(value).toBytes();

const offer = (intent: { taskSmallId: bigint; price: bigint; maxComputeUnits: bigint }): Record<string, Uint8Array> => ({
  task_small_id: u64(intent.taskSmallId),
  price_per_compute_unit: u64(intent.price),
  max_num_compute_units: u64(intent.maxComputeUnits),
});

/** Proof and leaf by the rule at the end of protocol.md 6.4. A stack without entries has no root; any 32 bytes pass, so its root is the hash of nothing. */
function settleArguments(intent: { stackSmallId: bigint; claimedUnits: bigint }, facts: BuildFacts): Record<string, Uint8Array> {
  const root = facts.root(intent.stackSmallId) ?? blake2b256(new Uint8Array());
  return {
    stack_small_id: u64(intent.stackSmallId),
    num_claimed_compute_units: u64(intent.claimedUnits),
    committed_stack_proof: byteVector(committedProof(root, facts.extraNodes)),
    stack_merkle_leaf: byteVector(stackLeaf(0, root)),
  };
}

function call(tx: Transaction, name: CallName, values: Readonly<Record<string, Uint8Array>>, facts: BuildFacts): void {
  const spec: CallSpec | undefined = facts.deployment.contract.calls[name];
  if (spec === undefined) throw new AppError('chain.rejected', { detail: `the contract of this network has no ${name}` });
  const packageId = spec.module === 'toma' ? facts.profile.faucet?.packageId : facts.profile.atomaPackageId;
  if (packageId === undefined) throw new AppError('chain.rejected', { detail: 'this network has no faucet' });
  const args = spec.params.map((param) => argumentOf(tx, param, values, facts));
  tx.moveCall({ target: `${packageId}::${spec.module}::${spec.function}`, arguments: args });
}

function argumentOf(tx: Transaction, param: Param, values: Readonly<Record<string, Uint8Array>>, facts: BuildFacts): TransactionArgument {
  switch (param.kind) {
    case 'shared':
      return shared(tx, param.object, facts);
    case 'random':
      return tx.sharedObjectRef({ objectId: RANDOM_OBJECT_ID, initialSharedVersion: facts.deployment.randomInitialVersion, mutable: false });
    case 'badge':
      if (param.badge !== 'NodeBadge' || facts.badge === null) throw new AppError('chain.not_registered');
      return tx.objectRef(facts.badge);
    case 'coin':
      return coinOf(tx, facts.collateral, facts);
    case 'pure': {
      const value = values[param.name];
      if (value === undefined) throw new AppError('bug.unexpected', { detail: `no value for ${param.name}` });
      return tx.pure(value);
    }
  }
}

function shared(tx: Transaction, object: 'AtomaDb' | 'Faucet', { profile, deployment }: BuildFacts): TransactionArgument {
  if (object === 'AtomaDb') {
    return tx.sharedObjectRef({ objectId: profile.atomaDbId, initialSharedVersion: deployment.dbInitialVersion, mutable: true });
  }
  if (profile.faucet === null || deployment.faucetInitialVersion === null) throw new AppError('chain.rejected', { detail: 'this network has no faucet' });
  return tx.sharedObjectRef({ objectId: profile.faucet.objectId, initialSharedVersion: deployment.faucetInitialVersion, mutable: true });
}

/** One coin of at least `amount`: the largest, into which others are merged first when it is too small (before any call that uses Random). */
function coinOf(tx: Transaction, amount: bigint, facts: BuildFacts): TransactionObjectArgument {
  const [largest, ...others] = byBalance(facts.coins);
  if (largest === undefined || totalBalance(facts.coins) < amount) {
    throw new AppError('chain.insufficient_coin', { symbol: facts.profile.coin.symbol, needed: String(amount), available: String(totalBalance(facts.coins)) });
  }
  const target = tx.objectRef(largest);
  let sum = largest.balance;
  const merged: CoinObject[] = [];
  for (const coin of others) {
    if (sum >= amount) break;
    sum += coin.balance;
    merged.push(coin);
  }
  if (merged.length > 0) tx.mergeCoins(target, merged.map((coin) => tx.objectRef(coin)));
  return target;
}

function transfer(tx: Transaction, intent: { coin: 'SUI' | 'network'; amount: bigint; to: string }, facts: BuildFacts): void {
  const source = intent.coin === 'SUI' ? tx.gas : coinOf(tx, intent.amount, facts);
  const [part] = tx.splitCoins(source, [tx.pure(u64(intent.amount))]);
  tx.transferObjects([part], tx.pure.address(intent.to));
}
