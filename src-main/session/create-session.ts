/** Composition of what lives as long as one unlocked key on one network: chain, job pipeline, link, leaving, proposals (decision 0005). Wiring only; the rules are in the modules. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createChain } from '../chain/create-chain.ts';
import type { LeaveFacts, LeaveRow } from '../core/leave-plan.ts';
import { createJobs } from '../job/create-jobs.ts';
import { createLeaveDriver, leaveRowSchema } from '../leave/leave-driver.ts';
import { createLink } from '../link/create-link.ts';
import { createAttestStore } from '../store/attest-store.ts';
import { createChainStore } from '../store/chain-store.ts';
import { createJobTables } from '../store/job-store.ts';
import { createProposals } from '../wallet/proposals.ts';
import { readLeaveFacts } from './leave-facts.ts';
import { schedule } from '../platform/schedule.ts';
import { wireConfidential } from './session-confidential.ts';
import { wireAttest } from './session-attest.ts';
import { wireIngress } from './session-ingress.ts';
import { servedTasks, withheldTasks, workloadClassesOf } from './served-work.ts';
import { wireWasm } from './session-wasm.ts';
import { signedManifest } from './session-manifest.ts';
import type { Session, SessionParts } from './session-parts.ts';

const leaveKey = 'leave';
const coordinatorKey = 'coordinator.pin';
const coordinatorSchema = z.string().nullable();
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

  const confidential = wireConfidential(parts, () => chain);
  const chain = createChain(
    { profile },
    {
      store: chainStore,
      ...(parts.endpoints === undefined ? {} : { endpoints: parts.endpoints }),
      walletAddress: () => identity.walletAddress,
      signTransaction: signers.signTransaction,
      canSign: () => true,
      stackWork: tables.work.stackWork,
      policies: switches.policies,
      leaving,
      ...(parts.gasWorth === undefined ? {} : { gasWorth: parts.gasWorth }),
      attestation: { named: (id) => attest.note(id), maySettle: (id) => attest.settleGate(id, tables.results.nextEntryIndex(id)) },
      confidential: { publicKey: () => signers.confidential.publicKey(), requireOffered: confidential.requireOffered },
      now,
      random,
      log: log.child({ part: 'chain' }),
      ...(crashPoint === undefined ? {} : { crashPoint: (boundary, kind) => crashPoint(`${kind}_${boundary}`) }),
    },
  );

  const subscribedTasks = (): ReadonlySet<bigint> => {
    const withheld = withheldTasks(chain.snapshot(), parts.models(), confidential.isOffered());
    return new Set([...chain.subscribedTasks()].filter((id) => !withheld.has(id)));
  };
  const jobs = createJobs(
    { nodeId: identity.nodeId },
    {
      store: tables,
      keys: signers,
      inference: parts.inference,
      wasm: wireWasm(parts, chain, confidential),
      // Before the chain was read nobody knows whose a stack is: it is looked up, and not declined as another node's or as not subscribed.
      chain: { ...chain, stack: (id) => (chain.snapshot().subscriptions === null ? null : chain.stack(id)), subscribedTasks, staysHere: confidential.isConfidential },
      facts: () => ({
        leaving: leaving(),
        paused: paused(),
        maxParallel: switches.policies().maxParallel,
        workloadClasses: workloadClassesOf(parts.models(), (parts.wasm?.() ?? null) !== null),
        models: parts.models().map((model) => model.id),
        exactModels: parts.models().filter(({ exact }) => exact !== false).map((model) => model.id),
      }),
      now,
      schedule,
      log: log.child({ part: 'job' }),
      ...crash,
    },
  );

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
            manifest: () => signedManifest(parts),
            facts: () => ({ state: parts.state(), acceptsWork: !paused() && !leaving(), maxParallel: switches.policies().maxParallel, gpu: parts.gauges() }),
            pin: { get: () => settings.get(coordinatorKey, coordinatorSchema), set: (id) => settings.set(coordinatorKey, id) },
            now,
            random,
            schedule,
            log: log.child({ part: 'link' }),
            ...crash,
          },
        );

  const attestTables = createAttestStore(store);
  const attest = wireAttest(parts, { chain, jobs, link, tables: attestTables });

  const ingress = wireIngress(parts, { chain, jobs, tables, confidential });
  const attestedUnclaimed = (): number => {
    const { registration } = chain.snapshot();
    return registration?.registered === true ? attestTables.rows.attestedUnclaimed(registration.node.nodeSmallId) : 0;
  };
  const leaveFacts = (): LeaveFacts => readLeaveFacts({ profile, chain, chainStore, tables, jobs, cancelWindowMs: () => switches.policies().cancelWindowMs, attestedUnclaimed, now });
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
    ingress,
    confidential,
    attest,
    attestTables,
    tables,
    servedTasks: () => servedTasks(chain.snapshot(), parts.models(), confidential.isOffered()),
    start() {
      jobs.recover();
      stopListening.push(
        chain.onChange(() => {
          if (standing() !== lastStanding) link?.chainChanged();
          lastStanding = standing();
          parts.changed('chain');
          advanceLeave();
          void attest.advance();
          void confidential.advance();
        }),
        jobs.attach({
          chunk: () => undefined,
          outbox: () => undefined,
          resend: () => undefined,
          changed: () => {
            chain.hint();
            parts.changed('jobs');
            advanceLeave();
            attest.loadChanged();
          },
        }),
      );
      const linkChanged = (): void => {
        parts.changed('node');
        void attest.advance();
      };
      if (link !== null) stopListening.push(link.onChange(linkChanged));
      chain.start();
      this.connect();
      void ingress.apply();
      void confidential.look();
    },
    connect() {
      if (switches.started()) link?.start();
    },
    async stop(mode) {
      closing = true;
      proposals.close();
      await inTime(attest.stop(), mode);
      if (mode === 'finish') {
        link?.drain('closing');
        await jobs.idle();
      }
      await jobs.stop();
      await ingress.stop();
      await inTime(confidential.stop(), mode);
      await link?.stop();
      // What the chain does not answer is in doubt and looked up at the next start: no reason to keep somebody waiting who has to end now.
      await inTime(chain.stop(), mode);
      for (const end of stopListening.splice(0)) end();
    },
  };
}

/** What waits for the chain is waited for; who has to end now waits no longer than for a chain that answers. */
const inTime = (ending: Promise<void>, mode: 'finish' | 'now'): Promise<void> =>
  mode === 'finish' ? ending : Promise.race([ending, new Promise<void>((done) => schedule(chainGraceMs, done))]);
