/** Recognises a foreign transaction as exactly one allow-listed intent, or refuses it; the node then builds its own from the intent (architecture.md, "Loopback host"). */
import { z } from 'zod';
import { isOfCoinPackage, type Contract, type SecurityLevel } from '../../src-shared/atoma/index.ts';
import { intentSchema, type Intent } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';

/** Which contract and coins the transaction must be about; ids and types in full length. */
export type DecodeContext = {
  readonly atomaPackageId: string;
  readonly atomaDbId: string;
  readonly faucet: { readonly packageId: string; readonly objectId: string } | null;
  readonly coinType: string;
  readonly suiType: string;
  /** Full-length form of an address or object id. */
  readonly normalize: (id: string) => string;
  /** The generation's tables. */
  readonly contract: Pick<Contract, 'calls' | 'securityCodes' | 'constants'>;
  /** Task of a task badge of the wallet, or null when it is none. */
  readonly taskOf: (badgeId: string) => bigint | null;
  /** Coin type of an object of the wallet, or null when it is no coin of it. */
  readonly coinTypeOf: (objectId: string) => string | null;
};

const argument = z.object({ $kind: z.string(), Input: z.number().optional(), Result: z.number().optional(), NestedResult: z.tuple([z.number(), z.number()]).optional() });
const objectRef = z.object({ objectId: z.string() });
const input = z.object({
  Pure: z.object({ bytes: z.string() }).optional(),
  UnresolvedObject: objectRef.optional(),
  Object: z.object({ SharedObject: objectRef.optional(), ImmOrOwnedObject: objectRef.optional() }).optional(),
});
const moveCall = z.object({ package: z.string(), module: z.string(), function: z.string(), typeArguments: z.array(z.string()).optional(), arguments: z.array(argument) });
const command = z.object({
  $kind: z.string(),
  MoveCall: moveCall.optional(),
  TransferObjects: z.object({ objects: z.array(argument), address: argument }).optional(),
  SplitCoins: z.object({ coin: argument, amounts: z.array(argument) }).optional(),
  $Intent: z.object({ name: z.string(), data: z.record(z.string(), z.unknown()) }).optional(),
});
const transaction = z.object({ inputs: z.array(input), commands: z.array(command).max(20) });
type Transaction = z.output<typeof transaction>;
type Argument = z.output<typeof argument>;

const refuse = (): never => {
  throw new AppError('intent.not_allowed');
};

/** Commands that only prepare a coin; the intent stands for them, so their details are not taken over. */
const preparing = new Set(['SplitCoins', 'MergeCoins', '$Intent']);

/**
 * The one intent that the transaction data (its JSON form, or decoded from bytes) stands for.
 * @throws AppError intent.not_allowed for anything else: two calls, another contract or database, unknown functions, odd arguments.
 */
export function decodeIntent(data: unknown, context: DecodeContext): Intent {
  const parsed = transaction.safeParse(data);
  if (!parsed.success) return refuse();
  const tx = parsed.data;
  const acting = tx.commands.filter((entry) => !preparing.has(entry.$kind));
  const only = acting.length === 1 ? acting[0] : undefined;
  const raw = only?.MoveCall ? callIntent(tx, only.MoveCall, context) : only?.TransferObjects ? transferIntent(tx, only.TransferObjects, context) : refuse();
  const intent = intentSchema.safeParse(raw);
  return intent.success ? intent.data : refuse();
}

/** Arguments by parameter name, each checked against the call table. */
function callIntent(tx: Transaction, call: z.output<typeof moveCall>, context: DecodeContext): unknown {
  const known = Object.values(context.contract.calls).find((spec) => spec.module === call.module && spec.function === call.function);
  const spec = known ?? refuse();
  const packageId = isOfCoinPackage(spec) ? context.faucet?.packageId : context.atomaPackageId;
  const same = packageId !== undefined && context.normalize(call.package) === packageId;
  if (!same || (call.typeArguments?.length ?? 0) > 0 || call.arguments.length !== spec.params.length) return refuse();
  const values: Record<string, Uint8Array> = {};
  let task: bigint | null = null;
  spec.params.forEach((param, index) => {
    const given = call.arguments[index] ?? refuse();
    if (param.kind === 'pure') values[param.name] = pureOf(tx, given);
    if (param.kind === 'shared' && objectOf(tx, given, context) !== (param.object === 'AtomaDb' ? context.atomaDbId : context.faucet?.objectId)) refuse();
    if (param.kind === 'random' && objectOf(tx, given, context) !== context.normalize('0x8')) refuse();
    if (param.kind === 'badge' && param.badge === 'TaskBadge') task = context.taskOf(objectOf(tx, given, context));
  });
  return intentOf(spec.function, { values, task }, context);
}

