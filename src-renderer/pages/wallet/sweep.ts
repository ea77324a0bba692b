/** How much a sweep sends: everything above what is to be kept, and for SUI what the transfer itself may cost (product.md, Wallet). */

/** Figures in base units; `transactionMist` is set for SUI, which pays the gas itself. */
export type Sweep = { balance: bigint; keep: bigint; transactionMist: bigint | null };

/** What is sent; null when nothing is left above the reserve. */
export function sweepAmount({ balance, keep, transactionMist }: Sweep): bigint | null {
  const amount = balance - keep - (transactionMist ?? 0n);
  return amount > 0n ? amount : null;
}
