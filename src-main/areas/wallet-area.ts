/** The bridge's wallet area: keys, proposals, the window's read-only chain passage. */
import type { WalletArea } from '../handlers/wallet-handlers.ts';
import type { AreaParts } from './area-parts.ts';

/** Assembles the area over the live parts. */
export const walletArea = (parts: AreaParts): WalletArea => ({
  keys: async () => parts.keysView(),
  lockKeys: parts.lockKeys,
  openSecurePage: parts.deps.openSecurePage,
  propose: (intent) => parts.needSession().proposals.propose(intent),
  recognise: (transaction) => parts.needSession().chain.recognise(transaction),
  outcome: (proposalId) => parts.needSession().proposals.outcome(proposalId),
  chainRead: (call) => parts.needSession().chain.chainRead(call),
});
