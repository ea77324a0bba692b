/** Composes the embedded network: chain, coordinator, buyers, time dial, control API, over one data folder (architecture.md, sandbox). */
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { z } from 'zod';
import type { Generation } from '../../src-shared/atoma/index.ts';
import type { Coin } from '../../src-shared/domain/amounts.ts';
import { networkProfileSchema, type NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { Logger } from '../log/logger.ts';
import { ensureKeyWrap } from '../platform/aes-key-wrap.ts';
import { makePrivateFolder } from '../platform/files.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { createAttestationDial } from './attestation-dial.ts';
import { createBuyers, type Buyers, type Demand } from './buyers/create-buyers.ts';
import { readPrompts } from './buyers/prompts.ts';
import { openSandboxStore, type SandboxStore } from './buyers/sandbox-store.ts';
import { createWallet } from './buyers/wallet.ts';
import { createSandboxChain, type GenesisTask, type SandboxChain, type SandboxChainDeps } from './chain/index.ts';
import { controlInputs, type SandboxControls } from './control.ts';
import { openControlServer } from './control-server.ts';
import { createChainReads } from './coordinator/chain-reads.ts';
import { createCoordinator, type Coordinator } from './coordinator/create-coordinator.ts';
import { createControls } from './create-controls.ts';
import { followChain } from './follow-chain.ts';
import { defaultTasks, sampledTasks } from './offered-tasks.ts';
import type { Peer } from './peer/create-peer.ts';
import { openPeer } from './peer/open-peer.ts';
import type { Schedule } from './schedule.ts';
import { createTimeDial } from './time-dial.ts';

/** How the network is set up; all but the folder may be left out. What is not given continues as it was, else takes its default. */
export type SandboxOptions = {
  readonly dataDir: string;
  /** Contract generation of a new network, G1 when left out; a folder keeps its own, and the other one is refused. */
  readonly generation?: Generation;
  /** Ports; left out = as last time, or any free one. */
  readonly grpcPort?: number;
  readonly linkPort?: number;
  readonly controlPort?: number;
  /** Null: epochs pass by hand only. */
  readonly epochLengthMs?: number | null;
  /** Whether buyers are at work from the start. */
  readonly seedDemand?: boolean;
  readonly demand?: Partial<Demand>;
  /** `{"prompt","answer"}` lines; null or absent file: a few prompts of our own. */
  readonly promptsFile?: string | null;
  /** Tasks of a new chain; ignored later. */
  readonly tasks?: readonly GenesisTask[];
  /** Also offers a task for each further role that the sandbox has a model for; on an existing chain they are added. */
  readonly allRoles?: boolean;
  readonly heartbeatIntervalMs?: number;
  /** Funded accounts for other programs. */
  readonly accounts?: number;
};

/** What the network takes from its surroundings. `random` gives 32 fresh bytes. */
export type SandboxDeps = {
  readonly now: () => number;
  readonly random: () => Uint8Array;
  readonly schedule: Schedule;
  readonly log: Logger;
  /** Module of the second node's process, and how processes are started; left out = the network has none. */
  readonly secondNode?: { readonly module: string; readonly spawn: SpawnChild };
  /** For tests only: whom the contract draws, where that is not to be random. */
  readonly draws?: NonNullable<SandboxChainDeps['draws']>;
};

/** Everything another program needs to attach; the one line that `--json` prints. The secrets are play money. */
export type SandboxInfo = {
  readonly grpcUrl: string;
  readonly coordinatorUrl: string;
  readonly controlUrl: string;
  readonly chainId: string;
  readonly packageId: string;
  readonly atomaDbId: string;
  readonly coin: Coin & { readonly faucetPackageId: string; /** Null where the coin has no faucet on chain (G2). */ readonly faucetId: string | null };
  readonly coordinatorId: string;
  readonly accounts: readonly { readonly name: string; readonly address: string; readonly secretKey: string }[];
  readonly profile: NetworkProfile;
};

/** A running network. */
export type Sandbox = {
  readonly profile: NetworkProfile;
  readonly info: SandboxInfo;
  readonly control: SandboxControls;
  readonly chain: SandboxChain;
  readonly coordinator: Coordinator;
  readonly buyers: Buyers;
  readonly secondNode: Peer;
  stop(): Promise<void>;
};

const defaultDemand: Demand = { running: true, buyers: 2, requestsPerMinute: 30, stackUnits: 2_000, price: 100, taskSmallIds: [1], functions: false };
/** Per unit in TOMA's base units; per million units in USDC's: 0.1 USDC for the default stack. */
const defaultPrices: Readonly<Record<Generation, number>> = { G1: 100, G2: 50_000_000 };
const defaultAccounts = 3;
const accountMist = 100_000_000_000n;
const accountCoin = 1_000_000_000_000n;
const portSchema = z.number().int().min(1).max(65_535);

/** Opens something on the port it had last time, else on any free one; a port that was asked for must be free. */
async function openOn<T>(store: SandboxStore, name: string, asked: number | undefined, open: (port: number) => Promise<T>, portOf: (opened: T) => number): Promise<T> {
  const last = asked ?? store.setting(`port ${name}`, portSchema) ?? 0;
  const opened = await open(last).catch((error: unknown) => {
    const taken = error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
    if (asked !== undefined || last === 0 || !taken) throw error;
    return open(0);
  });
  store.remember(`port ${name}`, portOf(opened));
  return opened;
}
const portOfUrl = (url: string): number => Number(new URL(url).port);

/** Makes the named test accounts, each funded once. */
async function fundAccounts(store: SandboxStore, chain: SandboxChain, count: number): Promise<SandboxInfo['accounts']> {
  const accounts: { name: string; address: string; secretKey: string }[] = [];
  for (let i = 1; i <= count; i += 1) {
    const name = `account-${i}`;
    const { secret, funded } = store.wallet(name, () => new Secp256k1Keypair().getSecretKey());
    const address = Secp256k1Keypair.fromSecretKey(secret).toSuiAddress();
    if (!funded) {
      await chain.faucetSui(address, accountMist);
      await chain.faucetCoin(address, accountCoin);
      store.markFunded(name);
    }
    accounts.push({ name, address, secretKey: secret });
  }
  return accounts;
}

function profileOf(chain: SandboxChain, coordinator: Coordinator, controlUrl: string): NetworkProfile {
  const { type, symbol, decimals, packageId, faucetId } = chain.coin;
  return networkProfileSchema.parse({
    ...(chain.generation === 'G1' ? { id: 'sandbox', name: 'Sandbox' } : { id: 'sandbox-g2', name: 'Sandbox G2' }),
    kind: 'sandbox',
    generation: chain.generation,
    chainId: chain.chainId,
    endpoints: [chain.url],
    atomaPackageId: chain.packageId,
    atomaDbId: chain.atomaDbId,
    coin: { type, symbol, decimals },
    faucet: faucetId === null ? null : { packageId, objectId: faucetId },
    coordinatorUrl: coordinator.url,
    coordinatorId: coordinator.coordinatorId,
    sandboxControlUrl: controlUrl,
  });
}

/** Starts the network in its folder; everything listens on 127.0.0.1 only. Stop it before the folder is used again. */
export async function createSandbox(options: SandboxOptions, deps: SandboxDeps): Promise<Sandbox> {
  const { now, random, schedule, log } = deps;
  await ensureKeyWrap();
  makePrivateFolder(options.dataDir);
  const inFolder = (name: string): string => join(options.dataDir, name);
  const store = openSandboxStore(inFolder('sandbox.sqlite'));
  const listeners = new Set<() => void>();
  const changed = (): void => listeners.forEach((listener) => listener());

  const generation = options.generation === undefined ? {} : { generation: options.generation };
  const startChain = async (port: number): Promise<SandboxChain> => {
    const opened = createSandboxChain({ dataFile: inFolder('chain.sqlite'), port, tasks: options.tasks ?? defaultTasks, ...generation }, { now, random, log, ...(deps.draws === undefined ? {} : { draws: deps.draws }) });
    try {
      await opened.start();
    } catch (error) {
      await opened.stop();
      throw error;
    }
    return opened;
  };
  const chain = await openOn(store, 'grpc', options.grpcPort, startChain, ({ url }) => portOfUrl(url));
  const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: chain.url });
  const reads = createChainReads(chain, client);
  const heartbeat = options.heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs: options.heartbeatIntervalMs };
  const coordinator = await openOn(
    store, 'link', options.linkPort,
    (port) => createCoordinator({ dataFile: inFolder('coordinator.sqlite'), port, ...heartbeat }, { chain: reads, now, random, schedule, log }),
    ({ url }) => portOfUrl(url),
  );
  await coordinator.resume();

  const kept = store.setting('demand', controlInputs['/demand']) ?? { ...defaultDemand, price: defaultPrices[chain.generation] };
  const running = options.seedDemand ?? kept.running;
  const buyers = createBuyers(
    { demand: { ...kept, running, ...options.demand }, prompts: readPrompts(options.promptsFile ?? null) },
    { ingress: coordinator, store, schedule, now, log, onChange: changed, openWallet: (secret) => createWallet(secret, { client, network: chain, faucetSui: chain.faucetSui, faucetCoin: chain.faucetCoin }) },
  );
  const length = options.epochLengthMs === undefined ? store.setting('epoch_length', z.number().int().nullable()) : options.epochLengthMs;
  const dial = createTimeDial(length, { advance: (epochs) => chain.advanceEpoch(epochs), schedule, now });

  const attestations = await createAttestationDial({ read: reads.attestationSettings, administer: chain.administer, onChange: changed });
  const sampled = await sampledTasks(reads);
  const secondNode = openPeer(
    { dataDir: options.dataDir, taskSmallId: sampled[0] ?? null },
    { store, random, schedule, log, onChange: changed, profile: () => profile(), ...(deps.secondNode === undefined ? {} : { secondNode: deps.secondNode }) },
  );

  const onChange: SandboxControls['onChange'] = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const control = createControls({ chain, coordinator, reads, buyers, dial, attestations, secondNode, store, changed, onChange });
  const controlServer = await openOn(store, 'control', options.controlPort, (port) => openControlServer({ port }, { controls: control, schedule, log }), ({ url }) => portOfUrl(url));

  const accounts = await fundAccounts(store, chain, options.accounts ?? defaultAccounts);
  const profile = (): NetworkProfile => profileOf(chain, coordinator, controlServer.url);
  const subscribed = (taskSmallId: bigint): void => void (sampled.includes(taskSmallId) && secondNode.need());
  const unsubscribes = [followChain(chain, coordinator, { schedule, onChange: changed, wakeBuyers: buyers.wake, subscribed }), coordinator.onChange(changed)];
  for (const taskSmallId of sampled) if ((await reads.offers(taskSmallId)).length > 0) secondNode.need();
  if (options.allRoles === true) await control.offerAllRoles({});
  await buyers.start();

  const { type, symbol, decimals, packageId: faucetPackageId, faucetId } = chain.coin;
  const info: SandboxInfo = {
    grpcUrl: chain.url, coordinatorUrl: coordinator.url, controlUrl: controlServer.url, chainId: chain.chainId, packageId: chain.packageId, atomaDbId: chain.atomaDbId,
    coin: { type, symbol, decimals, faucetPackageId, faucetId }, coordinatorId: coordinator.coordinatorId, accounts, profile: profile(),
  };
  return {
    profile: info.profile, info, control, chain, coordinator, buyers, secondNode,
    stop: async () => {
      dial.stop();
      buyers.stop();
      unsubscribes.forEach((end) => end());
      await secondNode.stop();
      await controlServer.stop();
      await coordinator.stop();
      await chain.stop();
      store.close();
    },
  };
}
