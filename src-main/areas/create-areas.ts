/** What each area of the bridge shows and does, assembled from the live parts (src-shared/bridge; decision 0005). Assembly only: rules and arithmetic are in core and the modules. */
import type { DiagnosticsArea } from '../handlers/diagnostics-handlers.ts';
import type { AttestationArea } from '../handlers/attestation-handlers.ts';
import type { JobArea } from '../handlers/job-handlers.ts';
import type { ModelArea } from '../handlers/model-handlers.ts';
import type { MoneyArea } from '../handlers/money-handlers.ts';
import type { NodeArea } from '../handlers/node-handlers.ts';
import type { SettingsArea } from '../handlers/settings-handlers.ts';
import type { WalletArea } from '../handlers/wallet-handlers.ts';
import type { AreaParts } from './area-parts.ts';
import { diagnosticsArea } from './diagnostics-area.ts';
import { attestationArea } from './attestation-area.ts';
import { jobArea } from './job-area.ts';
import { modelArea } from './model-area.ts';
import { moneyArea } from './money-area.ts';
import { nodeArea } from './node-area.ts';
import { settingsArea } from './settings-area.ts';
import { walletArea } from './wallet-area.ts';

/** The areas. */
export type Areas = { node: NodeArea; money: MoneyArea; jobs: JobArea; wallet: WalletArea; settings: SettingsArea; models: ModelArea; diagnostics: DiagnosticsArea; attestations: AttestationArea };

/** Assembles the areas over the live parts. */
export function createAreas(parts: AreaParts): Areas {
  return { node: nodeArea(parts), money: moneyArea(parts), jobs: jobArea(parts), wallet: walletArea(parts), settings: settingsArea(parts), models: modelArea(parts), diagnostics: diagnosticsArea(parts), attestations: attestationArea(parts) };
}
