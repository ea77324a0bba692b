/** The models that are ready to be served, read anew when folders or engines change; the coordinator learns of a change by a new manifest (coordinator.md 2). */
import type { Inference, ReadyModel } from '../inference/types.ts';
import type { Logger } from '../log/logger.ts';
import { schedule } from '../platform/schedule.ts';

/** The ready models. */
export type ReadyModels = {
  list(): readonly ReadyModel[];
  /** Reads them for the first time. What takes longer than this to verify is there after the next rescan. */
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
    read: (waitMs) =>
      new Promise((resolve, reject) => {
        const callOff = schedule(waitMs, resolve);
        read().finally(callOff).then(resolve, reject);
      }),
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
