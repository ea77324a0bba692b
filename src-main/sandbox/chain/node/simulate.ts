/** SimulateTransaction: fills in what an unresolved transaction leaves open, chooses gas, runs it without committing (Sui rpc v2). */
import { bcs } from '@mysten/sui/bcs';
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { TransactionDataBuilder } from '@mysten/sui/transactions';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { RANDOM_OBJECT_ID, SUI_COIN_TYPE, coinObjectType } from '../../../../src-shared/atoma/index.ts';
import { refusalOf } from '../machine/admission.ts';
import { coinBalance, coinDraft, seal } from '../machine/chain-object.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import { execute } from '../machine/execution.ts';
import type { ChainState, Execution } from '../machine/execution.ts';
import { MAX_GAS_BUDGET, REFERENCE_GAS_PRICE, computationCost } from '../machine/gas.ts';
import { freshId } from '../machine/hashing.ts';
import { decodeTransaction } from '../machine/transaction-data.ts';
import type { Decoded } from '../machine/transaction-data.ts';
import type { ChainCore } from './chain-core.ts';
import { invalid, notFound } from './grpc-error.ts';
import { protoExecuted } from './proto-executed.ts';
import { commandFromProto, expirationFromProto } from './proto-transaction.ts';
import type { TransactionInput } from './proto-transaction.ts';

type GasInput = TransactionInput['gasData'];
interface Draft {
  readonly input: TransactionInput;
  readonly budgetGiven: boolean;
}
type Ready = { readonly decoded: Decoded; readonly bytes: Uint8Array; readonly digest: string };

const SUI_COIN = coinObjectType(SUI_COIN_TYPE);
const MOCK_GAS_MIST = 1_000_000_000_000_000n;
const MAX_GAS_COINS = 256;

const resolveObject = (state: ChainState, input: T.Input) => {
  const objectId = normalizeSuiAddress(input.objectId ?? '');
  const object = state.store.get(objectId);
  if (!object) throw notFound(`Object ${objectId} not found`);
  if (object.owner.kind === 'shared') {
    const mutable = input.mutable ?? objectId !== normalizeSuiAddress(RANDOM_OBJECT_ID);
    return { Object: { SharedObject: { objectId, initialSharedVersion: object.owner.initialVersion, mutable } } };
  }
  // What the client already knows of the object stands; admission compares it with the live one.
  const version = input.version ?? object.version;
  return { Object: { ImmOrOwnedObject: { objectId, version, digest: input.digest ?? object.digest } } };
};

const resolveInput = (state: ChainState, input: T.Input) => {
  const kinds = T.Input_InputKind;
  if (input.pure !== undefined) return { Pure: { bytes: input.pure } };
  if (input.kind === kinds.SHARED && input.version !== undefined) {
    const objectId = normalizeSuiAddress(input.objectId ?? '');
    const mutable = input.mutable ?? input.mutability !== T.Input_Mutability.IMMUTABLE;
    return { Object: { SharedObject: { objectId, initialSharedVersion: input.version, mutable } } };
  }
  if (input.objectId === undefined) throw invalid('This kind of input is not supported by the sandbox');
  return resolveObject(state, input);
};

/** The request's transaction in the serializer's form, from bytes or from fields. */
const draftFrom = (state: ChainState, request: T.SimulateTransactionRequest): Draft => {
  const tx = request.transaction;
  if (tx?.bcs?.value) {
    const decoded = decodeTransaction(tx.bcs.value);
    if (!decoded) throw invalid('Transaction bytes do not decode to a programmable transaction');
    return { input: decoded.data as TransactionInput, budgetGiven: true };
  }
  if (tx?.kind?.data.oneofKind !== 'programmableTransaction')
    throw invalid('Only programmable transactions can be simulated');
  const { inputs, commands } = tx.kind.data.programmableTransaction;
  const sender = normalizeSuiAddress(tx.sender ?? '0x0');
  const gas = tx.gasPayment;
  const input = {
    kind: {
      ProgrammableTransaction: {
        inputs: inputs.map((one) => resolveInput(state, one)),
        commands: commands.map(commandFromProto),
      },
    },
    sender,
    gasData: {
      payment: (gas?.objects ?? []).map((ref) => ({
        objectId: ref.objectId ?? '',
        version: ref.version ?? 0n,
        digest: ref.digest ?? '',
      })),
      owner: gas?.owner ? normalizeSuiAddress(gas.owner) : sender,
      price: gas?.price ?? REFERENCE_GAS_PRICE,
      budget: gas?.budget ?? MAX_GAS_BUDGET,
    },
    expiration: expirationFromProto(tx.expiration),
  };
  return { input: input as TransactionInput, budgetGiven: gas?.budget !== undefined };
};

const ready = (input: TransactionInput): Ready => {
  const bytes = bcs.TransactionData.serialize({ V1: input }).toBytes();
  const decoded = decodeTransaction(bytes);
  if (!decoded) throw invalid('The transaction cannot be encoded');
  return { decoded, bytes, digest: TransactionDataBuilder.getDigestFromBytes(bytes) };
};

