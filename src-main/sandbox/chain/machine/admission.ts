/** Decides whether a transaction may be executed at all: expiry, gas, input versions, ownership, the randomness rule (Sui transaction checks). */
import { fromBase64, normalizeSuiAddress } from '@mysten/sui/utils';
import { SUI_COIN_TYPE, coinObjectType } from '../../../../src-shared/atoma/index.ts';
import { coinBalance } from './chain-object.ts';
import type { ChainState } from './execution.ts';
import { MAX_GAS_BUDGET, MAX_GAS_PRICE, REFERENCE_GAS_PRICE, computationCost } from './gas.ts';
import { breaksRandomRule } from './run-commands.ts';
import type { Decoded, TransactionV1 } from './transaction-data.ts';

/** What admission needs to know beside the state. */
export interface AdmissionFacts {
  readonly chainId: string;
  readonly nowMs: number;
  /** False in a simulation that brings no gas. */
  readonly checkGas: boolean;
  /** False in a simulation with checks off. */
  readonly checkOwners: boolean;
}

const sui = coinObjectType(SUI_COIN_TYPE);

const expiryProblem = (
  state: ChainState,
  expiration: TransactionV1['expiration'],
  facts: AdmissionFacts,
): string | null => {
  const expired = `Transaction expired: the current epoch is ${state.epoch}`;
  if (expiration.$kind === 'None') return null;
  if (expiration.$kind === 'Epoch') return state.epoch > BigInt(expiration.Epoch) ? expired : null;
  const window = expiration.$kind === 'ValidDuring' ? expiration.ValidDuring : expiration.Validity;
  if (window.chain !== facts.chainId) return `Transaction is for chain ${window.chain}, this is ${facts.chainId}`;
  if (window.minEpoch !== null && state.epoch < BigInt(window.minEpoch)) return 'Transaction is not valid yet';
  if (window.maxEpoch !== null && state.epoch > BigInt(window.maxEpoch)) return expired;
  if (window.minTimestamp !== null && facts.nowMs < Number(window.minTimestamp)) return 'Transaction is not valid yet';
  if (window.maxTimestamp !== null && facts.nowMs > Number(window.maxTimestamp)) return expired;
  return null;
};

type Reference = { readonly objectId: string; readonly version: string; readonly digest: string };

const hex = (version: bigint | string): string => `0x${BigInt(version).toString(16)}`;

const referenceProblem = (state: ChainState, ref: Reference, owner: string | null): string | null => {
  const object = state.store.get(ref.objectId);
  if (!object) return `Could not find the referenced object ${ref.objectId} at version ${hex(ref.version)}`;
  if (object.version !== BigInt(ref.version)) {
    return `Transaction needs to be rebuilt because object ${ref.objectId} version ${hex(ref.version)} is unavailable for consumption, current version: ${hex(object.version)}`;
  }
  if (object.digest !== ref.digest)
    return `Invalid Object digest for object ${ref.objectId}. Expected digest : ${object.digest}`;
  if (object.owner.kind === 'object')
    return `Object ${ref.objectId} is owned by object ${object.owner.id}. Objects owned by other objects cannot be used as input arguments`;
  if (object.owner.kind === 'shared') return `Object ${ref.objectId} is shared and cannot be used as an owned object`;
  if (owner !== null && object.owner.address !== owner) {
    return `Transaction was not signed by the correct sender: Object ${ref.objectId} is owned by account address ${object.owner.address}, but given owner/signer address is ${owner}`;
  }
  return null;
};

const sharedProblem = (state: ChainState, id: string, initialVersion: bigint): string | null => {
  const object = state.store.get(id);
  if (!object) return `Could not find the referenced object ${id}`;
  if (object.owner.kind !== 'shared') return `Object ${id} is not shared`;
  return object.owner.initialVersion === initialVersion ? null : `Shared object ${id} has another starting version`;
};

