/** The node's main-job modules put together as src-main does it, real store, vault, pipeline and link, with the inference that a benchmark gives (architecture.md, "The main job"). */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import type { Manifest } from '../../../src-shared/link/manifest.ts';
import { openLogFile } from '../../../src-main/host/log-file.ts';
import { createJobs } from '../../../src-main/job/create-jobs.ts';
import type { JobInference, Jobs, JobStack } from '../../../src-main/job/types.ts';
import { createVault } from '../../../src-main/keys/create-vault.ts';
import { createMemoryKeychain } from '../../../src-main/keys/memory-keychain.ts';
import type { Signers } from '../../../src-main/keys/vault.ts';
import { createLink } from '../../../src-main/link/create-link.ts';
import { createLogger, silentLogger } from '../../../src-main/log/logger.ts';
import { forkChild } from '../../../src-main/platform/processes.ts';
import { createJobTables, type JobTables } from '../../../src-main/store/job-store.ts';
import { openStore, type Store } from '../../../src-main/store/open.ts';
import type { BenchRequest, FromCoordinator, ToCoordinator } from './coordinator-messages.ts';

/**
 * A request's way through the node. `elapsedMs` is the coordinator's view, `workMs` this process's: from the bytes of the dispatch frame
 * at its socket to the result frame ready for the system call that writes it. The call itself stays out: on one machine it wakes the
 * coordinator, which may then run in this process's place.
 */
export type Answered = { elapsedMs: number; workMs: number; chunks: number };

/** The node and its coordinator. */
export type BenchNode = {
  store: Store;
  tables: JobTables;
  jobs: Jobs;
  signers: Signers;
  /** Resolves with the answer; rejects when the request was declined or failed. */
  request(request: Omit<BenchRequest, 'id'>): Promise<Answered>;
  /** Resolves when a message of the coordinator process woke this one, as a dispatch does. */
  wake(): Promise<void>;
  /** Resolves when every answer has its receipt. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

type Options = { dataDir: string; model: string; slots: number; inference: JobInference };

const schedule = (delayMs: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};

/** Signers of fresh keys, from the real vault. */
export async function openSigners(dataDir: string): Promise<Signers> {
  const vault = createVault({ dataDir, keychain: createMemoryKeychain(), expectsKey: false }, { log: silentLogger, now: Date.now });
  await vault.importOperator({ secret: Secp256k1Keypair.generate().getSecretKey() });
  return vault.signers();
}

/** The coordinator process and its answers by request. */
async function startCoordinator() {
  const child = forkChild(join(import.meta.dirname, 'coordinator-process.ts'), []);
  const waiting = new Map<number, { resolve(answer: Omit<Answered, 'workMs'>): void; reject(error: Error): void }>();
  const waking = new Map<number, () => void>();
  let onLinked: () => void = () => undefined;
  const linked = new Promise<void>((resolve) => (onLinked = resolve));
  const ready = await new Promise<Extract<FromCoordinator, { kind: 'ready' }>>((resolve, reject) => {
    child.onExit(() => reject(new Error('the coordinator process ended')));
    child.onMessage((message) => {
      const said = message as FromCoordinator;
      if (said.kind === 'ready') return resolve(said);
      if (said.kind === 'linked') return onLinked();
      if (said.kind === 'awake') {
        waking.get(said.id)?.();
        return void waking.delete(said.id);
      }
      const waiter = waiting.get(said.id);
      waiting.delete(said.id);
      if (said.kind === 'answered') waiter?.resolve(said);
      else waiter?.reject(new Error(`the request ended with ${said.why}`));
    });
  });
  let id = 0;
  const tell = (message: ToCoordinator): void => child.send(message);
  return {
    ...ready,
    linked,
    request: (request: Omit<BenchRequest, 'id'>): Promise<Omit<Answered, 'workMs'>> =>
      new Promise((resolve, reject) => {
        id += 1;
        waiting.set(id, { resolve, reject });
        tell({ kind: 'dispatch', request: { ...request, id } });
      }),
    wake: (): Promise<void> =>
      new Promise((resolve) => {
        id += 1;
        waking.set(id, resolve);
        tell({ kind: 'wake', id });
      }),
    stop: () => tell({ kind: 'stop' }),
  };
}

/** What a manifest needs so that this coordinator can seal for the node; the others check more (coordinator.md 2). */
const manifestOf = ({ nodeId, publicKeyPem }: Signers['identity']): Manifest => ({ node_id: nodeId, pubkey_rsa: publicKeyPem }) as unknown as Manifest;

/** Notes when bytes arrive at the link's socket and when its newest frame is about to be written. */
function createStopwatch(jobs: Jobs, outbox: JobTables['outbox']) {
  let bytesAt = 0;
  let writingAt = 0;
  let startedAt = 0;
  let workMs = 0;
  const watch = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    const emit = socket.emit.bind(socket);
    // Seen before any listener sees them, and without becoming one: a listener more would take bytes from the upgrade.
    socket.emit = (event: string | symbol, ...values: unknown[]) => {
      if (event === 'data') bytesAt = performance.now();
      return emit(event as string, ...values);
    };
    // A frame is written corked, header and payload together.
    const uncork = socket.uncork.bind(socket);
    socket.uncork = () => {
      writingAt = performance.now();
      uncork();
    };
  };
  subscribe('net.client.socket', watch);
  const watchedJobs: Jobs = {
    ...jobs,
    dispatch: (...given) => {
      startedAt = bytesAt;
      return jobs.dispatch(...given);
    },
  };
  const watchedOutbox: JobTables['outbox'] = {
    ...outbox,
    sent: (id) => {
      workMs = writingAt - startedAt;
      outbox.sent(id);
    },
  };
  return { jobs: watchedJobs, outbox: watchedOutbox, workMs: () => workMs, stop: () => unsubscribe('net.client.socket', watch) };
}

