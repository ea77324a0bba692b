/** The bridge's settings area: network, policies, keys, logs, the sandbox's controls. */
import type { SettingsArea } from '../handlers/settings-handlers.ts';
import type { AreaParts } from './area-parts.ts';
import { providersArea } from './providers-area.ts';
import { setupArea } from './setup-area.ts';

/** Assembles the area over the live parts. */
export function settingsArea(parts: AreaParts): SettingsArea {
  const { preferences, network, deps } = parts;
  return {
    setup: setupArea(parts),
    settings: async () => {
      const profile = network()?.profile;
      return {
        theme: preferences.theme(),
        language: preferences.language(),
        policies: preferences.policies(),
        network: {
          id: profile?.id ?? 'none',
          name: profile?.name ?? 'No network',
          generation: profile?.generation ?? 'G1',
          chainId: parts.session()?.chain.snapshot().health.chainId ?? profile?.chainId ?? null,
          endpoints: profile?.endpoints ?? [],
          atomaPackageId: profile?.atomaPackageId ?? '',
          atomaDbId: profile?.atomaDbId ?? '',
          coordinatorUrl: profile?.coordinatorUrl ?? null,
          coordinatorId: parts.session()?.link?.status().coordinatorId ?? profile?.coordinatorId ?? null,
          health: parts.session()?.chain.endpoints() ?? [],
        },
        keys: parts.keysView(),
        parked: parts.parkedRows(),
      };
    },
    providers: providersArea(parts),
    setTheme: preferences.setTheme,
    setLanguage: preferences.setLanguage,
    setPolicies: (policies) => {
      const { maxParallel } = preferences.policies();
      preferences.setPolicies(policies);
      parts.session()?.chain.hint();
      if (policies.maxParallel !== maxParallel) parts.session()?.link?.renew();
      parts.changed('node');
    },
    trustCoordinator: async (coordinatorId) => parts.needSession().link?.trust(coordinatorId),
    logs: async (query) =>
      deps.logRing(query).map(({ atMs, level, event, fields }) => ({ atMs, level, event, fields: JSON.parse(JSON.stringify(fields)) as Record<string, never> })),
    sandbox: () => network()?.sandbox ?? null,
  };
}
