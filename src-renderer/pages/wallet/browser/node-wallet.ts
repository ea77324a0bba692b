/** The node's key as a Wallet Standard wallet: it forwards transactions to main, which decides; it never holds a key or a signature of its own (issue: sign-and-execute only). */
import { getWallets, ReadonlyWalletAccount } from '@mysten/wallet-standard';
import type { Wallet } from '@mysten/wallet-standard';
import type { Outcome } from '../../../../src-shared/bridge/intents.ts';
import { AppError } from '../../../../src-shared/errors.ts';

/** What the wallet needs of the page. */
export type NodeWalletDeps = {
  /** Shows the proposal to the operator and ends with its outcome; rejects when declined. */
  present(transaction: string): Promise<Outcome>;
  /** Bytes and signatures of an executed transaction, read back from chain: dapp-kit parses them. */
  executed(digest: string): Promise<{ bytes: string; signature: string }>;
};

const icon =
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCAyNCI+PHJlY3Qgd2lkdGg9IjI0IiBoZWlnaHQ9IjI0IiByeD0iNiIgZmlsbD0iIzRhNDNjNCIvPjwvc3ZnPg==';

async function signAndExecute(deps: NodeWalletDeps, transaction: { toJSON(): Promise<string> }) {
  const outcome = await deps.present(await transaction.toJSON());
  if (outcome.effects === null) throw new AppError('chain.in_doubt', { digest: outcome.digest });
  return { ...(await deps.executed(outcome.digest)), digest: outcome.digest, effects: outcome.effects };
}

/**
 * The wallet object. The account has one feature, sign-and-execute. The wallet also names `sui:signTransaction`,
 * because dapp-kit lists no wallet without it; that function always refuses, as nothing on the bridge can return a signature.
 */
export function createNodeWallet(
  account: { address: string; publicKey: Uint8Array; network: string; name: string },
  deps: NodeWalletDeps,
): Wallet {
  const chains = [`sui:${account.network}`] as const;
  const shown = new ReadonlyWalletAccount({
    address: account.address,
    publicKey: account.publicKey,
    chains,
    features: ['sui:signAndExecuteTransaction'],
  });
  return {
    version: '1.0.0',
    name: account.name,
    icon,
    chains,
    accounts: [shown],
    features: {
      'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [shown] }) },
      'standard:events': { version: '1.0.0', on: () => () => undefined },
      'sui:signAndExecuteTransaction': {
        version: '2.0.0',
        signAndExecuteTransaction: ({ transaction }: { transaction: { toJSON(): Promise<string> } }) =>
          signAndExecute(deps, transaction),
      },
      'sui:signTransaction': {
        version: '2.0.0',
        signTransaction: () => Promise.reject(new AppError('intent.not_allowed')),
      },
    },
  } as Wallet;
}

/** Makes the wallet known to dapp-kit; returns the way to take it back. */
export const registerNodeWallet = (wallet: Wallet): (() => void) => getWallets().register(wallet);
