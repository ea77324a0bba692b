/** The bridge's set-up area: network, machine check, faucets, start (product.md, Set-up). */
import { createHash } from 'node:crypto';
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { SetupView } from '../../src-shared/bridge/views.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import { networkProfileSchema } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { checkProfile } from '../chain/check-profile.ts';
import { setupView } from '../core/views/setup-view.ts';
import type { SettingsArea } from '../handlers/settings-handlers.ts';
import { listNetworks } from '../node/node-network.ts';
import { machineRules } from '../system/machine-rules.ts';
import { noCoin, type AreaParts } from './area-parts.ts';

/** What a test network's faucet is asked for, in base units: ten thousand times the collateral that the contract starts with. */
const faucetAmount = 10_000_000_000n;

/** Assembles the area over the live parts. */
export function setupArea(parts: AreaParts): SettingsArea['setup'] {
  const { preferences, deps } = parts;
  return {
    view: async () => viewOfSetup(parts),
    chooseNetwork: parts.useNetwork,
    useProfile: async (given) => {
      const profile = networkProfileSchema.parse(given);
      await checkProfile(profile, { now: deps.now, log: deps.log.child({ part: 'chain' }) });
      // The id names a folder and must not take over a built-in network.
      const id = `custom-${createHash('sha256').update(JSON.stringify(profile)).digest('hex').slice(0, 12)}`;
      preferences.addCustomNetwork({ ...profile, id, kind: profile.kind === 'sandbox' ? 'custom' : profile.kind });
      await parts.useNetwork(id);
    },
    machineCheck: async () => {
      const [hardware, providers] = [await parts.hardware(), await parts.inference.probe()];
      const check = { atMs: deps.now(), rules: machineRules({ hardware, clockOffsetMs: parts.session()?.link?.status().clockAheadMs ?? null, sqliteVersion: parts.sqliteVersion }), providers };
      preferences.setMachineCheck(check);
      parts.changed('setup');
      return check;
    },
    faucet: () => askFaucets(parts),
    start: async () => {
      const live = parts.needSession();
      const { current } = await viewOfSetup(parts);
      if (current !== null && current !== 'start') throw new AppError('setup.not_ready', { detail: current });
      preferences.setStarted(live.profile.id);
      live.connect();
      void parts.warmUp();
      parts.changed('setup');
    },
  };
}

async function viewOfSetup(parts: AreaParts): Promise<SetupView> {
  const { preferences } = parts;
  const live = parts.session();
  const profile = parts.network()?.profile ?? null;
  const snapshot = live?.chain.snapshot() ?? null;
  const registration = snapshot?.registration ?? null;
  return setupView({
    networks: listNetworks(parts.options.fixedNetwork, preferences),
    networkId: profile?.id ?? null,
    keys: parts.keysView(),
    machine: preferences.machineCheck(),
    coin: profile?.coin ?? noCoin,
    balances: snapshot?.balances ?? null,
    collateralNeeded: profile !== null && !contractOf(profile.generation).takesCollateral ? 0n : (snapshot?.db?.registrationCollateralInProtocolToken ?? null),
    gasNeededMist: live?.chain.gasReserveMist() ?? 0n,
    faucet: profile !== null && (profile.faucet !== null || parts.network()?.sandbox !== null),
    gasFaucet: profile !== null && parts.network()?.sandbox !== null,
    chainReadAtMs: snapshot?.readAtMs ?? null,
    registration: registration === null ? null : registration.registered ? registration.node : 'none',
    servedTasks: live?.servedTasks() ?? [],
    started: profile !== null && preferences.started(profile.id),
  });
}

/** Play money: SUI from the sandbox's purse where there is one, then the network's coin from the contract's own faucet. */
async function askFaucets(parts: AreaParts): Promise<void> {
  const { chain, profile } = parts.needSession();
  const { walletAddress } = parts.keysView();
  const sandbox = parts.network()?.sandbox ?? null;
  if (profile.faucet === null && sandbox === null) throw new AppError('chain.rejected', { detail: `${profile.name} has no faucet for ${suiCoin.symbol} and ${profile.coin.symbol}` });
  if (sandbox !== null && walletAddress !== null) await sandbox.fundGas(walletAddress);
  // A contract that takes no collateral needs none of its coin, and offers none.
  if (profile.faucet === null) return chain.refresh();
  const outcome = await chain.execute({ kind: 'faucet', amount: faucetAmount });
  if (outcome.status !== 'success') throw new AppError('chain.rejected', { detail: outcome.error?.message ?? outcome.status });
}
