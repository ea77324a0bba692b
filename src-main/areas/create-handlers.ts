/** Every call of the bridge, bound to the live parts, one area a file (src-shared/bridge; decision 0005). Assembly only: rules and arithmetic are in core and the modules. */
import type { Handlers } from '../../src-shared/bridge/index.ts';
import { attestationHandlers } from '../handlers/attestation-handlers.ts';
import { desktopHandlers } from '../handlers/desktop-handlers.ts';
import { diagnosticsHandlers } from '../handlers/diagnostics-handlers.ts';
import { engineHandlers } from '../handlers/engine-handlers.ts';
import { confidentialHandlers } from '../handlers/confidential-handlers.ts';
import { ingressHandlers } from '../handlers/ingress-handlers.ts';
import { economicsHandlers } from '../handlers/economics-handlers.ts';
import { hardwareHandlers } from '../handlers/hardware-handlers.ts';
import { fundsHandlers } from '../handlers/funds-handlers.ts';
import { jobHandlers } from '../handlers/job-handlers.ts';
import { modelHandlers } from '../handlers/model-handlers.ts';
import { moneyHandlers } from '../handlers/money-handlers.ts';
import { nodeHandlers } from '../handlers/node-handlers.ts';
import { remoteHandlers } from '../handlers/remote-handlers.ts';
import { settingsHandlers } from '../handlers/settings-handlers.ts';
import { walletHandlers } from '../handlers/wallet-handlers.ts';
import type { AreaParts } from './area-parts.ts';
import { attestationArea } from './attestation-area.ts';
import { desktopArea } from './desktop-area.ts';
import { diagnosticsArea } from './diagnostics-area.ts';
import { confidentialArea } from './confidential-area.ts';
import { ingressArea } from './ingress-area.ts';
import { economicsArea } from './economics-area.ts';
import { hardwareArea } from './hardware-area.ts';
import { fundsArea } from './funds-area.ts';
import { jobArea } from './job-area.ts';
import { modelArea } from './model-area.ts';
import { moneyArea } from './money-area.ts';
import { nodeArea } from './node-area.ts';
import { remoteArea } from './remote-area.ts';
import { settingsArea } from './settings-area.ts';
import { walletArea } from './wallet-area.ts';

/** Binds all calls. */
export const createHandlers = (parts: AreaParts): Handlers => ({
  ...nodeHandlers(nodeArea(parts)),
  ...moneyHandlers(moneyArea(parts)),
  ...economicsHandlers(economicsArea(parts)),
  ...hardwareHandlers(hardwareArea(parts)),
  ...engineHandlers(parts.engines),
  ...confidentialHandlers(confidentialArea(parts)),
  ...ingressHandlers(ingressArea(parts)),
  ...jobHandlers(jobArea(parts)),
  ...walletHandlers(walletArea(parts)),
  ...fundsHandlers(fundsArea(parts)),
  ...settingsHandlers(settingsArea(parts)),
  ...modelHandlers(modelArea(parts)),
  ...desktopHandlers(desktopArea(parts)),
  ...remoteHandlers(remoteArea(parts)),
  ...diagnosticsHandlers(diagnosticsArea(parts)),
  ...attestationHandlers(attestationArea(parts)),
});
