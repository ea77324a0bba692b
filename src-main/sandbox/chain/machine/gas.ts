/**
 * Gas in MIST, by Sui's formulas with the computation simplified: computation = 1000 units (the lowest bucket) × gas price;
 * storage of an object = its size for metering × 7600 (100 units a byte at 76 MIST); what an object's storage cost is given
 * back, less one percent, when it is next written or removed. A failed transaction pays the same for what it must write:
 * its inputs and its gas coin.
 */
import type { ObjectDraft } from './chain-object.ts';
import { typeBytes } from './chain-object.ts';

/** Price of one unit at least, in MIST. */
export const REFERENCE_GAS_PRICE = 1_000n;
const COMPUTATION_UNITS = 1_000n;
/** `has_public_transfer`, version, owner, previous transaction and rebate, as the platform counts them. */
const OBJECT_OVERHEAD_BYTES = 1 + 8 + 40 + 32 + 8;
const STORAGE_PRICE_PER_BYTE = 7_600n;
/** Highest price of one unit. */
export const MAX_GAS_PRICE = 100_000n;
/** Largest budget a transaction may name. */
export const MAX_GAS_BUDGET = 50_000_000_000n;

/** Gas of one transaction, as its effects report it. */
export interface GasUsed {
  readonly computationCost: bigint;
  readonly storageCost: bigint;
  readonly storageRebate: bigint;
  readonly nonRefundableStorageFee: bigint;
}

/** Cost of computing at a price; also the least budget. */
export const computationCost = (price: bigint): bigint => COMPUTATION_UNITS * price;

/** Cost of storing an object. */
export const storageCost = ({ type, contents }: Pick<ObjectDraft, 'type' | 'contents'>): bigint =>
  BigInt(typeBytes(type) + contents.length + OBJECT_OVERHEAD_BYTES) * STORAGE_PRICE_PER_BYTE;

/** Splits what was once paid for storage into what comes back and what stays. */
export const rebateOf = (paid: bigint): { readonly refundable: bigint; readonly kept: bigint } => {
  const refundable = (paid * 99n) / 100n;
  return { refundable, kept: paid - refundable };
};

/** What leaves the gas coin; negative when more storage was freed than used. */
export const netGas = (gas: GasUsed): bigint => gas.computationCost + gas.storageCost - gas.storageRebate;