const withGas = (input: TransactionInput, gas: Partial<GasInput>): TransactionInput =>
  ({ ...input, gasData: { ...input.gasData, ...gas } }) as TransactionInput;

const refs = (coins: readonly ChainObject[]) =>
  coins.map(({ id, version, digest }) => ({ objectId: id, version, digest }));

/** The payer's SUI coins that the transaction does not use itself, largest first. */
const gasCoins = (state: ChainState, decoded: Decoded): ChainObject[] => {
  const used = new Set(decoded.programmable.inputs.map((input) => input.Object?.ImmOrOwnedObject?.objectId));
  return [...state.store.ownedBy('address', decoded.data.gasData.owner, { type: SUI_COIN })]
    .filter((object) => !used.has(object.id))
    .sort((a, b) => (coinBalance(b) > coinBalance(a) ? 1 : -1))
    .slice(0, MAX_GAS_COINS);
};

const total = (coins: readonly ChainObject[]): bigint => coins.reduce((sum, coin) => sum + coinBalance(coin), 0n);

/** As few of the coins as hold the budget. */
const enough = (coins: readonly ChainObject[], budget: bigint): ChainObject[] => {
  const chosen: ChainObject[] = [];
  for (const coin of coins) {
    if (total(chosen) >= budget) break;
    chosen.push(coin);
  }
  return chosen;
};

/** Chooses budget (from a trial run, storage without its rebate, plus a margin) and coins. */
const selectGas = (core: ChainCore, draft: Draft): TransactionInput => {
  const { state } = core;
  const first = ready(draft.input);
  const coins = gasCoins(state, first.decoded);
  const held = total(coins);
  const price = BigInt(draft.input.gasData.price);
  const given = BigInt(draft.input.gasData.budget);
  const trialBudget = draft.budgetGiven ? given : held < MAX_GAS_BUDGET ? held : MAX_GAS_BUDGET;
  const poor = (needed: bigint) =>
    invalid(
      `Unable to perform gas selection due to insufficient SUI balance (available: ${held}, needed: ${needed}) for address ${draft.input.gasData.owner as string}`,
    );
  if (held < computationCost(price) || held < trialBudget)
    throw poor(draft.budgetGiven ? given : computationCost(price));
  const trialInput = withGas(draft.input, { payment: refs(enough(coins, trialBudget)), budget: trialBudget });
  if (draft.budgetGiven) return trialInput;
  const trial = ready(trialInput);
  refuse(core, trial, true, true);
  const { gasUsed } = execute(state, trial.decoded, trial.digest, core.draws);
  const wanted = gasUsed.computationCost + gasUsed.storageCost + computationCost(price);
  const budget = wanted < trialBudget ? wanted : trialBudget;
  return withGas(draft.input, { payment: refs(enough(coins, budget)), budget });
};

const refuse = (core: ChainCore, tx: Ready, checkGas: boolean, checkOwners: boolean): void => {
  const facts = { chainId: core.chainId, nowMs: core.now(), checkGas, checkOwners };
  const refusal = refusalOf(core.state, tx.decoded, facts);
  if (refusal !== null) throw invalid(refusal);
};

/** Runs with a coin made up for the purpose, when the request brings none and wants none chosen. */
const executeWithMockGas = (core: ChainCore, tx: Ready): Execution => {
  const { state } = core;
  const id = freshId(core.chainId, 1_000_000n);
  const owner = { kind: 'address', address: tx.decoded.data.gasData.owner } as const;
  const stamp = { version: 1n, previousTransaction: core.chainId, storageRebate: 0n };
  const coin = seal(coinDraft(id, SUI_COIN_TYPE, MOCK_GAS_MIST, owner), stamp);
  const store = { ...state.store, get: (wanted: string) => (wanted === id ? coin : state.store.get(wanted)) };
  const gasData = { ...tx.decoded.data.gasData, payment: [{ objectId: id, version: '1', digest: coin.digest }] };
  return execute({ ...state, store }, { ...tx.decoded, data: { ...tx.decoded.data, gasData } }, tx.digest, core.draws);
};

/** Answers a simulation. A transaction that aborts is an answer; one that could not be executed at all is refused. */
export const simulate = (core: ChainCore, request: T.SimulateTransactionRequest): T.SimulateTransactionResponse => {
  const draft = draftFrom(core.state, request);
  const checks = request.checks !== T.SimulateTransactionRequest_TransactionChecks.DISABLED;
  const noPayment = [...draft.input.gasData.payment].length === 0;
  const choose = checks && noPayment && request.doGasSelection === true;
  const tx = ready(choose ? selectGas(core, draft) : draft.input);
  const mock = noPayment && !choose;
  refuse(core, tx, checks && !mock, checks);
  const execution = mock ? executeWithMockGas(core, tx) : execute(core.state, tx.decoded, tx.digest, core.draws);
  return T.SimulateTransactionResponse.create({
    transaction: protoExecuted({ ...tx, signatures: [] }, execution, null),
    suggestedGasPrice: REFERENCE_GAS_PRICE,
  });
};
