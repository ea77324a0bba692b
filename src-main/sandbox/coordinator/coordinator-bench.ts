/** Sets a coordinator up for a test: temp folder, manual clock, chain in maps, one registered node with the vectors' keys. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import vectors from '../../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { silentLogger } from '../../log/logger.ts';
import { createManualClock } from '../manual-clock.ts';
import { createCoordinator, type Coordinator, type CoordinatorOptions } from './create-coordinator.ts';
import { createFakeChainReads } from './fake-chain-reads.ts';
import { connectNode, identityOf, type NodeKeys, type StrictNode } from './strict-node.ts';

/** Keys of the shared vectors. */
export const vectorKeys: NodeKeys = {
  rsaPem: vectors.keys.rsa_private_pkcs8_pem,
  operator: Secp256k1Keypair.fromSecretKey(vectors.keys.operator_secret),
  liveness: Secp256k1Keypair.fromSecretKey(vectors.keys.liveness_secret),
};

/** The stack every bench starts with: 1,000 units for node 7 on task 1. */
export const firstStack = 12n;
export const body = JSON.stringify({ messages: [{ role: 'user', content: 'Spell map for Ada.' }] });

/** Starts a bench; `stop` ends everything. */
export async function startBench(options: Partial<CoordinatorOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'coordinator-'));
  const clock = createManualClock(1_795_219_261_000);
  const chain = createFakeChainReads();
  const { wallet } = identityOf(vectorKeys);
  chain.standings.set(wallet, { kind: 'enabled', nodeSmallIds: [7n] });
  chain.tasks.set(1n, { role: 0, modelName: 'sandbox/tiny-chat', samplingConsensus: false });
  chain.tasks.set(2n, { role: 0, modelName: 'sandbox/tiny-chat', samplingConsensus: true });
  chain.subscriptions.set(1n, [{ nodeSmallId: 7n, price: 100n, maxUnits: 10_000n }]);
  const stack = { owner: wallet, price: 100n, numComputeUnits: 1_000n, selectedNodeId: 7n, taskSmallId: 1n };
  chain.stacks.set(firstStack, stack);
  const nodes: StrictNode[] = [];
  const start = (): Promise<Coordinator> =>
    createCoordinator({ dataFile: join(folder, 'coordinator.sqlite'), heartbeatIntervalMs: 30_000, ...options }, { chain, now: clock.now, schedule: clock.schedule, random: () => randomBytes(32), log: silentLogger });
  let coordinator = await start();
  await coordinator.openStack(firstStack);
  return {
    clock, chain, wallet, stack,
    get coordinator() {
      return coordinator;
    },
    connect: async (keys: NodeKeys = vectorKeys): Promise<StrictNode> => {
      const node = await connectNode(coordinator.url, keys, clock);
      nodes.push(node);
      return node;
    },
    /** Submits a request and gives its dispatch as the node received it. */
    dispatch: async (node: StrictNode, more: { stackSmallId?: bigint; maxComputeUnits?: number; stream?: boolean } = {}) => {
      const submitted = coordinator.submit({ stackSmallId: firstStack, body, replyTo: null, maxComputeUnits: 100, windowMs: 60_000, stream: false, ...more });
      if ('refused' in submitted) throw new Error(submitted.refused);
      return node.next('dispatch');
    },
    /** Everything the coordinator has on disk. */
    bytesAtRest: (): string => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')).join(''),
    restart: async (): Promise<void> => {
      await coordinator.stop();
      coordinator = await start();
      await coordinator.resume();
    },
    stop: async (): Promise<void> => {
      nodes.forEach((node) => node.socket.terminate());
      await coordinator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