type Found = { readonly values: Readonly<Record<string, Uint8Array>>; /** Task of the badge that was passed. */ readonly task: bigint | null };

function intentOf(name: string, { values, task }: Found, { contract }: DecodeContext): unknown {
  const bytes = (param: string): Uint8Array => values[param] ?? refuse();
  const u64 = (param: string): string => readU64s(bytes(param), 1)[0]?.toString() ?? refuse();
  const ofBadge = (): string => task?.toString() ?? refuse();
  const subscription = (): object => ({
    taskSmallId: u64('task_small_id'),
    price: u64('price_per_compute_unit' in values ? 'price_per_compute_unit' : 'price_per_one_million_compute_units'),
    maxComputeUnits: contract.constants.fixedMaxComputeUnits?.toString() ?? u64('max_num_compute_units'),
  });
  switch (name) {
    case 'faucet':
      return { kind: 'faucet', amount: u64('amount') };
    case 'register_node_entry':
      return { kind: 'register' };
    case 'subscribe_node_to_task':
      return { kind: 'subscribe', ...subscription() };
    case 'update_node_subscription':
      return { kind: 'update_subscription', ...subscription() };
    case 'unsubscribe_node_from_task':
      return { kind: 'unsubscribe', taskSmallId: u64('task_small_id') };
    case 'try_settle_stack':
      return { kind: 'settle', stackSmallId: u64('stack_small_id'), claimedUnits: u64('num_claimed_compute_units') };
    case 'claim_funds':
      return { kind: 'claim', stackSmallIds: u64List(bytes('settled_ticket_ids')) };
    case 'claim_funds_for_stacks':
      return { kind: 'claim_direct', stackSmallIds: u64List(bytes('stack_small_ids')), units: u64List(bytes('num_compute_units_per_stack_to_claim')) };
    case 'withdraw_fees':
      return { kind: 'withdraw_fees' };
    case 'start_attestation_dispute':
      return { kind: 'dispute', stackSmallId: u64('stack_small_id'), commitment: hex(byteVector(bytes('attestation_commitment'))) };
    case 'acquire_new_stack_entry':
      return { kind: 'buy_stack', taskSmallId: u64('task_small_id'), computeUnits: u64('num_compute_units'), price: u64('price') };
    case 'create_task_entry':
      return newTask(values, contract);
    case 'deprecate_task':
      return { kind: 'deprecate_task', taskSmallId: ofBadge() };
    case 'remove_deprecated_task':
      return { kind: 'remove_task', taskSmallId: ofBadge() };
    case 'permanently_disable_node':
      return { kind: 'disable' };
    case 'destroy_disabled_node':
      return { kind: 'destroy' };
    // An attestation is not among them: its root cannot be told from proof and leaf, and a node attests what it re-ran itself.
    default:
      return refuse();
  }
}

function newTask(values: Found['values'], contract: DecodeContext['contract']): unknown {
  const bytes = (param: string): Uint8Array => values[param] ?? refuse();
  const name = optionOf(bytes('model_name'));
  const level = optionOf(bytes('security_level'));
  const reputation = optionOf(bytes('minimum_reputation_score'));
  const code = level === null ? 0 : readNumber(level, 2);
  const levels = Object.entries(contract.securityCodes) as [SecurityLevel, number][];
  return {
    kind: 'create_task',
    role: readNumber(bytes('role'), 2),
    modelName: name === null ? null : new TextDecoder().decode(byteVector(name)),
    securityLevel: levels.find(([, known]) => known === code)?.[0] ?? refuse(),
    minimumReputation: reputation === null ? 0 : readNumber(reputation, 1),
    isPublic: 'is_public' in values ? readNumber(bytes('is_public'), 1) === 1 : true,
  };
}

