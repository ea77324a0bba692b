/**
 * Fills a sandbox chain with many stacks, bought, settled and claimed by the contract's own rules, for benches (issue 3, item 7).
 * Every stack is a transaction of its own with gas, versions, effects and events like any other; only signatures are left out.
 */
import { bcs } from '@mysten/sui/bcs';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import type { TransactionArgument } from '@mysten/sui/transactions';
import { SUI_COIN_TYPE, coinObjectType, contractOf } from '../../../../src-shared/atoma/index.ts';
import { openSqlite } from '../../../platform/sqlite.ts';
import type { SandboxChainDeps } from '../chain-api.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import { coinBalance } from '../machine/chain-object.ts';
import { REFERENCE_GAS_PRICE } from '../machine/gas.ts';
import { createChainCore } from '../node/chain-core.ts';
import type { ChainCore } from '../node/chain-core.ts';
import { createLedger } from '../node/ledger.ts';
import { createPublisher, publisherKey } from '../node/publisher.ts';

/** What to fill a chain with. */
export interface FillPlan {
  /** Stacks to buy. Each emits one StackCreatedEvent. */
  readonly stacks: number;
  /** Task on which they are bought; at least one node must offer `units` at `price` or less. */
  readonly task: bigint;
  readonly units: bigint;
  /** Price the buyer names, in the generation's own unit. */
  readonly price: bigint;
  /** How many of them their node settles, oldest first; none when left out. One StackTrySettleEvent each. */
  readonly settled?: number;
  /** How many of the settled ones their node claims after the dispute window (the epoch moves on); one event each. */
  readonly claimed?: number;
  /**
   * Purchases or settlements in one transaction; 1 when left out. More of them is several times faster, and is what no
   * full node would admit, since each draws (protocol.md 1.3); stacks, events and money come out the same.
   */
  readonly perTransaction?: number;
  /** Nodes that are registered and offer the task at the plan's price before the first purchase; none when left out. */
  readonly subscribers?: number;
  /** Called as each part ends, for a bench that times them. */
  readonly onPart?: (part: 'subscribed' | 'bought' | 'settled' | 'claimed') => void;
}

/** What was done. */
export interface Filled {
  /** Numbers of the stacks bought, in order. */
  readonly stacks: readonly bigint[];
  readonly transactions: number;
  readonly events: number;
}

const BUDGET_MIST = 1_000_000_000n;
/** Gas that a node is given for each settlement, more than one costs. */
const SETTLE_MIST = 20_000_000n;
/** Transactions that share one durable commit. */
const BATCH = 500;
/** Tickets in one claim. */
const CLAIM = 50;
/** Epochs after which every settlement can be claimed in either generation (protocol.md 5.1). */
const WINDOW_EPOCHS = 2;

type Build = (tx: Transaction) => void;

const refOf = ({ id, version, digest }: ChainObject) => ({ objectId: id, version: String(version), digest });

/** The largest coin of a type that an address owns. Throws when it has none. */
const largestCoin = (core: ChainCore, address: string, type: string): ChainObject => {
  const coins = [...core.state.store.ownedBy('address', address, { type })];
  const largest = coins.sort((a, b) => (coinBalance(b) > coinBalance(a) ? 1 : -1))[0];
  if (!largest) throw new Error(`${address} owns no ${type}`);
  return largest;
};

