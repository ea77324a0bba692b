/** Calls about confidential compute (src-shared/bridge/confidential-calls.ts). */
import type { ConfidentialView, confidentialCalls } from '../../src-shared/bridge/confidential-calls.ts';
import type { Handlers } from '../../src-shared/bridge/index.ts';

type Area = Pick<Handlers, keyof typeof confidentialCalls>;

/** What these calls need of the node. */
export type ConfidentialArea = { view(): ConfidentialView; look(): Promise<void>; rehearse(on: boolean): void };

/** Binds the calls to the node. */
export const confidentialHandlers = (area: ConfidentialArea): Area => ({
  'confidential.get': async () => area.view(),
  'confidential.look': async () => {
    await area.look();
    return area.view();
  },
  'confidential.rehearse': async ({ on }) => {
    area.rehearse(on);
    return area.view();
  },
});
