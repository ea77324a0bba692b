/** Executes one transaction over the live objects without committing: commands, version bumps, gas (Sui execution, one Lamport version for all it writes). */
import type { Draws, World } from '../rules/index.ts';
import { createArguments } from './arguments.ts';
import { coinBalance, coinDraft, coinTypeOf, seal } from './chain-object.ts';
import type { ChainObject, ObjectDraft } from './chain-object.ts';
import type { Deployment, ObjectIndex } from './deployment.ts';
import type { Status } from './failure.ts';
import { computationCost, netGas, rebateOf, storageCost } from './gas.ts';
import type { GasUsed } from './gas.ts';
import type { ObjectStore } from './object-store.ts';
import { runCommands } from './run-commands.ts';
import type { ChainEvent, Runtime } from './runtime.ts';
import { createScratch } from './scratch.ts';
import type { Scratch } from './scratch.ts';
import type { Decoded } from './transaction-data.ts';

/** The chain as a transaction finds it. */
export interface ChainState {
  readonly store: ObjectStore;
  readonly deployment: Deployment;
  world: World;
  index: ObjectIndex;
  epoch: bigint;
  /** When the epoch began, in milliseconds since 1970. */
  epochStartMs: bigint;
}

/** One object written (after), created (no before) or removed (no after). */
export interface ObjectChange {
  readonly id: string;
  readonly before: ChainObject | null;
  readonly after: ChainObject | null;
}

/** What the transaction would do, ready to be committed. */
export interface Execution {
  readonly digest: string;
  readonly status: Status;
  readonly epoch: bigint;
  readonly gasUsed: GasUsed;
  readonly gasCoinId: string | null;
  readonly lamportVersion: bigint;
  /** Sorted by id. */
  readonly changes: readonly ObjectChange[];
  /** Shared inputs that were only read. */
  readonly readOnlyShared: readonly ChainObject[];
  readonly dependencies: readonly string[];
  readonly events: readonly ChainEvent[];
  readonly world: World;
  readonly index: ObjectIndex;
}

interface Inputs {
  readonly mutable: readonly ChainObject[];
  readonly readOnly: readonly ChainObject[];
  readonly gas: readonly ChainObject[];
}

const collectInputs = (state: ChainState, tx: Decoded): Inputs => {
  const live = (id: string): ChainObject[] => {
    const object = state.store.get(id);
    return object ? [object] : [];
  };
  const mutable: ChainObject[] = [];
  const readOnly: ChainObject[] = [];
  for (const input of tx.programmable.inputs) {
    const owned = input.Object?.ImmOrOwnedObject;
    const shared = input.Object?.SharedObject;
    if (owned) mutable.push(...live(owned.objectId));
    if (shared) (shared.mutable ? mutable : readOnly).push(...live(shared.objectId));
  }
  return { mutable, readOnly, gas: tx.data.gasData.payment.flatMap((ref) => live(ref.objectId)) };
};

/** Merges the gas coins into the first, holding `reserve` back so that commands cannot spend it. */
const prepareGas = (scratch: Scratch, gas: readonly ChainObject[], reserve: bigint): void => {
  const [first, ...others] = gas;
  if (!first) return;
  const total = gas.reduce((sum, coin) => sum + coinBalance(coin), 0n);
  scratch.put(coinDraft(first.id, coinTypeOf(first.type) ?? '', total - reserve, first.owner));
  for (const coin of others) scratch.remove(coin.id);
};

const addToGas = (scratch: Scratch, gasCoinId: string | null, amount: bigint): void => {
  const coin = gasCoinId === null ? null : scratch.get(gasCoinId);
  if (coin) scratch.put(coinDraft(coin.id, coinTypeOf(coin.type) ?? '', coinBalance(coin) + amount, coin.owner));
};

/** Every mutable input gets the new version, changed or not. */
const touch = (scratch: Scratch, objects: readonly ChainObject[]): void => {
  for (const object of objects) if (!scratch.changes().has(object.id)) scratch.put(object);
};

const paidFor = (state: ChainState, scratch: Scratch): bigint =>
  [...scratch.changes().keys()].reduce((sum, id) => sum + (state.store.get(id)?.storageRebate ?? 0n), 0n);

