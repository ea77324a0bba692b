/** Calls about costs, rates and what each day brought (src-shared/bridge/economics.ts). */
import type { economicsCalls } from '../../src-shared/bridge/economics.ts';
import type { Handlers } from '../../src-shared/bridge/index.ts';

type Area = Pick<Handlers, keyof typeof economicsCalls>;

/** What these calls need of the node. */
export type EconomicsArea = { view: Area['economics.get']; set: Area['economics.set'] };

/** Binds the calls to the node. */
export const economicsHandlers = (area: EconomicsArea): Area => ({ 'economics.get': area.view, 'economics.set': area.set });
