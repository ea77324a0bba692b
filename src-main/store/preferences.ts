/** What the operator chose, typed, over the settings table: network, policies, theme, pause, and how far the set-up went (product.md, "Policies"). */
import { z } from 'zod';
import { desktopSettingsSchema, type DesktopSettings } from '../../src-shared/bridge/desktop-calls.ts';
import { economicsSettingsSchema, type EconomicsSettings } from '../../src-shared/bridge/economics.ts';
import { languageChoiceSchema, machineCheckSchema, policiesSchema, providerNameSchema, type LanguageChoice, type MachineCheck, type Policies } from '../../src-shared/bridge/views.ts';
import { networkProfileSchema, type NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { Settings } from './settings.ts';

/** Policies as they are before anybody changed them. */
export const defaultPolicies: Policies = {
  autoSettle: true,
  settleAtPercent: 95,
  settleWhenIdleMs: 10 * 60_000,
  autoClaim: true,
  gasReserveTransactions: 20,
  maxParallel: 2,
  cancelWindowMs: 24 * 3_600_000,
  autoAttest: true,
  selfAuditSample: 3,
  waitForAttestors: true,
};

/** The desktop before anybody changed it: closing keeps it running, nothing is put into the operator's login. */
export const defaultDesktop: DesktopSettings = {
  keepInTray: true,
  startAtLogin: false,
  startHidden: true,
  stayAwake: false,
  notices: { everyMinutes: 5, kinds: { state: true, keys: true, link: true, chain: true, money: true, attestations: true, machine: true } },
};

type ProviderName = z.infer<typeof providerNameSchema>;
/** Nothing is known of costs until the operator says it. */
const defaultEconomics: EconomicsSettings = { currency: 'USD', rates: { kind: 'manual', coin: null, sui: null }, bands: [], watts: { busy: null, waiting: null, rest: 0 }, psuLossPercent: 0 };

const themeSchema = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof themeSchema>;

/** When the words were last tried and for which wallet, and when the node keys were last saved and with which liveness key. */
const keyCareSchema = z.object({
  rehearsed: z.object({ atMs: z.number(), walletAddress: z.string() }).nullable(),
  saved: z.object({ atMs: z.number(), livenessAddress: z.string(), nodeId: z.string() }).nullable(),
});
export type KeyCare = z.infer<typeof keyCareSchema>;

/** Typed access; what was never set reads as its default. Marks are kept per network. */
export type Preferences = {
  networkId(): string | null;
  setNetworkId(id: string): void;
  customNetworks(): NetworkProfile[];
  addCustomNetwork(profile: NetworkProfile): void;
  policies(): Policies;
  setPolicies(policies: Policies): void;
  /** Tariff, watts and rates. */
  economics(): EconomicsSettings;
  setEconomics(settings: EconomicsSettings): void;
  /** Tray, login and notices of the desktop host. */
  desktop(): DesktopSettings;
  setDesktop(settings: DesktopSettings): void;
  theme(): Theme;
  setTheme(theme: Theme): void;
  language(): LanguageChoice;
  setLanguage(language: LanguageChoice): void;
  /** How the operator has cared for the backup of the keys. */
  keyCare(): KeyCare;
  setKeyCare(care: KeyCare): void;
  paused(): boolean;
  setPaused(paused: boolean): void;
  machineCheck(): MachineCheck | null;
  setMachineCheck(check: MachineCheck): void;
  /** The operator's order of execution providers; null until one is set. */
  providerOrder(): ProviderName[] | null;
  setProviderOrder(order: ProviderName[] | null): void;
  started(networkId: string): boolean;
  setStarted(networkId: string): void;
  /** True once this key was seen registered on some network: from then on a missing key is an error. */
  registrationKnown(): boolean;
  setRegistrationKnown(): void;
};

const flagSchema = z.boolean();
const networkIdSchema = z.string();
const customNetworksSchema = z.array(networkProfileSchema);
const providerOrderSchema = z.array(providerNameSchema).min(1);

/** Preferences of an open settings table. */
export function createPreferences(settings: Settings): Preferences {
  const flag = (key: string): boolean => settings.get(key, flagSchema) ?? false;
  return {
    networkId: () => settings.get('network', networkIdSchema),
    setNetworkId: (id) => settings.set('network', id),
    customNetworks: () => settings.get('networks.custom', customNetworksSchema) ?? [],
    addCustomNetwork(profile) {
      settings.set('networks.custom', [...this.customNetworks().filter(({ id }) => id !== profile.id), profile]);
    },
    policies: () => settings.get('policies', policiesSchema) ?? defaultPolicies,
    setPolicies: (policies) => settings.set('policies', policies),
    economics: () => settings.get('economics', economicsSettingsSchema) ?? defaultEconomics,
    setEconomics: (economics) => settings.set('economics', economics),
    desktop: () => settings.get('desktop', desktopSettingsSchema) ?? defaultDesktop,
    setDesktop: (desktop) => settings.set('desktop', desktop),
    theme: () => settings.get('theme', themeSchema) ?? 'system',
    setTheme: (theme) => settings.set('theme', theme),
    language: () => settings.get('language', languageChoiceSchema) ?? { tag: null, formats: 'system' },
    setLanguage: (language) => settings.set('language', language),
    keyCare: () => settings.get('keys.care', keyCareSchema) ?? { rehearsed: null, saved: null },
    setKeyCare: (care) => settings.set('keys.care', care),
    paused: () => flag('paused'),
    setPaused: (paused) => settings.set('paused', paused),
    machineCheck: () => settings.get('machine', machineCheckSchema),
    setMachineCheck: (check) => settings.set('machine', check),
    providerOrder: () => settings.get('providers', providerOrderSchema),
    setProviderOrder: (order) => (order === null ? settings.remove('providers') : settings.set('providers', order)),
    started: (networkId) => flag(`started.${networkId}`),
    setStarted: (networkId) => settings.set(`started.${networkId}`, true),
    registrationKnown: () => flag('registration.known'),
    setRegistrationKnown: () => settings.set('registration.known', true),
  };
}
