/** A node of store, job pipeline and link for tests: real database, real keys of the vectors, a small engine, a hand-driven clock. */
import { createPrivateKey } from 'node:crypto';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { compactDecrypt } from 'jose';
import { ulid } from 'ulid';
import { AppError } from '../../src-shared/errors.ts';
import { sealForNode, type Payload } from '../../src-shared/link/envelope.ts';
import type { Manifest } from '../../src-shared/link/manifest.ts';
import type { Dispatch } from '../../src-shared/link/messages.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import type { CrashPoint } from '../core/crash-points.ts';
import { createJobs } from '../job/create-jobs.ts';
import type { JobInference, JobNodeFacts, Jobs, JobStack, JobWasm } from '../job/types.ts';
import { createLink } from '../link/create-link.ts';
import type { Link } from '../link/types.ts';
import { silentLogger } from '../log/logger.ts';
import { createJobTables, type JobTables } from '../store/job-store.ts';
import { openStore, type Store } from '../store/open.ts';

const nodeId = vectors.identities.node_id;
export const model = 'sandbox/tiny-chat@0123456789ab';
export const stackSmallId = 7;

const rsa = createPrivateKey(vectors.keys.rsa_private_pkcs8_pem);
const liveness = Secp256k1Keypair.fromSecretKey(vectors.keys.liveness_secret);
/** Not a seal that keeps a secret, but one whose absence is seen. */
const mark = 0x5a;
export const keys = {
  openEnvelope: async (jwe: string): Promise<Uint8Array> => {
    try {
      return (await compactDecrypt(jwe, rsa)).plaintext;
    } catch (cause) {
      throw new AppError('keys.decrypt_failed', {}, { cause });
    }
  },
  sealLocal: async (bytes: Uint8Array): Promise<Uint8Array> => bytes.map((byte) => byte ^ mark),
  openLocal: async (bytes: Uint8Array): Promise<Uint8Array> => bytes.map((byte) => byte ^ mark),
  signLiveness: async (text: string): Promise<string> =>
    (await liveness.signPersonalMessage(new TextEncoder().encode(text))).signature,
};

/** Answers "echo: <last message>" in three pieces; counts words as tokens; waits for `gate` before the last piece. */
export function createEchoEngine(gate: () => Promise<void> = async () => undefined): JobInference & { runs: string[]; exact: boolean[] } {
  const runs: string[] = [];
  const exact: boolean[] = [];
  return {
    runs,
    exact,
    run: async (request, { signal, onText }) => {
      const text = request.messages.at(-1)?.content ?? '';
      runs.push(text);
      exact.push(request.exact);
      const promptTokens = text.split(' ').length;
      if (promptTokens >= request.maxComputeUnits) throw new AppError('inference.input_too_large');
      if (text === 'fail') throw new AppError('inference.model_failed', { detail: 'asked to' });
      if (text === 'memory') throw new AppError('inference.out_of_memory');
      if (text === 'bug') throw new TypeError('not an AppError');
      const content = text.startsWith('large ') ? 'x'.repeat(Number(text.slice(6))) : `echo: ${text}`;
      const pieces = [content.slice(0, 2), content.slice(2, 5), content.slice(5)];
      onText?.(pieces[0]!);
      onText?.(pieces[1]!);
      await gate();
      if (signal.aborted) throw signal.reason;
      onText?.(pieces[2]!);
      return {
        content,
        finishReason: 'stop',
        promptTokens,
        completionTokens: 3,
        fingerprint: 'echo/1 cpu x64 0123456789ab',
      };
    },
  };
}

/** Time that stands still until the test moves it; starts at the real time, since peers check `ts`. */
export function createManualClock(): {
  now(): number;
  schedule(delayMs: number, work: () => void): () => void;
  advance(ms: number): void;
  waiting(): number;
} {
  let nowMs = Date.now();
  let tasks: { at: number; work: () => void }[] = [];
  return {
    now: () => nowMs,
    schedule: (delayMs, work) => {
      const task = { at: nowMs + delayMs, work };
      tasks.push(task);
      return () => void (tasks = tasks.filter((other) => other !== task));
    },
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = tasks.filter((task) => task.at <= untilMs).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        tasks = tasks.filter((task) => task !== due);
        nowMs = due.at;
        due.work();
      }
      nowMs = untilMs;
    },
    waiting: () => tasks.length,
  };
}

export type BenchNode = {
  store: Store;
  tables: JobTables;
  jobs: Jobs;
  link: Link | null;
  facts: JobNodeFacts;
  stacks: Map<bigint, JobStack>;
  /** Its own, unless one was given. */
  clock: ReturnType<typeof createManualClock>;
  engine: ReturnType<typeof createEchoEngine>;
  /** As after a power cut: nothing is written or sent any more. */
  kill(): void;
  stop(): Promise<void>;
};

