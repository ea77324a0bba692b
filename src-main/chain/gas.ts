/** Chooses gas coins and budget, and keeps the reserve (product.md, "Policies": SUI for a number of transactions). */
import { AppError } from '../../src-shared/errors.ts';

/** A coin object with its balance in base units. */
export type CoinObject = { objectId: string; version: string; digest: string; balance: bigint };

/** Most gas coins in one payment; they are merged into the first by the platform. */
const gasCoinLimit = 100;
/** Budget of the simulation, and the most a transaction of this node may ever cost, in MIST. */
export const simulationBudgetMist = 500_000_000n;
/** Least budget; below it full nodes refuse. */
const leastBudgetMist = 2_000_000n;
/** What one transaction costs at most in ordinary times, in MIST; the reserve is a multiple of it. */
export const typicalGasMist = 10_000_000n;

/** SUI to keep for `transactions` more. */
export const gasReserveMist = (transactions: number): bigint => typicalGasMist * BigInt(transactions);

/** The wallet's SUI coins as a payment, largest first: small ones are swept up, so no merging is ever needed for gas. */
export const gasPayment = (coins: readonly CoinObject[]): CoinObject[] => byBalance(coins).slice(0, gasCoinLimit);

/** Largest first; equal ones by id, so that the choice is the same every time. */
export const byBalance = (coins: readonly CoinObject[]): CoinObject[] =>
  [...coins].sort((left, right) => (left.balance === right.balance ? (left.objectId < right.objectId ? -1 : 1) : left.balance > right.balance ? -1 : 1));

export const totalBalance = (coins: readonly CoinObject[]): bigint => coins.reduce((sum, coin) => sum + coin.balance, 0n);

/** The budget to simulate with. Throws AppError `chain.insufficient_gas` when the wallet cannot pay the least one beside `spentMist`. */
export function simulationBudget(payment: readonly CoinObject[], spentMist: bigint): bigint {
  const available = totalBalance(payment) - spentMist;
  if (available < leastBudgetMist) throw new AppError('chain.insufficient_gas', { needed: sui(leastBudgetMist + spentMist), available: sui(totalBalance(payment)) });
  return available < simulationBudgetMist ? available : simulationBudgetMist;
}

/** Gas figures of a simulation, in MIST. */
export type GasUsed = { computationCost: string; storageCost: string; storageRebate: string };

/** What leaves the gas coin, net of the rebate. */
export const netGasMist = (used: GasUsed): bigint => BigInt(used.computationCost) + BigInt(used.storageCost) - BigInt(used.storageRebate);

/** Budget for the real run: what the simulation used before its rebate and a fifth more, within what was simulated. */
export function finalBudget(used: GasUsed, simulatedBudget: bigint): bigint {
  const gross = ((BigInt(used.computationCost) + BigInt(used.storageCost)) * 12n) / 10n;
  const wanted = gross < leastBudgetMist ? leastBudgetMist : gross;
  return wanted < simulatedBudget ? wanted : simulatedBudget;
}

/** MIST as text for an error's field. */
export const sui = (mist: bigint): string => `${mist} MIST`;
