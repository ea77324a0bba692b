/** Calls about the direct ingress (src-shared/bridge/ingress-calls.ts). */
import type { Handlers } from '../../src-shared/bridge/index.ts';
import type { ingressCalls, IngressSettings, IngressView } from '../../src-shared/bridge/ingress-calls.ts';

type Area = Pick<Handlers, keyof typeof ingressCalls>;

/** What these calls need of the node. */
export type IngressArea = { view(): IngressView; set(settings: IngressSettings): Promise<void>; announce(): Promise<void> };

const done = (): Record<string, never> => ({});

/** Binds the calls to the node. */
export const ingressHandlers = (area: IngressArea): Area => ({
  'ingress.get': async () => area.view(),
  'ingress.set': ({ settings }) => area.set(settings).then(done),
  'ingress.announce': () => area.announce().then(done),
});
