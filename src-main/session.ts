/** Composition of what lives as long as one unlocked key on one network: chain, job pipeline, link, leaving, proposals (decision 0005). Wiring only; the rules are in the modules. */
import { randomBytes } from 'node:crypto';
import { G1_CONSTANTS } from '../src-shared/atoma/index.ts';
import type { Policies } from '../src-shared/bridge/views.ts';
import type { NetworkProfile } from '../src-shared/domain/network-profile.ts';
import type { NodeState } from '../src-shared/domain/node-state.ts';
import type { WorkloadClass } from '../src-shared/link/codes.ts';
import type { GpuGauge } from '../src-shared/link/messages.ts';
import type { Manifest } from '../src-shared/link/manifest.ts';
import { createChain, type Chain } from './chain/create-chain.ts';
import type { NodeCrashHook } from './core/crash-points.ts';
import { chainTimeMs, epochDayMs } from './core/chain-time.ts';
import type { LeaveFacts, LeaveRow } from './core/leave-plan.ts';
import { isActive } from './core/views/task-views.ts';
import { createJobs } from './job/create-jobs.ts';
import type { Jobs } from './job/types.ts';
import type { Inference, ReadyModel } from './inference/types.ts';
import type { Signers } from './keys/vault.ts';
import { createLeaveDriver, leaveRowSchema, type LeaveDriver } from './leave/leave-driver.ts';
import { createLink } from './link/create-link.ts';
import type { Link } from './link/types.ts';
import type { Logger } from './log/logger.ts';
import { createChainStore } from './store/chain-store.ts';
import { createJobTables } from './store/job-store.ts';
import type { Store } from './store/open.ts';
import type { Settings } from './store/settings.ts';
import { buildManifest } from './system/build-manifest.ts';
import type { Hardware } from './system/hardware.ts';
import { createProposals, type Proposals } from './wallet/proposals.ts';
import { z } from 'zod';

/** Switches of the operator, read whenever a decision needs them. */
export type SessionSwitches = { policies(): Policies; paused(): boolean; started(): boolean };

/** What a session is built from. */
export type SessionParts = {
  profile: NetworkProfile;
  version: string;
  /** The database of this network, already open. */
  store: Store;
  settings: Settings;
  signers: Signers;
  inference: Pick<Inference, 'run'>;
  models(): readonly ReadyModel[];
  hardware: Hardware;
  gauges(): GpuGauge[];
  switches: SessionSwitches;
  /** The derived state, for heartbeats. */
  state(): NodeState;
  /** Some fact changed: derive the state anew, tell the window. */
  changed(topic: 'node' | 'chain' | 'jobs' | 'stacks'): void;
  now(): number;
  random(): number;
  log: Logger;
  /** Tests stop the process at the named boundaries. */
  crashPoint?: NodeCrashHook;
};

/** A running session. */
export type Session = {
  profile: NetworkProfile;
  chain: Chain;
  jobs: Jobs;
  /** Null where the network has no coordinator. */
  link: Link | null;
  leave: LeaveDriver;
  leaveFacts(): LeaveFacts;
  proposals: Proposals;
  tables: ReturnType<typeof createJobTables>;
  /** Tasks subscribed at a real price whose model is on disk and verified. */
  servedTasks(): bigint[];
  /** Begins to read the chain and, once the set-up is done, to link. */
  start(): void;
  /** Links now if the set-up is done and it is not linked. */
  connect(): void;
  stop(mode: 'finish' | 'now'): Promise<void>;
};

const leaveKey = 'leave';
const coordinatorKey = 'coordinator.pin';
/** A chain that answers at all has answered by then. */
const chainGraceMs = 2_000;

