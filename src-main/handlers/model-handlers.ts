/** Calls about models on disk and their downloads (src-shared/bridge/model-calls.ts). */
import type { CallInput, Handlers } from '../../src-shared/bridge/index.ts';
import type { modelCalls } from '../../src-shared/bridge/model-calls.ts';

type Area = Pick<Handlers, keyof typeof modelCalls>;

/** What these calls need of the node. */
export type ModelArea = {
  view: Area['models.get'];
  look: Area['models.look'];
  download(order: CallInput<'models.download'>): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  repair(modelId: string): Promise<void>;
  remove(modelId: string): Promise<void>;
  setSettings(settings: CallInput<'models.settings'>): Promise<void>;
};

const done = (): Record<string, never> => ({});

/** Binds the calls to the node. */
export const modelHandlers = (area: ModelArea): Area => ({
  'models.get': area.view,
  'models.look': area.look,
  'models.download': (order) => area.download(order).then(done),
  'models.pause': ({ id }) => area.pause(id).then(done),
  'models.resume': ({ id }) => area.resume(id).then(done),
  'models.cancel': ({ id }) => area.cancel(id).then(done),
  'models.repair': ({ id }) => area.repair(id).then(done),
  'models.remove': ({ id }) => area.remove(id).then(done),
  'models.settings': (settings) => area.setSettings(settings).then(done),
});
