/** Calls about GPUs and how the machine is treated (src-shared/bridge/hardware-calls.ts). */
import type { hardwareCalls } from '../../src-shared/bridge/hardware-calls.ts';
import type { Handlers } from '../../src-shared/bridge/index.ts';

type Area = Pick<Handlers, keyof typeof hardwareCalls>;

/** What these calls need of the node. */
export type HardwareArea = { view: Area['hardware.get']; history: Area['hardware.history']; setCare: Area['hardware.setCare']; switchGpu: Area['hardware.switchGpu']; simulateHeat: Area['hardware.simulateHeat'] };

/** Binds the calls to the node. */
export const hardwareHandlers = (area: HardwareArea): Area => ({
  'hardware.get': area.view,
  'hardware.history': area.history,
  'hardware.setCare': area.setCare,
  'hardware.switchGpu': area.switchGpu,
  'hardware.simulateHeat': area.simulateHeat,
});
