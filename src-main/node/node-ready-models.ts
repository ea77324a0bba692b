/** The models that are ready to be served, read anew when folders or engines change; the coordinator learns of a change by a new manifest (coordinator.md 2). */
import { toAppError } from '../../src-shared/errors.ts';
import type { Inference, ReadyModel } from '../inference/types.ts';
import type { Logger } from '../log/logger.ts';
import { schedule } from '../platform/schedule.ts';

/** The ready models. */
export type ReadyModels = {
  list(): readonly ReadyModel[];
  /** Reads them for the first time. What takes longer than this to verify comes later, with `changed`. */
  read(waitMs: number): Promise<void>;
  /** Reads them again, and calls `changed` when they are others. */
  rescan(): Promise<void>;
  /** Loads the model of a served task before the first request asks for it. */
  warmUp(): Promise<void>;
};

type Deps = {
  inference: Pick<Inference, 'readyModels' | 'load'>;
  /** The set-up of the open network is done. */
  started(): boolean;
  changed(): void;
  log: Logger;
};

const named = ({ id, engine: at = '', exact = true }: ReadyModel): string => `${id} ${at} ${exact}`;

/** Creates an empty list; nothing is read before `read`. */
export function createReadyModels({ inference, started, changed, log }: Deps): ReadyModels {
  let models: ReadyModel[] = [];
  const read = async (): Promise<void> => {
    models = await inference.readyModels();
  };
  return {
    list: () => models,
    async read(waitMs) {
      const first = read();
      let callOff: () => void = () => undefined;
      const late = new Promise<'late'>((resolve) => (callOff = schedule(waitMs, () => resolve('late'))));
      const outcome = await Promise.race([first, late]).finally(callOff);
      if (outcome === 'late') first.then(changed, (error: unknown) => log.error('inference.models_not_read', { error: toAppError(error) }));
    },
    async rescan() {
      const before = models.map(named).join(' ');
      await read();
      if (models.map(named).join(' ') !== before) changed();
    },
    async warmUp() {
      const [model] = models;
      if (model === undefined || !started()) return;
      await inference.load(model.id).catch((error: unknown) => log.warn('inference.warm_up_failed', { error }));
    },
  };
}