/** Wires a session; nothing runs before `start`. */
export function createSession(parts: SessionParts): Session {
  const { profile, store, settings, signers, now, random, log, switches } = parts;
  let closing = false;
  /** Closing takes nothing new either, while running work finishes. */
  const paused = (): boolean => switches.paused() || closing;
  const { identity } = signers;
  const tables = createJobTables(store);
  const chainStore = createChainStore(store);
  const { crashPoint } = parts;
  const crash = crashPoint === undefined ? {} : { crashPoint };
  const readLeave = (): LeaveRow | null => settings.get(leaveKey, leaveRowSchema.nullable());
  const leaving = (): boolean => {
    const row = readLeave();
    return row !== null && row.finishedMs === null && row.cancelRequestedMs === null;
  };

  const chain = createChain(
    { profile },
    {
      store: chainStore,
      walletAddress: () => identity.walletAddress,
      signTransaction: signers.signTransaction,
      canSign: () => true,
      stackWork: tables.work.stackWork,
      policies: switches.policies,
      leaving,
      now,
      random,
      log: log.child({ part: 'chain' }),
      ...(crashPoint === undefined ? {} : { crashPoint: (boundary, kind) => crashPoint(`${kind}_${boundary}`) }),
    },
  );

  const workloadClasses = (): WorkloadClass[] => (parts.models().some((model) => model.role === 0) ? ['ai.inference'] : []);
  const jobs = createJobs(
    { nodeId: identity.nodeId },
    {
      store: tables,
      keys: signers,
      inference: parts.inference,
      // Before the chain was read nobody knows whose a stack is: it is looked up, and not declined as another node's or as not subscribed.
      chain: { ...chain, stack: (id) => (chain.snapshot().subscriptions === null ? null : chain.stack(id)) },
      facts: () => ({
        leaving: leaving(),
        paused: paused(),
        maxParallel: switches.policies().maxParallel,
        workloadClasses: workloadClasses(),
        models: parts.models().map((model) => model.id),
      }),
      now,
      schedule,
      log: log.child({ part: 'job' }),
      ...crash,
    },
  );

  const manifest = async (): Promise<Manifest> => {
    const unsigned = buildManifest(parts.hardware, {
      identity,
      walletSig: await signers.walletBinding(),
      region: 'unknown',
      workloadClasses: workloadClasses(),
      models: parts.models().map((model) => model.id),
      maxParallelSubtasks: switches.policies().maxParallel,
      clientVersion: parts.version,
      issuedAtMs: now(),
    });
    return { ...unsigned, signature: await signers.signManifest(unsigned) };
  };
  const link =
    profile.coordinatorUrl === null
      ? null
      : createLink(
          { url: profile.coordinatorUrl, nodeId: identity.nodeId, coordinatorId: profile.coordinatorId },
          {
            keys: signers,
            jobs,
            outbox: tables.outbox,
            results: tables.results,
            manifest,
            facts: () => ({ state: parts.state(), acceptsWork: !paused() && !leaving(), maxParallel: switches.policies().maxParallel, gpu: parts.gauges() }),
            pin: { get: () => settings.get(coordinatorKey, z.string().nullable()), set: (id) => settings.set(coordinatorKey, id) },
            now,
            random,
            schedule,
            log: log.child({ part: 'link' }),
            ...crash,
          },
        );

  const registeredNode = () => {
    const registration = chain.snapshot().registration;
    return registration?.registered === true ? registration.node : null;
  };
  const leaveFacts = (): LeaveFacts => {
    const { epoch, subscriptions } = chain.snapshot();
    const node = registeredNode();
    const stacks = node === null ? [] : chainStore.stacks.unfinished(node.nodeSmallId);
    const work = stacks.map((row) => tables.work.stackWork(row.stackSmallId));
    const claimable = new Set(chain.stackViews(0).filter((stack) => stack.phase === 'claimable').map((stack) => stack.stackSmallId));
    return {
      nowMs: epoch === null ? null : chainTimeMs(epoch, now(), epochMs()),
      epoch: epoch?.epoch ?? null,
      generation: profile.generation,
      destroyWaitEpochs: G1_CONSTANTS.destroyWaitEpochs,
      registered: node !== null,
      disabledAtEpoch: node?.disabledAtEpoch ?? null,
      subscriptions: [...(subscriptions ?? [])].map(([taskSmallId, offer]) => ({ taskSmallId, price: offer.price, maxComputeUnits: offer.maxComputeUnits })),
      running: jobs.running().length,
      awaitingAck: work.reduce((sum, { awaitingAck }) => sum + awaitingAck, 0),
      openStacks: stacks.filter((row) => row.state === 'open').map((row) => row.stackSmallId),
      tickets: stacks.filter((row) => row.state === 'settled').map((row) => ({ stackSmallId: row.stackSmallId, claimable: claimable.has(row.stackSmallId) })),
      attestedUnclaimed: 0, // this version never attests for others
      cancelWindowMs: switches.policies().cancelWindowMs,
    };
  };
  const epochMs = (): number => (profile.kind === 'sandbox' ? epochDayMs : (chain.snapshot().epoch?.durationMs ?? epochDayMs));
  const leave = createLeaveDriver({
    row: {
      read: readLeave,
      write: (row) => {
        if (row === null) settings.remove(leaveKey);
        else settings.set(leaveKey, z.encode(leaveRowSchema, { ...row, subscriptions: [...row.subscriptions] }));
        parts.changed('node');
      },
    },
    facts: leaveFacts,
    reconcile: chain.reconcile,
    execute: chain.execute,
    isDisabling: () => chain.isUnderWay('disable'),
    refresh: () => chain.refresh(),
    now,
    log: log.child({ part: 'leave' }),
  });

  const served = (): bigint[] => {
    const { subscriptions, tasks } = chain.snapshot();
    const names = new Set(parts.models().map((model) => model.name));
    return (tasks ?? []).filter((task) => isActive(subscriptions?.get(task.taskSmallId) ?? null) && task.modelName !== null && names.has(task.modelName)).map((task) => task.taskSmallId);
  };

  const advanceLeave = (): void => {
    if (readLeave() === null) return;
    leave.advance().catch((error: unknown) => log.warn('leave.waiting', { error }));
  };
  /** What a refusal by the coordinator depends on; a hello is worth another try only when it changed. */
  const standing = (): string => {
    const { registration, epoch } = chain.snapshot();
    return registration === null ? 'unknown' : registration.registered ? `${registration.node.nodeSmallId}:${registration.node.disabledAtEpoch}:${epoch?.epoch}` : 'none';
  };
  let lastStanding = standing();
  const proposals = createProposals({ preview: chain.preview, execute: chain.execute, now, newId: () => randomBytes(16).toString('hex') });
  const stopListening: (() => void)[] = [];

  return {
    profile,
    chain,
    jobs,
    link,
    leave,
    leaveFacts,
    proposals,
    tables,
    servedTasks: served,
    start() {
      jobs.recover();
      stopListening.push(
        chain.onChange(() => {
          if (standing() !== lastStanding) link?.chainChanged();
          lastStanding = standing();
          parts.changed('chain');
          advanceLeave();
        }),
        jobs.attach({
          chunk: () => undefined,
          outbox: () => undefined,
          resend: () => undefined,
          changed: () => {
            chain.hint();
            parts.changed('jobs');
            advanceLeave();
          },
        }),
      );
      if (link !== null) stopListening.push(link.onChange(() => parts.changed('node')));
      chain.start();
      this.connect();
    },
    connect() {
      if (switches.started()) link?.start();
    },
    async stop(mode) {
      closing = true;
      proposals.close();
      if (mode === 'finish') {
        link?.drain('closing');
        await jobs.idle();
      }
      await jobs.stop();
      await link?.stop();
      // What the chain does not answer is in doubt and looked up at the next start: no reason to keep somebody waiting who has to end now.
      await (mode === 'finish' ? chain.stop() : Promise.race([chain.stop(), new Promise<void>((done) => schedule(chainGraceMs, done))]));
      for (const end of stopListening.splice(0)) end();
    },
  };
}

/** One timer; it never keeps the process alive by itself. */
function schedule(delayMs: number, work: () => void): () => void {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
