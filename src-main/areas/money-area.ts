/** The bridge's money area: earnings, stacks, ledger. */
import type { MoneyArea } from '../handlers/money-handlers.ts';
import { needChain, type AreaParts } from './area-parts.ts';
import { withFiat } from './economics-area.ts';

/** Assembles the area over the live parts. */
export const moneyArea = (parts: AreaParts): MoneyArea => ({
  earnings: async () => parts.needSession().chain.earnings(), // before the chain was read its amounts are unknown, and say so
  series: async (range) => needChain(parts).chain.earningsSeries(range),
  stacks: async ({ unfinishedOnly }) => needChain(parts).chain.stackViews(unfinishedOnly === true ? 0 : undefined),
  settleNow: (stackSmallId) => parts.needSession().chain.settleNow(stackSmallId),
  claimNow: (stackSmallIds) => parts.needSession().chain.claimNow(stackSmallIds),
  ledger: async ({ limit, before }) => withFiat(parts.rates.rateAt, parts.needSession().chain.ledger(limit, before)),
});