export type BenchOptions = {
  dataDir: string;
  url?: string;
  coordinatorId?: string | null;
  /** Stop the process here, once. */
  crashAt?: CrashPoint;
  onCrash?: () => void;
  engine?: ReturnType<typeof createEchoEngine>;
  /** Runs WASM functions; the class is offered with it. */
  wasm?: JobWasm;
  /** Tasks whose requests stay on this machine. */
  staysHere?: (taskSmallId: bigint) => boolean;
  refreshStack?: (id: bigint) => Promise<JobStack | null>;
  manifest?: () => Promise<Manifest>;
  clock?: Pick<BenchNode['clock'], 'now' | 'schedule'>;
  /** Where the coordinator of the first use is kept. */
  pin?: { get(): string | null; set(coordinatorId: string): void };
};

/** A pin in memory that can be given to one node after another. */
export function createPin(): { get(): string | null; set(coordinatorId: string): void } {
  let pinned: string | null = null;
  return { get: () => pinned, set: (id) => void (pinned = id) };
}

/** Starts a node on a data folder; with `url` its link is started too. */
export function startBenchNode({
  dataDir,
  url,
  coordinatorId = null,
  crashAt,
  onCrash,
  engine = createEchoEngine(),
  wasm,
  staysHere,
  refreshStack,
  manifest,
  pin = createPin(),
  ...given
}: BenchOptions): BenchNode {
  const ownClock = createManualClock();
  const clock = { ...ownClock, ...given.clock };
  const store = openStore({ dataDir }, { now: clock.now, log: silentLogger });
  const tables = createJobTables(store);
  const facts: JobNodeFacts = {
    leaving: false,
    paused: false,
    maxParallel: 2,
    workloadClasses: wasm === undefined ? ['ai.inference'] : ['ai.inference', 'wasm.run'],
    models: [model],
  };
  const stacks = new Map<bigint, JobStack>([
    [
      BigInt(stackSmallId),
      { taskSmallId: 1n, numComputeUnits: 1_000n, settling: false, mine: true, samplingConsensus: false },
    ],
  ]);
  let dead = false;
  const kill = (): void => {
    if (dead) return;
    dead = true;
    store.close(); // every later write fails, as it would for a process that is gone
  };
  const crashPoint = (point: CrashPoint): void => {
    if (dead) throw new Error('this process is dead');
    if (point !== crashAt) return;
    onCrash?.();
    kill();
    throw new Error(`stopped at ${point}`);
  };
  const chain = {
    stack: (id: bigint) => stacks.get(id) ?? null,
    refreshStack: refreshStack ?? (async (id: bigint) => stacks.get(id) ?? null),
    subscribedTasks: () => new Set([...stacks.values()].map(({ taskSmallId }) => taskSmallId)),
    ...(staysHere === undefined ? {} : { staysHere }),
  };
  const jobs = createJobs(
    { nodeId },
    {
      store: tables,
      keys,
      inference: engine,
      wasm: wasm ?? null,
      chain,
      facts: () => facts,
      now: clock.now,
      schedule: clock.schedule,
      log: silentLogger,
      crashPoint,
    },
  );
  jobs.recover();
  const link =
    url === undefined
      ? null
      : createLink(
          { url, nodeId, coordinatorId },
          {
            keys,
            jobs,
            outbox: tables.outbox,
            results: tables.results,
            manifest: manifest ?? (async () => vectors.manifest.signed as unknown as Manifest),
            facts: () => ({
              state: jobs.running().length > 0 ? 'EXECUTING' : facts.models.length === 0 ? 'IDLE' : 'READY',
              acceptsWork: !facts.paused && !facts.leaving,
              maxParallel: facts.maxParallel,
              gpu: [],
            }),
            pin,
            now: clock.now,
            random: () => 0,
            schedule: clock.schedule,
            log: silentLogger,
            crashPoint,
          },
        );
  link?.start();
  return {
    store,
    tables,
    jobs,
    link,
    facts,
    stacks,
    clock,
    engine,
    kill,
    stop: async () => {
      if (!dead) await jobs.stop();
      const stopped = link?.stop();
      await stopped;
      kill();
    },
  };
}

/** A request sealed for this node. */
export async function sealedDispatch(
  text: string,
  change: Partial<Omit<Dispatch, 'task_id' | 'type'>> & {
    task_id?: string;
    replyTo?: Payload['reply_to'];
    body?: string;
  } = {},
): Promise<Dispatch> {
  const { replyTo, body, ...fields } = change;
  const taskId = (change.task_id ?? ulid()) as Dispatch['task_id'];
  const payload: Payload = {
    v: 1,
    body: body ?? JSON.stringify({ messages: [{ role: 'user', content: text }] }),
    ...(replyTo === undefined ? {} : { reply_to: replyTo }),
  };
  const envelope = await sealForNode(payload, { publicKeyPem: vectors.manifest.signed.pubkey_rsa, nodeId, taskId });
  return {
    type: 'dispatch',
    task_small_id: 1,
    stack_small_id: stackSmallId,
    workload_class: 'ai.inference',
    model,
    max_compute_units: 50,
    deadline_ts: Date.now() + 600_000,
    stream: false,
    envelope,
    ...fields,
    task_id: taskId,
  };
}