const gasProblem = (state: ChainState, gas: TransactionV1['gasData']): string | null => {
  const price = BigInt(gas.price);
  const budget = BigInt(gas.budget);
  if (price < REFERENCE_GAS_PRICE) return `Gas price ${price} under reference gas price (RGP) ${REFERENCE_GAS_PRICE}`;
  if (price > MAX_GAS_PRICE) return `Gas price cannot exceed ${MAX_GAS_PRICE} mist`;
  if (budget > MAX_GAS_BUDGET) return `Gas budget: ${budget} is higher than max: ${MAX_GAS_BUDGET}`;
  if (budget < computationCost(price)) return `Gas budget: ${budget} is lower than min: ${computationCost(price)}`;
  if (gas.payment.length === 0) return 'Gas payment is missing: this chain keeps no address balances';
  const problem = gas.payment.map((ref) => referenceProblem(state, ref, gas.owner)).find((one) => one !== null);
  if (problem) return problem;
  const coins = gas.payment.flatMap((ref) => state.store.get(ref.objectId) ?? []);
  const wrong = coins.find((coin) => coin.type !== sui);
  if (wrong) return `Gas object ${wrong.id} is not a SUI coin`;
  const total = coins.reduce((sum, coin) => sum + coinBalance(coin), 0n);
  return total < budget ? `Balance of gas object ${total} is lower than the needed amount: ${budget}` : null;
};

const inputProblem = (state: ChainState, tx: Decoded, facts: AdmissionFacts): string | null => {
  const twice = (id: string): string => `Mutable object ${id} cannot appear more than one in one transaction`;
  const seen = new Set<string>();
  for (const { objectId } of tx.data.gasData.payment) {
    if (seen.has(objectId)) return twice(objectId);
    seen.add(objectId);
  }
  for (const input of tx.programmable.inputs) {
    if (input.FundsWithdrawal || input.Object?.Receiving) return 'This kind of input is not supported by the sandbox';
    const owned = input.Object?.ImmOrOwnedObject;
    const shared = input.Object?.SharedObject;
    const id = owned?.objectId ?? shared?.objectId;
    if (id === undefined) continue;
    if (seen.has(id)) return twice(id);
    seen.add(id);
    const problem = owned
      ? referenceProblem(state, owned, facts.checkOwners ? tx.data.sender : null)
      : sharedProblem(state, id, BigInt(shared?.initialSharedVersion ?? 0));
    if (problem) return problem;
  }
  return null;
};

const packageProblem = (state: ChainState, tx: Decoded): string | null => {
  const known = new Set([state.deployment.packageId, state.deployment.coinPackageId, normalizeSuiAddress('0x2')]);
  const missing = tx.programmable.commands.find((command) => command.MoveCall && !known.has(command.MoveCall.package));
  return missing ? `Could not find the referenced package ${missing.MoveCall?.package}` : null;
};

/** What one transaction may be at most (Sui protocol configuration). */
const LIMITS = { commands: 1_024, arguments: 512, inputs: 2_048, gasPayments: 256, pureBytes: 16_384, bytes: 131_072 };

/** Why the transaction is too large, or null. `byteLength` is that of its BCS. */
export const sizeProblem = ({ data, programmable }: Decoded, byteLength: number): string | null => {
  const counts: readonly (readonly [string, number, number])[] = [
    ['serialized transaction size', LIMITS.bytes, byteLength],
    ['maximum commands in a programmable transaction', LIMITS.commands, programmable.commands.length],
    ['maximum input objects in a transaction', LIMITS.inputs, programmable.inputs.length],
    ['maximum number of gas payment objects', LIMITS.gasPayments, data.gasData.payment.length],
    [
      'maximum arguments in a move call',
      LIMITS.arguments,
      Math.max(0, ...programmable.commands.map((command) => command.MoveCall?.arguments.length ?? 0)),
    ],
    [
      'maximum pure argument size',
      LIMITS.pureBytes,
      Math.max(0, ...programmable.inputs.map((input) => fromBase64(input.Pure?.bytes ?? '').length)),
    ],
  ];
  const over = counts.find(([, most, found]) => found > most);
  return over ? `Size limit exceeded: ${over[0]} is ${over[1]}` : null;
};

/** Why the transaction is refused, in a sentence, or null when it may be executed. */
export const refusalOf = (state: ChainState, tx: Decoded, facts: AdmissionFacts): string | null => {
  if (tx.programmable.commands.length === 0) return 'Empty command input in a programmable transaction';
  return (
    expiryProblem(state, tx.data.expiration, facts) ??
    (breaksRandomRule(tx.programmable)
      ? 'Commands following a command with Random can only be TransferObjects or MergeCoins'
      : null) ??
    packageProblem(state, tx) ??
    inputProblem(state, tx, facts) ??
    (facts.checkGas ? gasProblem(state, tx.data.gasData) : null)
  );
};