/** Gas of what the scratch holds: objects written are paid for anew, what they and removed ones had paid comes back less one percent. */
const gasOf = (state: ChainState, scratch: Scratch, price: bigint): GasUsed => {
  const written = [...scratch.changes().values()].filter((draft): draft is ObjectDraft => draft !== null);
  const { refundable, kept } = rebateOf(paidFor(state, scratch));
  return {
    computationCost: computationCost(price),
    storageCost: written.reduce((sum, draft) => sum + storageCost(draft), 0n),
    storageRebate: refundable,
    nonRefundableStorageFee: kept,
  };
};

/** Gas of a failed transaction: never more than its budget, whatever its inputs' storage costs. */
const gasOfFailure = (state: ChainState, scratch: Scratch, price: bigint, budget: bigint): GasUsed => {
  const gas = gasOf(state, scratch, price);
  const over = netGas(gas) - budget;
  return over > 0n ? { ...gas, computationCost: gas.computationCost - over } : gas;
};

interface Run {
  readonly status: Status;
  readonly gasUsed: GasUsed;
  readonly runtime: Runtime;
}

const runWithGas = (state: ChainState, tx: Decoded, inputs: Inputs, scratch: Scratch, draws: Draws): Run => {
  const budget = BigInt(tx.data.gasData.budget);
  const price = BigInt(tx.data.gasData.price);
  const gasCoinId = inputs.gas[0]?.id ?? null;
  prepareGas(scratch, inputs.gas, budget);
  const runtime: Runtime = {
    deployment: state.deployment,
    sender: tx.data.sender,
    epoch: state.epoch,
    epochStartMs: state.epochStartMs,
    draws,
    scratch,
    args: createArguments(tx.programmable.inputs, gasCoinId),
    world: state.world,
    index: state.index,
    events: [],
    held: new Set(),
  };
  const status = runCommands(runtime, tx.programmable.commands);
  if (status.success) {
    addToGas(scratch, gasCoinId, budget);
    touch(scratch, inputs.mutable);
    const gasUsed = gasOf(state, scratch, price);
    if (netGas(gasUsed) <= budget) return { status, gasUsed, runtime };
  }
  scratch.reset();
  prepareGas(scratch, inputs.gas, 0n);
  touch(scratch, inputs.mutable);
  const failed: Status = status.success
    ? { success: false, failure: { kind: 'plain', name: 'InsufficientGas' }, command: null }
    : status;
  const undone = { ...runtime, world: state.world, index: state.index, events: [] };
  return { status: failed, gasUsed: gasOfFailure(state, scratch, price, budget), runtime: undone };
};

const sealChanges = (
  state: ChainState,
  scratch: Scratch,
  stamp: { readonly version: bigint; readonly digest: string },
): ObjectChange[] =>
  [...scratch.changes()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, draft]) => {
      const before = state.store.get(id);
      if (draft === null) return { id, before, after: null };
      const paid = { previousTransaction: stamp.digest, storageRebate: storageCost(draft) };
      const after = seal(draft, { version: stamp.version, ...paid });
      return { id, before, after };
    });

/** Executes. The transaction must have passed admission: its inputs exist in the versions it names. */
export const execute = (state: ChainState, tx: Decoded, digest: string, draws: Draws): Execution => {
  const inputs = collectInputs(state, tx);
  const all = [...inputs.mutable, ...inputs.readOnly, ...inputs.gas];
  const lamportVersion = all.reduce((max, object) => (object.version > max ? object.version : max), 0n) + 1n;
  const scratch = createScratch(state.store, digest);
  const { status, gasUsed, runtime } = runWithGas(state, tx, inputs, scratch, draws);
  const gasCoinId = inputs.gas[0]?.id ?? null;
  addToGas(scratch, gasCoinId, -netGas(gasUsed));
  return {
    digest,
    status,
    epoch: state.epoch,
    gasUsed,
    gasCoinId,
    lamportVersion,
    changes: sealChanges(state, scratch, { version: lamportVersion, digest }),
    readOnlyShared: inputs.readOnly,
    dependencies: [...new Set(all.map((object) => object.previousTransaction))].sort(),
    events: runtime.events,
    world: runtime.world,
    index: runtime.index,
  };
};