/** Starts node and coordinator and waits until they are linked. Every stack belongs to this node. */
export async function startBenchNode({ dataDir, model, slots, inference }: Options): Promise<BenchNode> {
  const logFile = openLogFile(join(dataDir, 'logs'), { onFailure: (error) => console.error(error) });
  const log = createLogger({ level: 'info', write: (line) => logFile.write(line), now: Date.now });
  const store = openStore({ dataDir }, { now: Date.now, log });
  const tables = createJobTables(store);
  const signers = await openSigners(dataDir);
  const { nodeId } = signers.identity;
  const stack: JobStack = { taskSmallId: 1n, numComputeUnits: 1_000_000_000n, settling: false, mine: true, samplingConsensus: false };
  const facts = { leaving: false, paused: false, maxParallel: slots, workloadClasses: ['ai.inference'], models: [model] };
  const chain = { stack: () => stack, refreshStack: async () => stack, subscribedTasks: () => new Set([1n]) };
  const jobs = createJobs({ nodeId }, { store: tables, keys: signers, inference, chain, facts: () => facts, now: Date.now, schedule, log });
  const coordinator = await startCoordinator();
  const stopwatch = createStopwatch(jobs, tables.outbox);
  const link = createLink({ url: coordinator.url, nodeId, coordinatorId: coordinator.coordinatorId }, {
    keys: signers, jobs: stopwatch.jobs, outbox: stopwatch.outbox, results: tables.results,
    manifest: async () => manifestOf(signers.identity),
    facts: () => ({ state: jobs.running().length > 0 ? 'EXECUTING' : 'READY', acceptsWork: true, maxParallel: slots, gpu: [] }),
    pin: { get: () => null, set: () => undefined },
    now: Date.now, random: Math.random, schedule, log,
  });
  link.start();
  await coordinator.linked;
  return {
    store, tables, jobs, signers,
    request: async (request) => ({ ...(await coordinator.request(request)), workMs: stopwatch.workMs() }),
    wake: coordinator.wake,
    settled: async () => {
      while (jobs.running().length > 0 || tables.outbox.pending().length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    stop: async () => {
      await jobs.stop();
      await link.stop();
      stopwatch.stop();
      coordinator.stop();
      store.close();
      logFile.close();
    },
  };
}
