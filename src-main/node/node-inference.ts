/** What runs the models of this machine: the console's own engine and the external ones behind it, as one (decisions 0015 and 0018). */
import { orderInForce } from '../areas/providers-area.ts';
import { joinEngines } from '../engines/join-engines.ts';
import type { Engines } from '../engines/types.ts';
import { createInference } from '../inference/create-inference.ts';
import { verifiedFoldersSchema } from '../inference/ready-models.ts';
import type { Inference } from '../inference/types.ts';
import type { Logger } from '../log/logger.ts';
import { createNodeDevices } from './node-devices.ts';
import type { NodeHardware } from './node-hardware.ts';
import type { Preferences } from '../store/preferences.ts';
import type { Settings } from '../store/settings.ts';

/** More than any node serves at once; admission limits the work, not the engine. */
const engineSlots = 64;
const verifiedKey = 'models.verified';

type Deps = {
  care: NodeHardware;
  preferences: Preferences;
  settings: Settings;
  engines: Engines;
  /** Puts something around the own engine; the console itself never does. */
  decorate: (inference: Inference) => Inference;
  now(): number;
  random(): number;
  log: Logger;
};

/** Creates it; nothing is loaded yet. */
export function createNodeInference({ processModule, modelRoots }: { processModule: string; modelRoots: readonly string[] }, { care, preferences, settings, engines, decorate, now, random, log }: Deps): Inference {
  const own = createInference(
    { processModule, modelRoots: [...modelRoots], slots: engineSlots },
    {
      ...createNodeDevices({ query: care.cards, now }),
      verified: { read: () => settings.get(verifiedKey, verifiedFoldersSchema) ?? [], keep: (folders) => settings.set(verifiedKey, folders) },
      isOn: care.isDeviceOn,
      order: () => orderInForce(preferences),
      spawn: care.spawn,
      log: log.child({ part: 'inference' }),
      now,
      random,
    },
  );
  return joinEngines(decorate(own), engines);
}
