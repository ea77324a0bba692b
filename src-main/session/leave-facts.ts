/** Gathers what the leaving plan decides on: epoch, registration, open stacks, tickets, running work (coordinator.md 8, core/leave-plan). */
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { Chain } from '../chain/create-chain.ts';
import { chainTimeMs, epochDayMs } from '../core/chain-time.ts';
import type { LeaveFacts } from '../core/leave-plan.ts';
import type { Jobs } from '../job/types.ts';
import type { createChainStore } from '../store/chain-store.ts';
import type { JobTables } from '../store/job-store.ts';

type Deps = {
  profile: NetworkProfile;
  chain: Chain;
  chainStore: ReturnType<typeof createChainStore>;
  tables: JobTables;
  jobs: Jobs;
  cancelWindowMs(): number;
  /** Stacks of others that this node attested and that can still be claimed. */
  attestedUnclaimed(): number;
  now(): number;
};

/** Length of an epoch in chain time, in milliseconds: the sandbox's dial may turn epochs of seconds, which still count as days. */
export const chainEpochMs = (profile: NetworkProfile, chain: Chain): number => (profile.kind === 'sandbox' ? epochDayMs : (chain.snapshot().epoch?.durationMs ?? epochDayMs));

/** Reads the facts from chain and rows as they are now. */
export function readLeaveFacts(deps: Deps): LeaveFacts {
  const { profile, chain, chainStore, tables, jobs, now } = deps;
  const { epoch, subscriptions, registration } = chain.snapshot();
  const node = registration?.registered === true ? registration.node : null;
  const stacks = node === null ? [] : chainStore.stacks.unfinished(node.nodeSmallId);
  const work = stacks.map((row) => tables.work.stackWork(row.stackSmallId));
  const views = chain.stackViews(0);
  const phases = new Map(views.map((stack) => [stack.stackSmallId, stack.phase]));
  return {
    nowMs: epoch === null ? null : chainTimeMs(epoch, now(), chainEpochMs(profile, chain)),
    epoch: epoch?.epoch ?? null,
    resting: contractOf(profile.generation).resting,
    retiredTasks: (chain.snapshot().tasks ?? []).filter((task) => task.isDeprecated).map((task) => task.taskSmallId),
    destroyWaitEpochs: contractOf(profile.generation).constants.destroyWaitEpochs,
    registered: node !== null,
    disabledAtEpoch: node?.disabledAtEpoch ?? null,
    subscriptions: [...(subscriptions ?? [])].map(([taskSmallId, offer]) => ({ taskSmallId, price: offer.price, maxComputeUnits: offer.maxComputeUnits })),
    running: jobs.running().length,
    awaitingAck: work.reduce((sum, { awaitingAck }) => sum + awaitingAck, 0),
    openStacks: stacks.filter((row) => row.state === 'open').map((row) => row.stackSmallId),
    tickets: stacks.filter((row) => row.state === 'settled').map((row) => ({ stackSmallId: row.stackSmallId, claimable: phases.get(row.stackSmallId) === 'claimable', isInDispute: phases.get(row.stackSmallId) === 'disputed' })),
    stranded: views.filter(({ phase }) => phase === 'stranded').map(({ stackSmallId }) => stackSmallId),
    attestedUnclaimed: deps.attestedUnclaimed(),
    cancelWindowMs: deps.cancelWindowMs(),
  };
}
