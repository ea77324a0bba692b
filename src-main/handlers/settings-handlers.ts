/** Calls of the set-up, the settings, the logs and the sandbox's dials (src-shared/bridge/calls.ts, settingsCalls). */
import type { settingsCalls } from '../../src-shared/bridge/calls.ts';
import type { CallInput, Handlers } from '../../src-shared/bridge/index.ts';
import type { OfferedRole, Policies, SandboxView, SecondNodeMode, SetupView } from '../../src-shared/bridge/views.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';

type Area = Pick<Handlers, keyof typeof settingsCalls>;

/** The dials of the embedded network; null on every other network. */
export type SandboxDials = {
  state(): Promise<SandboxView>;
  setEpochLength(epochLengthMs: number | null): Promise<void>;
  skipEpochs(epochs: number): Promise<void>;
  setDemand(demand: SandboxView['demand']): Promise<void>;
  setFaults(faults: SandboxView['faults']): Promise<void>;
  setAttestations(attestations: SandboxView['attestations']): Promise<void>;
  offerRole(role: OfferedRole): Promise<void>;
  setSecondNode(mode: SecondNodeMode): Promise<void>;
};

/** What these calls need of the node. */
export type SettingsArea = {
  setup: {
    view(): Promise<SetupView>;
    chooseNetwork(networkId: string): Promise<void>;
    useProfile(profile: NetworkProfile): Promise<void>;
    machineCheck: Area['setup.machineCheck'];
    faucet(): Promise<void>;
    start(): Promise<void>;
  };
  settings: Area['settings.get'];
  setTheme(theme: CallInput<'settings.theme'>['theme']): void;
  setLanguage(language: CallInput<'settings.language'>): void;
  setPolicies(policies: Policies): void;
  trustCoordinator(coordinatorId: string): Promise<void>;
  providers: { view: Area['inference.providers']; setOrder(order: CallInput<'inference.setProviders'>['order']): void };
  logs: Area['logs.list'];
  sandbox(): SandboxDials | null;
};

/** Binds the calls to the node. */
export function settingsHandlers(area: SettingsArea): Area {
  const dials = (): SandboxDials => {
    const sandbox = area.sandbox();
    if (sandbox === null) throw new AppError('network.sandbox_failed', { detail: 'this network is not the sandbox' });
    return sandbox;
  };
  const after = async <T>(act: Promise<void> | void, then: () => Promise<T>): Promise<T> => {
    await act;
    return then();
  };
  const nothing = async (): Promise<Record<string, never>> => ({});
  return {
    'setup.get': area.setup.view,
    'setup.network': ({ networkId }) => after(area.setup.chooseNetwork(networkId), area.setup.view),
    'setup.customNetwork': ({ profile }) => after(area.setup.useProfile(profile), area.setup.view),
    'setup.machineCheck': area.setup.machineCheck,
    'setup.faucet': () => after(area.setup.faucet(), nothing),
    'setup.start': () => after(area.setup.start(), area.setup.view),
    'settings.get': area.settings,
    'settings.theme': ({ theme }) => after(area.setTheme(theme), () => area.settings({})),
    'settings.language': (language) => after(area.setLanguage(language), () => area.settings({})),
    'settings.policies': ({ policies }) => after(area.setPolicies(policies), () => area.settings({})),
    'settings.trustCoordinator': ({ coordinatorId }) => after(area.trustCoordinator(coordinatorId), () => area.settings({})),
    'inference.providers': area.providers.view,
    'inference.setProviders': ({ order }) => after(area.providers.setOrder(order), () => area.providers.view({})),
    'logs.list': area.logs,
    'sandbox.get': async () => area.sandbox()?.state() ?? null,
    'sandbox.setEpochLength': async ({ epochLengthMs }) => after(dials().setEpochLength(epochLengthMs), nothing),
    'sandbox.skipEpochs': async ({ epochs }) => after(dials().skipEpochs(epochs), nothing),
    'sandbox.setDemand': async (demand) => after(dials().setDemand(demand), nothing),
    'sandbox.offerRole': async ({ role }) => after(dials().offerRole(role), nothing),
    'sandbox.setFaults': async (faults) => after(dials().setFaults(faults), nothing),
    'sandbox.setAttestations': async (attestations) => after(dials().setAttestations(attestations), nothing),
    'sandbox.setSecondNode': async ({ mode }) => after(dials().setSecondNode(mode), nothing),
  };
}
