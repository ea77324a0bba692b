/** What the wallet owns, for the page Wallet (product.md, Wallet). */
import { z } from 'zod';
import { bigintText, coinSchema } from '../domain/amounts.ts';
import { reading } from './views.ts';

const amount = reading(bigintText);

/** Everything of the page but its history, which is the ledger. */
export const fundsViewSchema = z.object({
  /** Null while there is no key. */
  address: z.string().nullable(),
  coin: coinSchema,
  suiMist: amount,
  balance: amount,
  /** SUI that a transfer must leave behind, in MIST, by the policy. */
  reserveMist: bigintText,
  /** What one transaction costs at most in ordinary times, in MIST. */
  transactionMist: bigintText,
  /** Attestation fees that the contract holds for this node, those that the epoch still locks apart; null without a node. */
  fees: z.object({ free: amount, locked: amount }).nullable(),
  /** Test networks hand out coins. */
  faucet: z.boolean(),
});
export type FundsView = z.infer<typeof fundsViewSchema>;

/** Calls of the area. */
export const fundsCalls = {
  'wallet.get': { input: z.strictObject({}), output: fundsViewSchema },
} as const;
