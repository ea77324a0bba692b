/** A whole node on the real embedded network, for tests: both in folders of their own, the vault cheap to open, waiting on what the parts announce and on nothing else (architecture.md, "Tests": no sleeping). */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { Policies } from '../../src-shared/bridge/views.ts';
import type { Generation, NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { NodeCrashHook } from '../core/crash-points.ts';
import { createVault } from '../keys/create-vault.ts';
import { silentLogger, type Logger } from '../log/logger.ts';
import type { ConsoleNode } from '../console-node.ts';
import { createNode } from '../node.ts';
import type { NodeDeps, NodeOptions } from '../node/node-parts.ts';
import { forkChild } from '../platform/processes.ts';
import { createWallet, type Wallet } from '../sandbox/buyers/wallet.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox/create-sandbox.ts';
import { realSchedule, type Schedule } from '../sandbox/schedule.ts';
import { openStore } from '../store/open.ts';
import { createPreferences } from '../store/preferences.ts';
import { createSettings } from '../store/settings.ts';

export const passphrase = 'a passphrase for tests';

/** A step that takes this long is a time limit of the network's side: answers, greetings, deadlines, silence. */
const limitMs = 1_500;
/** The network's time limits never pass, however slow this machine is; its pauses and retries do. */
const withoutLimits: Schedule = (delayMs, work) => (delayMs < limitMs ? realSchedule(delayMs, work) : () => undefined);

/** Opens the embedded network of a folder, or makes it, without demand; ports and ids stay over a restart. */
export const openSandbox = (dataDir: string, generation: Generation = 'G1', tasks?: SandboxOptions['tasks'], draws?: Parameters<typeof createSandbox>[1]['draws']): Promise<Sandbox> =>
  createSandbox(
    { dataDir, generation, ...(tasks === undefined ? {} : { tasks }), accounts: 1, epochLengthMs: null, demand: { running: false, buyers: 1, requestsPerMinute: 6_000, stackUnits: 300, price: 100, taskSmallIds: [1], functions: false } },
    { now: Date.now, random: () => randomBytes(32), schedule: withoutLimits, log: silentLogger, ...(draws === undefined ? {} : { draws }) },
  );

/** Makes the keys of a new data folder; the wrapping costs next to nothing. */
export async function makeVault(dataDir: string): Promise<void> {
  const vault = createVault({ dataDir, keychain: null, expectsKey: false, scryptCost: 1024 }, { log: silentLogger, now: Date.now });
  const { phrase } = await vault.create({ passphrase });
  await vault.confirmBackup(phrase);
}

/** Writes into a data folder that the set-up was gone through to its last step. */
export function markStarted(dataDir: string, networkId: string, policies: Partial<Policies> = {}): void {
  const store = openStore({ dataDir }, { now: Date.now, log: silentLogger });
  const preferences = createPreferences(createSettings(store));
  preferences.setStarted(networkId);
  preferences.setPolicies({ ...preferences.policies(), ...policies });
  store.close();
}

const root = resolve(import.meta.dirname, '../..');

type Given = { dataDir: string; profile: NetworkProfile | null; crashPoint?: NodeCrashHook; log?: Logger; startSandbox?: NodeDeps['startSandbox']; modelRoots?: NodeOptions['modelRoots']; now?: () => number };

/** Starts the composed node with the real inference process, still locked. */
export const openNode = ({ dataDir, profile, crashPoint, log = silentLogger, startSandbox, modelRoots = [join(root, 'resources/models')], now = Date.now }: Given): Promise<ConsoleNode> =>
  createNode(
    { dataDir, version: '0.1.0', host: 'headless', electron: null, fixedNetwork: profile, modelRoots, inferenceModule: join(root, 'src-main/inference/process.ts'), wasmModule: join(root, 'src-main/wasm/process.ts') },
    {
      spawn: forkChild,
      keychain: null,
      startSandbox: startSandbox ?? (() => Promise.reject(new Error('the network of this test is given'))),
      openSecurePage: async () => ({ url: null }),
      log,
      logRing: () => [],
      now,
      random: Math.random,
      onFatal: (error) => {
        throw error;
      },
      ...(crashPoint === undefined ? {} : { crashPoint }),
    },
  );

/** Something that says when it changed. */
export type Announces = (wake: () => void) => () => void;

/** Looks again whenever one of the parts says that something changed, until there is a value; the test's time limit ends a wait in vain. */
export async function until<T>(parts: readonly Announces[], look: () => T | null | Promise<T | null>): Promise<T> {
  let wake: () => void = () => undefined;
  const stops = parts.map((announces) => announces(() => wake()));
  try {
    for (;;) {
      const changed = new Promise<void>((done) => (wake = done));
      const found = await look();
      if (found !== null) return found;
      await changed;
    }
  } finally {
    stops.forEach((stop) => stop());
  }
}

/** What a network announces. */
export const announcedBy = (sandbox: Sandbox): Announces[] => [sandbox.coordinator.onChange, (wake) => sandbox.chain.on(wake)];

/** A connection of its own to the chain of a network. */
export const chainClient = (sandbox: Sandbox): SuiGrpcClient => new SuiGrpcClient({ network: 'custom', baseUrl: sandbox.info.grpcUrl });

/** The wallet of a buyer, which the faucet fills as it pays; a new key unless one is given. */
export const openBuyer = (sandbox: Sandbox, key: Secp256k1Keypair = new Secp256k1Keypair()): Wallet =>
  createWallet(key.getSecretKey(), { client: chainClient(sandbox), network: sandbox.chain, faucetSui: sandbox.chain.faucetSui, faucetCoin: sandbox.chain.faucetCoin });

/** Proposes, confirms with the passphrase, and waits for the effects. */
export async function sign(node: ConsoleNode, intent: Intent): Promise<void> {
  const { proposalId, preview } = await node.handlers['wallet.propose']({ intent });
  if (!preview.possible) throw new Error(`${intent.kind}: ${preview.problem?.message}`);
  await node.secure.approve(proposalId, passphrase);
  const outcome = await node.handlers['wallet.outcome']({ proposalId });
  if (outcome.status !== 'success') throw new Error(`${intent.kind} ended ${outcome.status}: ${outcome.error?.message}`);
}

/** Registers the node of an unlocked data folder and subscribes it to the network's one task. */
export async function joinNetwork(node: ConsoleNode): Promise<void> {
  await node.handlers['setup.faucet']({});
  await sign(node, { kind: 'register' });
  await sign(node, { kind: 'subscribe', taskSmallId: 1n, price: 80n, maxComputeUnits: 1_000_000n });
}
