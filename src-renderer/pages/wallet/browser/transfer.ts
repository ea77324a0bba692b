/** Builds the transaction of a send: SUI from the gas coin, any other coin from coins of the wallet merged as far as needed. */
import { Transaction } from '@mysten/sui/transactions';
import { AppError } from '../../../../src-shared/errors.ts';

/** A coin object of the wallet. */
export type CoinObject = { objectId: string; balance: string };

/** The fewest coins, largest first, that cover an amount. AppError `chain.insufficient_coin` when all together do not. */
export function coinsCovering(coins: readonly CoinObject[], amount: bigint, symbol: string): CoinObject[] {
  const ordered = [...coins].sort((a, b) => (BigInt(a.balance) < BigInt(b.balance) ? 1 : -1));
  const taken: CoinObject[] = [];
  let sum = 0n;
  for (const coin of ordered) {
    if (sum >= amount && taken.length > 0) break;
    taken.push(coin);
    sum += BigInt(coin.balance);
  }
  if (sum < amount || taken.length === 0)
    throw new AppError('chain.insufficient_coin', { symbol, needed: amount.toString(), available: sum.toString() });
  return taken;
}

/** The transaction; `coins` null sends SUI. */
export function buildTransfer(input: {
  amount: bigint;
  to: string;
  coins: readonly CoinObject[] | null;
  symbol: string;
}): Transaction {
  const tx = new Transaction();
  if (input.coins === null) {
    tx.transferObjects([tx.splitCoins(tx.gas, [input.amount])], input.to);
    return tx;
  }
  const [first, ...rest] = coinsCovering(input.coins, input.amount, input.symbol).map((coin) =>
    tx.object(coin.objectId),
  );
  if (first === undefined)
    throw new AppError('chain.insufficient_coin', {
      symbol: input.symbol,
      needed: input.amount.toString(),
      available: '0',
    });
  if (rest.length > 0) tx.mergeCoins(first, rest);
  tx.transferObjects([tx.splitCoins(first, [input.amount])], input.to);
  return tx;
}
