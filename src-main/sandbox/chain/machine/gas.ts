/**
 * The sandbox's gas formula, in MIST, simple on purpose and documented here:
 * computation = 1000 units × gas price; storage of an object = (content bytes + 96) × 7600;
 * what an object's storage cost is given back, less one percent, when it is next written or removed.
 * A failed transaction pays its computation only.
 */

/** Price of one unit at least, in MIST. */
export const REFERENCE_GAS_PRICE = 1_000n;
const COMPUTATION_UNITS = 1_000n;
const OBJECT_OVERHEAD_BYTES = 96n;
const STORAGE_PRICE_PER_BYTE = 7_600n;
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

/** Cost of storing an object with contents of this many bytes. */
export const storageCost = (contentBytes: number): bigint =>
  (BigInt(contentBytes) + OBJECT_OVERHEAD_BYTES) * STORAGE_PRICE_PER_BYTE;

/** Splits what was once paid for storage into what comes back and what stays. */
export const rebateOf = (paid: bigint): { readonly refundable: bigint; readonly kept: bigint } => {
  const refundable = (paid * 99n) / 100n;
  return { refundable, kept: paid - refundable };
};

/** What leaves the gas coin; negative when more storage was freed than used. */
export const netGas = (gas: GasUsed): bigint => gas.computationCost + gas.storageCost - gas.storageRebate;
