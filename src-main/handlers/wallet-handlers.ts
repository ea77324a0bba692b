/** Calls about keys and the wallet: proposals only, confirmed on a page of the host's own (src-shared/bridge/calls.ts, walletCalls). */
import type { walletCalls } from '../../src-shared/bridge/calls.ts';
import type { Handlers, CallInput } from '../../src-shared/bridge/index.ts';
import type { Intent, Outcome, Proposal } from '../../src-shared/bridge/intents.ts';

type Area = Pick<Handlers, keyof typeof walletCalls>;
type SecurePage = { kind: CallInput<'keys.open'>['page'] } | { kind: 'confirm'; proposalId: string };

/** What these calls need of the node and its host. */
export type WalletArea = {
  keys: Area['keys.get'];
  lockKeys(): Promise<void>;
  openSecurePage(page: SecurePage): Promise<{ url: string | null }>;
  propose(intent: Intent): Promise<Proposal>;
  /** Recognises a foreign transaction as one intent; AppError `intent.not_allowed` otherwise. */
  recognise(transaction: string): Promise<Intent>;
  outcome(proposalId: string): Promise<Outcome>;
  chainRead: Area['chain.read'];
};

/** Binds the calls to the node. */
export const walletHandlers = (wallet: WalletArea): Area => ({
  'keys.get': wallet.keys,
  'keys.open': ({ page }) => wallet.openSecurePage({ kind: page }),
  'keys.lock': async () => {
    await wallet.lockKeys();
    return {};
  },
  'wallet.propose': ({ intent }) => wallet.propose(intent),
  'wallet.proposeTransaction': async ({ transaction }) => wallet.propose(await wallet.recognise(transaction)),
  'wallet.confirm': ({ proposalId }) => wallet.openSecurePage({ kind: 'confirm', proposalId }),
  'wallet.outcome': ({ proposalId }) => wallet.outcome(proposalId),
  'chain.read': wallet.chainRead,
});