/** Only "one split coin to one address" is a transfer; whole objects never leave the wallet this way. */
function transferIntent(tx: Transaction, { objects, address }: { objects: readonly Argument[]; address: Argument }, context: DecodeContext): unknown {
  const [object] = objects;
  if (objects.length !== 1 || object === undefined) return refuse();
  const source = tx.commands[object.Result ?? object.NestedResult?.[0] ?? -1];
  if (object.NestedResult && object.NestedResult[1] !== 0) return refuse();
  const part = source?.SplitCoins ? splitPart(tx, source.SplitCoins, context) : source?.$Intent ? coinPart(source.$Intent, context) : refuse();
  const to = pureOf(tx, address);
  if (to.length !== 32) return refuse();
  return { kind: 'transfer', coin: part.coin, amount: part.amount, to: `0x${hex(to)}` };
}

type Part = { coin: 'SUI' | 'network'; amount: string };

function splitPart(tx: Transaction, split: { coin: Argument; amounts: readonly Argument[] }, context: DecodeContext): Part {
  const [amount] = split.amounts;
  if (split.amounts.length !== 1 || amount === undefined) return refuse();
  const type = split.coin.$kind === 'GasCoin' ? context.suiType : context.coinTypeOf(objectOf(tx, split.coin, context));
  return { coin: coinName(type, context), amount: readU64s(pureOf(tx, amount), 1)[0]?.toString() ?? refuse() };
}

/** The SDK's "a coin with this balance", before it is resolved to objects. */
function coinPart(intent: { name: string; data: Record<string, unknown> }, context: DecodeContext): Part {
  const data = z.object({ type: z.string(), balance: z.union([z.string(), z.number(), z.bigint()]) }).safeParse(intent.data);
  if (intent.name !== 'CoinWithBalance' || !data.success) return refuse();
  return { coin: coinName(data.data.type === 'gas' ? context.suiType : data.data.type, context), amount: String(data.data.balance) };
}

const coinName = (type: string | null, context: DecodeContext): Part['coin'] =>
  type === context.suiType ? 'SUI' : type === context.coinType ? 'network' : refuse();

function objectOf(tx: Transaction, given: Argument, context: DecodeContext): string {
  const found = given.Input === undefined ? undefined : tx.inputs[given.Input];
  const id = found?.UnresolvedObject?.objectId ?? found?.Object?.SharedObject?.objectId ?? found?.Object?.ImmOrOwnedObject?.objectId;
  return id === undefined ? refuse() : context.normalize(id);
}

function pureOf(tx: Transaction, given: Argument): Uint8Array {
  const found = given.Input === undefined ? undefined : tx.inputs[given.Input];
  return found?.Pure ? fromBase64(found.Pure.bytes) : refuse();
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return refuse();
  }
}

/** Exactly `count` little-endian u64. */
function readU64s(bytes: Uint8Array, count: number): bigint[] {
  if (bytes.length !== count * 8) return refuse();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => view.getBigUint64(index * 8, true));
}

/** `vector<u64>` in BCS; the intent holds at most 50, so that the length is one byte. */
function u64List(bytes: Uint8Array): string[] {
  const count = bytes[0] ?? 0;
  return count < 128 ? readU64s(bytes.subarray(1), count).map(String) : refuse();
}

/** A little-endian number of so many bytes, and nothing behind it. */
function readNumber(bytes: Uint8Array, width: number): number {
  return bytes.length === width ? bytes.reduceRight((sum, byte) => sum * 256 + byte, 0) : refuse();
}

/** The inside of an `Option`, or null. */
function optionOf(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] === 0 && bytes.length === 1) return null;
  return bytes[0] === 1 ? bytes.subarray(1) : refuse();
}

/** `vector<u8>` of less than 128 bytes, whose length is then one byte; longer ones stand in no intent. */
function byteVector(bytes: Uint8Array): Uint8Array {
  const count = bytes[0] ?? 128;
  return count < 128 && bytes.length === count + 1 ? bytes.subarray(1) : refuse();
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
