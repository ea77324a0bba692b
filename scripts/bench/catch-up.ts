/** A node that was away catches up on 100,000 events of its stacks, against a bare loop over the same pages of the same server, and keeps no memory for it (issue 3, item 7). */
import { createHash } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { createChain, type Chain } from '../../src-main/chain/create-chain.ts';
import { eventPage } from '../../src-main/chain/event-pages.ts';
import { silentLogger } from '../../src-main/log/logger.ts';
import { createSandboxChain, type SandboxChain } from '../../src-main/sandbox/chain/index.ts';
import { fillChain } from '../../src-main/sandbox/chain/testing/fill-chain.ts';
import { createChainStore } from '../../src-main/store/chain-store.ts';
import { openStore } from '../../src-main/store/open.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './statistics.ts';

/** Bought, settled and claimed: three events each. */
const stackCount = 33_400;
const rounds = 3;
const bytesPerMb = 1024 * 1024;
const gasMist = 50_000_000_000n;

const random = (): (() => Uint8Array) => {
  let counter = 0;
  return () => Uint8Array.from(createHash('sha256').update(`catch-up ${(counter += 1)}`).digest());
};
const profileOf = (chain: SandboxChain): NetworkProfile => ({
  id: 'sandbox', name: 'Sandbox', kind: 'sandbox', generation: chain.generation, chainId: chain.chainId, endpoints: [chain.url], atomaPackageId: chain.packageId, atomaDbId: chain.atomaDbId,
  coin: { type: chain.coin.type, symbol: chain.coin.symbol, decimals: chain.coin.decimals },
  faucet: chain.coin.faucetId === null ? null : { packageId: chain.coin.packageId, objectId: chain.coin.faucetId },
  coordinatorUrl: null, coordinatorId: null, sandboxControlUrl: null,
});

/** The chain's side of a node on a store of its own, as after a reinstall. */
function openNode(profile: NetworkProfile, key: Secp256k1Keypair, dataDir: string): { chain: Chain; close(): void } {
  const store = openStore({ dataDir }, { now: Date.now, log: silentLogger });
  const chain = createChain(
    { profile, timeoutMs: 60_000 },
    {
      store: createChainStore(store),
      walletAddress: () => key.toSuiAddress(),
      signTransaction: async (bytes) => (await key.signTransaction(bytes)).signature,
      canSign: () => true,
      stackWork: () => ({ acceptedUnits: 0n, awaitingAck: 0, running: 0, lastAcceptedAtMs: null, root: null }),
      policies: () => ({ autoSettle: false, settleAtPercent: 95, settleWhenIdleMs: 600_000, autoClaim: false, waitForAttestors: true, gasReserveTransactions: 1 }),
      leaving: () => false,
      now: Date.now,
      random: Math.random,
      log: silentLogger,
    },
  );
  return { chain, close: () => store.close() };
}

/** A chain with one node that sold, settled and claimed all the stacks; gives the node's key. */
async function fill(dataFile: string, dataDir: string): Promise<Secp256k1Keypair> {
  const deps = { now: Date.now, random: random(), log: silentLogger };
  const key = new Secp256k1Keypair();
  const chain = createSandboxChain({ dataFile, tasks: [{ modelName: 'sandbox/tiny-chat' }] }, deps);
  await chain.start();
  await chain.faucetSui(key.toSuiAddress(), gasMist);
  await chain.faucetCoin(key.toSuiAddress(), 10_000n);
  const node = openNode(profileOf(chain), key, dataDir);
  await node.chain.execute({ kind: 'register' });
  await node.chain.execute({ kind: 'subscribe', taskSmallId: 1n, price: 10n, maxComputeUnits: 1_000n });
  node.close();
  await chain.stop();
  await fillChain(dataFile, { stacks: stackCount, task: 1n, units: 100n, price: 10n, settled: stackCount, claimed: stackCount, perTransaction: 50 }, deps);
  return key;
}

/** The chain in a process of its own, so that its memory and its work are not counted as the node's. */
async function serve(dataFile: string): Promise<{ profile: NetworkProfile; child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, 'catch-up-server.ts'), [dataFile], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [profile] = (await once(child, 'message')) as [NetworkProfile];
  return { profile, child };
}

/** What is in use once everything that can be freed has been: buffers of collected objects are given back a turn later. */
const used = async (collect: () => void): Promise<number> => {
  collect();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return (heapUsed + arrayBuffers + external) / bytesPerMb;
};

/** Seconds of a bare walk over the pages, and how many events it met. */
async function bareWalk({ endpoints, atomaPackageId }: NetworkProfile): Promise<{ seconds: number; events: number }> {
  const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: endpoints[0] ?? '' });
  const startedAt = performance.now();
  let events = 0;
  for (let cursor: string | null = null, more = true; more; ) {
    const page = await eventPage(client, atomaPackageId, cursor, AbortSignal.timeout(60_000));
    events += page.events.length;
    more = page.more && page.cursor !== cursor;
    cursor = page.cursor;
  }
  return { seconds: (performance.now() - startedAt) / 1_000, events };
}

/** Seconds until a new installation knows everything, and the memory it kept and had at most while it read. */
async function catchUp(profile: NetworkProfile, key: Secp256k1Keypair, dataDir: string, collect: () => void): Promise<{ seconds: number; keptMb: number; claimed: bigint | null }> {
  const node = openNode(profile, key, dataDir);
  const before = await used(collect);
  const startedAt = performance.now();
  await node.chain.refresh();
  const seconds = (performance.now() - startedAt) / 1_000;
  const keptMb = (await used(collect)) - before;
  const claimed = node.chain.earnings().claimed.value;
  node.close();
  return { seconds, keptMb, claimed };
}

export const catchUpOnEvents: Benchmark = {
  name: 'catch-up',
  run: async ({ folder, log }) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const dataFile = join(folder('catch-up-chain'), 'chain.sqlite');
    const key = await fill(dataFile, folder('catch-up-setup'));
    const { profile, child } = await serve(dataFile);
    try {
      const bare: number[] = [];
      const runs: { seconds: number; keptMb: number }[] = [];
      let events = 0;
      for (let round = 0; round < rounds; round += 1) {
        const walk = await bareWalk(profile);
        events = walk.events;
        bare.push(walk.events / walk.seconds);
        const run = await catchUp(profile, key, folder(`catch-up-${round}`), collect);
        if (run.claimed !== BigInt(stackCount) * 1_000n) return { omitted: `the node found ${run.claimed} claimed instead of ${BigInt(stackCount) * 1_000n}` };
        runs.push(run);
      }
      const seconds = median(runs.map((run) => run.seconds));
      log(`${events} events in ${seconds.toFixed(1)} s`);
      const note = `catch-up: ${events} events of ${stackCount} own stacks, with the wallet's own transactions booked; the chain in a process of its own; median of ${rounds} rounds in turn with the bare loop`;
      return [
        { name: 'catch-up: a new installation knows its history', value: seconds, unit: 's', reference: null, budget: 60, of: 'value', direction: 'below', note },
        { name: 'catch-up: events per second against a bare paging loop', value: events / seconds, unit: '/s', reference: median(bare), budget: 0.1, of: 'ratio', direction: 'at least', note },
        { name: 'catch-up: memory kept afterwards', value: Math.max(0, median(runs.map((run) => run.keptMb))), unit: 'MB', reference: null, budget: 16, of: 'value', direction: 'below', note: '' },
      ];
    } finally {
      child.kill();
    }
  },
};
