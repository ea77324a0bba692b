/** The bridge's funds area: balances as the chain was last read, the reserve, fees that can be withdrawn (product.md, Wallet). */
import type { FundsArea } from '../handlers/funds-handlers.ts';
import { noCoin, type AreaParts } from './area-parts.ts';

/** Assembles the area over the live parts. */
export const fundsArea = (parts: AreaParts): FundsArea => ({
  view() {
    const profile = parts.network()?.profile ?? null;
    const chain = parts.session()?.chain ?? null;
    const snapshot = chain?.snapshot() ?? null;
    const balances = snapshot?.balances ?? null;
    const node = snapshot?.registration?.registered === true ? snapshot.registration.node : null;
    const read = (value: bigint | null) => ({ value, source: 'chain' as const, readAtMs: snapshot?.readAtMs ?? null });
    return {
      address: parts.keysView().walletAddress,
      coin: profile?.coin ?? noCoin,
      suiMist: read(balances?.suiMist ?? null),
      balance: read(balances?.coin ?? null),
      reserveMist: chain?.gasReserveMist() ?? 0n,
      transactionMist: chain?.transactionMist ?? 0n,
      fees: node === null ? null : { free: read(node.fees.free), locked: read(node.fees.locked) },
      faucet: profile !== null && (profile.faucet !== null || parts.network()?.sandbox !== null),
    };
  },
});
