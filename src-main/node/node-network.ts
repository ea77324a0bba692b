/** Opens and closes the chosen network: its profile, its database, and the embedded sandbox behind it (decision 0005). */
import { join } from 'node:path';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { Generation, NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createChainEndpoints } from '../chain/chain-endpoints.ts';
import type { ChainClient } from '../chain/client.ts';
import type { Logger } from '../log/logger.ts';
import { sandboxes, testnets } from '../network/profiles.ts';
import { createSandboxControl, type SandboxControl } from '../network/sandbox-control.ts';
import { createPinTable } from '../store/chain-marks.ts';
import { openStore, type Store } from '../store/open.ts';
import type { Preferences } from '../store/preferences.ts';
import { createSettings, type Settings } from '../store/settings.ts';

/** An open network. */
export type OpenNetwork = { profile: NetworkProfile; store: Store; settings: Settings; endpoints: ChainClient; sandbox: SandboxControl | null; close(): Promise<void> };

/** Types of the network's coin and of SUI; null while no network is open. */
export const coinTypes = (network: OpenNetwork | null): { coin: string; sui: string } | null => (network === null ? null : { coin: network.profile.coin.type, sui: suiCoin.type });

/** Open databases by the name they are shown under: the console's, and the network's. */
export const databasesOf = (root: Store, network: OpenNetwork | null): { name: string; store: Store }[] => [{ name: 'console', store: root }, ...(network === null ? [] : [{ name: network.profile.name, store: network.store }])];

/** A network in the list of the set-up. */
export type ListedNetwork = { id: string; name: string; kind: NetworkProfile['kind']; hasCoordinator: boolean; note: string | null };

type Deps = {
  preferences: Preferences;
  startSandbox(dataDir: string, generation: Generation): Promise<{ profile: NetworkProfile; stop(): Promise<void> }>;
  /** A dial, a total or the epoch of the sandbox changed. */
  sandboxChanged(): void;
  now(): number;
  log: Logger;
};

const withoutCoordinator = 'No coordinator is known for this network: a node can register, settle and claim there, but it is sent no work.';

/** Networks to choose from; one given on the command line is the only one. */
export function listNetworks(fixed: NetworkProfile | null, preferences: Preferences): ListedNetwork[] {
  const listed = ({ id, name, kind, coordinatorUrl }: NetworkProfile): ListedNetwork => ({
    id,
    name,
    kind,
    hasCoordinator: coordinatorUrl !== null,
    note: coordinatorUrl === null ? withoutCoordinator : null,
  });
  if (fixed !== null) return [listed(fixed)];
  const embedded = sandboxes.map(({ id, name, note }): ListedNetwork => ({ id, name, kind: 'sandbox', hasCoordinator: true, note }));
  return [...embedded, ...testnets.map(listed), ...preferences.customNetworks().map(listed)];
}

/** Opens a network by id. @throws AppError network.bad_profile for an unknown id, network.sandbox_failed */
export async function openNetwork(id: string, options: { dataDir: string; fixed: NetworkProfile | null }, deps: Deps): Promise<OpenNetwork> {
  const { fixed, dataDir } = options;
  const known = fixed !== null ? [fixed] : [...testnets, ...deps.preferences.customNetworks()];
  const embedded = fixed === null ? sandboxes.find((one) => one.id === id) : undefined;
  const started = embedded === undefined ? null : await deps.startSandbox(dataDir, embedded.generation);
  const profile = started?.profile ?? known.find((one) => one.id === id);
  if (profile === undefined) throw new AppError('network.bad_profile', { detail: `there is no network named ${id}` });
  try {
    const store = openStore({ dataDir: join(dataDir, 'networks', networkFolder(profile)) }, deps);
    const sandbox = profile.sandboxControlUrl === null ? null : createSandboxControl(profile.sandboxControlUrl, { fetch });
    const unfollow = sandbox?.follow(deps.sandboxChanged);
    return {
      profile,
      store,
      settings: createSettings(store),
      endpoints: createChainEndpoints({ profile }, { pins: createPinTable(store), now: deps.now, log: deps.log.child({ part: 'chain' }) }),
      sandbox,
      close: async () => {
        unfollow?.();
        store.close();
        await started?.stop();
      },
    };
  } catch (error) {
    await started?.stop();
    throw error;
  }
}

/** A sandbox that was started anew is another chain: its rows must not meet those of the old one. */
function networkFolder({ id, kind, chainId }: NetworkProfile): string {
  return kind === 'sandbox' && chainId !== null ? `${id}-${chainId.slice(0, 12)}` : id;
}
