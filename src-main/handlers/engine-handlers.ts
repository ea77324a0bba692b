/** Calls about external engines (src-shared/bridge/engine-calls.ts). */
import type { CallInput, Handlers } from '../../src-shared/bridge/index.ts';
import type { EngineListView, engineCalls } from '../../src-shared/bridge/engine-calls.ts';

type Area = Pick<Handlers, keyof typeof engineCalls>;

/** What these calls need of the node. */
export type EngineArea = {
  view(): EngineListView;
  save(settings: CallInput<'engines.save'>['settings'], token: string | null | undefined): Promise<void>;
  remove(id: string): Promise<void>;
  test: Area['engines.test'];
  check(id: string): Promise<void>;
  probe(id: string, modelId: string): void;
};

const done = (): Record<string, never> => ({});

/** Binds the calls to the node. */
export const engineHandlers = (area: EngineArea): Area => ({
  'engines.list': async () => area.view(),
  'engines.save': ({ settings, token }) => area.save(settings, token).then(done),
  'engines.remove': ({ id }) => area.remove(id).then(done),
  'engines.test': (order) => area.test(order),
  'engines.check': ({ id }) => area.check(id).then(done),
  'engines.probe': async ({ id, modelId }) => {
    area.probe(id, modelId);
    return done();
  },
});
