/** Calls about what the wallet owns (src-shared/bridge/wallet-calls.ts). */
import type { Handlers } from '../../src-shared/bridge/index.ts';
import type { FundsView, fundsCalls } from '../../src-shared/bridge/wallet-calls.ts';

type Area = Pick<Handlers, keyof typeof fundsCalls>;

/** What these calls need of the node. */
export type FundsArea = { view(): FundsView };

/** Binds the calls to the node. */
export const fundsHandlers = (area: FundsArea): Area => ({ 'wallet.get': async () => area.view() });