/** Executes one transaction of an address without its key. */
const run = (
  core: ChainCore,
  sender: string,
  gas: ChainObject,
  build: Build,
): ReturnType<ChainCore['submitUnsigned']> => {
  const tx = new Transaction();
  build(tx);
  const data = tx.getData();
  const bytes = bcs.TransactionData.serialize({
    V1: {
      sender,
      expiration: { None: true },
      gasData: { payment: [refOf(gas)], owner: sender, price: REFERENCE_GAS_PRICE, budget: BUDGET_MIST },
      kind: { ProgrammableTransaction: { inputs: data.inputs as never, commands: data.commands as never } },
    },
  }).toBytes();
  const execution = core.submitUnsigned(bytes);
  if (!execution.status.success) throw new Error(`filling failed: ${JSON.stringify(execution.status.failure, text)}`);
  return execution;
};
const missing = (id: string): never => {
  throw new Error(`object ${id} is gone`);
};
const text = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** Does `count` things in durable batches, letting other work in between. */
const inBatches = async (core: ChainCore, count: number, work: (at: number) => void): Promise<void> => {
  for (let from = 0; from < count; from += BATCH) {
    core.ledger.atomically(() => {
      for (let at = from; at < Math.min(count, from + BATCH); at += 1) work(at);
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** What a node needs to act. */
interface Operator {
  readonly badge: ChainObject;
  readonly owner: string;
}

const operatorOf = (core: ChainCore, node: bigint): Operator => {
  const badge = core.state.store.get(core.state.index.badges.get(node) ?? '');
  if (badge?.owner.kind !== 'address') throw new Error(`node ${node} has no badge`);
  return { badge, owner: badge.owner.address };
};

/** Stacks by their node, in parts of at most `size`. */
const byNode = (core: ChainCore, stacks: readonly bigint[], size: number) => {
  const groups = new Map<bigint, bigint[]>();
  for (const stack of stacks) {
    const node = core.state.world.stacks.get(stack)?.selectedNode ?? 0n;
    const group = groups.get(node) ?? [];
    group.push(stack);
    groups.set(node, group);
  }
  return [...groups].flatMap(([node, group]) =>
    Array.from({ length: Math.ceil(group.length / size) }, (_, i) => ({
      node,
      stacks: group.slice(i * size, (i + 1) * size),
    })),
  );
};

const shared = (objectId: string, mutable: boolean) =>
  Inputs.SharedObjectRef({ objectId, initialSharedVersion: 1, mutable });
const randomOf = (tx: Transaction) => tx.object(shared('0x8', false));
const hash = (byte: number): number[] => Array<number>(32).fill(byte);

/** Sends transactions as their senders and counts what they did. */
const createActor = (core: ChainCore) => {
  const sui = coinObjectType(SUI_COIN_TYPE);
  // One coin of each payer pays for everything, so that a transaction finds it without looking.
  const purses = new Map<string, string>();
  const done = { transactions: 0, events: 0 };
  const act = (sender: string, build: Build): void => {
    const id = purses.get(sender) ?? largestCoin(core, sender, sui).id;
    purses.set(sender, id);
    const execution = run(core, sender, core.state.store.get(id) ?? missing(id), build);
    done.transactions += 1;
    done.events += execution.events.length;
  };
  return { act, done };
};

/** Fills a chain that is open in this process. The buyer is the publisher. */
export async function fillCore(core: ChainCore, plan: FillPlan): Promise<Filled> {
  const { store, deployment } = core.state;
  const publisher = publisherOf(core);
  const { act, done } = createActor(core);
  const size = plan.perTransaction ?? 1;
  const target = (name: string): `${string}::${string}::${string}` => `${deployment.packageId}::db::${name}`;
  const database = (tx: Transaction) => tx.object(shared(deployment.atomaDbId, true));
  const asNode = (node: bigint, build: (tx: Transaction, first: readonly TransactionArgument[]) => void): void => {
    const { badge, owner } = operatorOf(core, node);
    act(owner, (tx) => build(tx, [database(tx), tx.object(Inputs.ObjectRef(refOf(badge)))]));
  };

  const wallet = largestCoin(core, publisher.address, coinObjectType(deployment.coinType)).id;
  await inBatches(core, plan.subscribers ?? 0, () => {
    const node = core.state.world.nextNode;
    const { calls } = contractOf(core.state.world.generation);
    const coin = (tx: Transaction) => tx.object(Inputs.ObjectRef(refOf(store.get(wallet) ?? missing(wallet))));
    const takesCoin = calls.register_node_entry.params.some((param) => param.kind === 'coin');
    act(publisher.address, (tx) => {
      const given = takesCoin ? [database(tx), coin(tx)] : [database(tx)];
      tx.moveCall({ target: target('register_node_entry'), arguments: given });
    });
    const takesUnits = calls.subscribe_node_to_task.params.some((param) => param.name === 'max_num_compute_units');
    asNode(node, (tx, first) => {
      const terms = [plan.task, plan.price, ...(takesUnits ? [plan.units] : [])].map((value) => tx.pure.u64(value));
      tx.moveCall({ target: target('subscribe_node_to_task'), arguments: [...first, ...terms] });
    });
  });
  plan.onPart?.('subscribed');
  const stacks: bigint[] = [];
  await inBatches(core, Math.ceil(plan.stacks / size), (at) => {
    const count = Math.min(size, plan.stacks - at * size);
    for (let i = 0; i < count; i += 1) stacks.push(core.state.world.nextStack + BigInt(i));
    act(publisher.address, (tx) => {
      const coin = tx.object(Inputs.ObjectRef(refOf(store.get(wallet) ?? missing(wallet))));
      const terms = [tx.pure.u64(plan.task), tx.pure.u64(plan.units), tx.pure.u64(plan.price), randomOf(tx)];
      const purchase = [database(tx), coin, ...terms];
      for (let i = 0; i < count; i += 1)
        tx.moveCall({ target: target('acquire_new_stack_entry'), arguments: purchase });
    });
  });

  plan.onPart?.('bought');
  const settled = byNode(core, stacks.slice(0, plan.settled ?? 0), size);
  const needs = new Map<string, bigint>();
  for (const part of settled) {
    const { owner } = operatorOf(core, part.node);
    needs.set(owner, (needs.get(owner) ?? BUDGET_MIST) + BigInt(part.stacks.length) * SETTLE_MIST);
  }
  for (const [owner, amountMist] of needs) await publisher.sendSui(owner, amountMist);
  await inBatches(core, settled.length, (at) => {
    const part = settled[at] ?? { node: 0n, stacks: [] };
    asNode(part.node, (tx, first) => {
      for (const stack of part.stacks) {
        const terms = [
          tx.pure.u64(stack),
          tx.pure.u64(plan.units),
          tx.pure.vector('u8', hash(1)),
          tx.pure.vector('u8', hash(2)),
        ];
        tx.moveCall({ target: target('try_settle_stack'), arguments: [...first, ...terms, randomOf(tx)] });
      }
    });
  });

  plan.onPart?.('settled');
  const claims = byNode(core, stacks.slice(0, Math.min(plan.claimed ?? 0, plan.settled ?? 0)), CLAIM);
  if (claims.length > 0) core.advanceEpoch(WINDOW_EPOCHS);
  await inBatches(core, claims.length, (at) => {
    const part = claims[at] ?? { node: 0n, stacks: [] };
    asNode(part.node, (tx, first) => {
      tx.moveCall({ target: target('claim_funds'), arguments: [...first, tx.pure.vector('u64', [...part.stacks])] });
    });
  });
  plan.onPart?.('claimed');
  return { stacks, ...done };
}

const publisherOf = (core: ChainCore) => {
  const secret = Uint8Array.from(Buffer.from(core.ledger.meta('publisher_secret') ?? '', 'hex'));
  return createPublisher(core, publisherKey(secret));
};

/**
 * Fills the chain in a database file that no running sandbox has open: `createSandboxChain({ dataFile })`, let the node subscribe,
 * stop, fill, start again. Throws when a transaction fails, for example because no node offers the task at the price.
 */
export const fillChain = (dataFile: string, plan: FillPlan, deps: SandboxChainDeps): Promise<Filled> =>
  withOpenChain(dataFile, deps, (core) => fillCore(core, plan));

/** Opens the chain in a database file without a server, for as long as `work` takes. */
export async function withOpenChain<R>(
  dataFile: string,
  deps: SandboxChainDeps,
  work: (core: ChainCore) => Promise<R>,
): Promise<R> {
  const ledger = createLedger(openSqlite(dataFile));
  try {
    return await work(createChainCore(ledger, deps));
  } finally {
    ledger.close();
  }
}
