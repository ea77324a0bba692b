/** Moves the money by state, not by remembered events: read chain and rows, plan, do one thing, repeat (architecture.md, main job steps 7 to 9). */
import type { AtomaDb, Contract } from '../../src-shared/atoma/index.ts';
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { missingPlaces } from '../core/attest-plan.ts';
import { backoff } from '../core/backoff.ts';
import { claimBatchLimit, claimPlan, splitBatch, type ClaimObstacle, type OpenTicket } from '../core/claim-plan.ts';
import { settlementPlan, type OpenStack, type Settlement, type SettlementPolicies, type StackWork } from '../core/settlement-plan.ts';
import { claimCost, treasuryCost, unitsValue } from '../core/stack-value.ts';
import type { Logger } from '../log/logger.ts';
import type { NodeFact, TaskFact } from './chain-facts.ts';
import type { ChainStore, StackRow } from './chain-store.ts';
import type { Lane } from './lane.ts';
import type { StackFacts } from './stack-facts.ts';

/** Everything a plan needs, read just before; null while something of it is unknown. */
export type PlanFacts = { contract: Contract; db: AtomaDb; epoch: bigint; node: NodeFact; tasks: readonly TaskFact[] };

type Deps = {
  store: ChainStore;
  lane: Lane;
  stacks: Pick<StackFacts, 'isUnderWay' | 'strandedBy'>;
  stackWork: (stackSmallId: bigint) => StackWork;
  facts: () => PlanFacts | null;
  /** Reads the chain again after something was done. */
  reread: () => Promise<void>;
  policies: () => SettlementPolicies & { readonly autoClaim: boolean; readonly waitForAttestors: boolean };
  leaving: () => boolean;
  /** What gas is worth in base units of the network's coin at the operator's rates; null without them. */
  gasWorth?: (mist: bigint) => bigint | null;
  /** False while the self-audit of a stack under sampling consensus is due or has failed. */
  maySettle: (stackSmallId: bigint) => boolean;
  /** False while the keys are locked: then nothing is planned. */
  canSign: () => boolean;
  now: () => number;
  random: () => number;
  log: Logger;
};

/** Obstacles that the operator should see on the stack, with their sentence. */
const shownObstacles: Partial<Record<ClaimObstacle, string>> = {
  disputed: 'The stack is disputed; the contract has no function that ends a dispute.',
  task_removed: 'The task of this stack was removed; the contract cannot pay it any more.',
  attestor_destroyed: 'A node that checked this stack was destroyed since; the contract cannot pay it any more.',
  overflow: 'The amounts are too large for the chain to multiply; this stack cannot be claimed.',
  treasury_short: 'The network treasury cannot pay this claim now; it is tried again by itself.',
};

/** Most actions in one round, so that a round ends. */
const roundLimit = 100;

/** Creates the reconciler; `reconcile` runs until nothing is left to do now. */
export function createReconciler(deps: Deps) {
  const { store, lane, log } = deps;

  const openStacks = (facts: PlanFacts): OpenStack[] =>
    store.stacks.unfinished(facts.node.nodeSmallId).map((row) => ({
      stackSmallId: row.stackSmallId,
      taskSmallId: row.taskSmallId,
      numComputeUnits: row.numComputeUnits,
      settling: row.state !== 'open' || deps.stacks.isUnderWay('settle', row.stackSmallId),
      taskExists: deps.stacks.strandedBy(row.stackSmallId) !== 'task_removed',
      mostUnits: facts.contract.money.mostUnits(row.price, row.samplingConsensus, facts.db),
      direct: isDirect(row, facts),
      firstSeenMs: row.firstSeenMs,
      notBeforeMs: row.notBeforeMs,
      work: deps.stackWork(row.stackSmallId),
    }));
  const openTickets = (facts: PlanFacts): OpenTicket[] =>
    store.stacks.unfinished(facts.node.nodeSmallId).flatMap((row) => {
      const ticket = row.state === 'settled' ? store.tickets.get(row.stackSmallId) : null;
      // A ticket known by its event alone has no epoch yet; the next read of the object brings it.
      if (ticket === null || ticket.disputeSettledAtEpoch === null) return [];
      return [
        {
          stackSmallId: row.stackSmallId,
          disputeSettledAtEpoch: ticket.disputeSettledAtEpoch,
          isInDispute: ticket.isInDispute,
          strandedBy: deps.stacks.strandedBy(row.stackSmallId),
          treasuryCost: claimCost(row, ticket, facts.node.nodeSmallId, facts.contract, facts.db),
          fee: unitsValue(row, ticket.claimedUnits, facts.contract, facts.db),
          claiming: deps.stacks.isUnderWay('claim', row.stackSmallId),
          notBeforeMs: row.notBeforeMs,
          missingAttestors: missingPlaces(ticket).length,
        },
      ];
    });

  const fail = (row: StackRow | null, caught: unknown): void => {
    const error = toAppError(caught);
    if (row === null) return;
    const attempts = row.attempts + 1;
    store.stacks.setError(row.stackSmallId, { code: error.code, message: error.message, attempts, notBeforeMs: deps.now() + backoff(attempts, deps.random) });
    log.warn('chain.stack_failed', { stackSmallId: String(row.stackSmallId), code: error.code, attempts });
  };
  /** Errors that say nothing about the stack end the round; the next one starts afresh. */
  const endsRound = (caught: unknown): boolean => {
    const error = toAppError(caught);
    return error.kind === 'transient' || error.kind === 'in_doubt' || error.kind === 'fatal' || error.kind === 'bug' || error.code.startsWith('keys.') || error.code.startsWith('network.');
  };
  const isDone = (outcome: Outcome): boolean => {
    if (outcome.status === 'in_doubt') throw new AppError('chain.in_doubt');
    if (outcome.status === 'failed') throw new AppError('chain.rejected', { detail: outcome.error?.message ?? 'failed' });
    return true;
  };

  const settlementsDue = (facts: PlanFacts): Settlement[] => settlementPlan(openStacks(facts), { nowMs: deps.now(), leaving: deps.leaving(), policies: deps.policies() });

  const settleOne = async (facts: PlanFacts): Promise<boolean> => {
    const due = settlementsDue(facts);
    const next = due.find(({ stackSmallId, direct }) => !direct && (store.stacks.get(stackSmallId)?.samplingConsensus !== true || deps.maySettle(stackSmallId)));
    if (next === undefined) return false;
    log.info('chain.settle', { stackSmallId: String(next.stackSmallId), claimedUnits: String(next.claimedUnits), reason: next.reason });
    try {
      // No await between plan and lane: from here on the stack counts as settling and takes no work.
      isDone(await lane.execute({ kind: 'settle', stackSmallId: next.stackSmallId, claimedUnits: next.claimedUnits }, 'policy'));
      store.stacks.setError(next.stackSmallId, null);
    } catch (caught) {
      if (endsRound(caught)) throw caught;
      fail(store.stacks.get(next.stackSmallId), caught);
    }
    return true;
  };
  /** One transaction for all; when the chain refuses the batch, its halves, down to the one that cannot be claimed. */
  const claimBatch = async <T extends { readonly stackSmallId: bigint }>(batch: readonly T[], intentOf: (batch: readonly T[]) => Intent): Promise<void> => {
    try {
      isDone(await lane.execute(intentOf(batch), 'policy'));
    } catch (caught) {
      if (endsRound(caught)) throw caught;
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) return fail(store.stacks.get(only.stackSmallId), caught);
      for (const half of splitBatch(batch)) await claimBatch(half, intentOf);
    }
  };
  /** Confidential stacks of G2: one step, paid at once, as far as the treasury reaches (protocol.md 2.3, 5.4). */
  const claimDirectly = async (facts: PlanFacts): Promise<boolean> => {
    if (!deps.policies().autoClaim && !deps.leaving()) return false;
    let treasury = facts.db.feeTreasury - facts.node.fees.free;
    const batch = settlementsDue(facts).filter(({ stackSmallId, claimedUnits, direct }) => {
      const row = direct ? store.stacks.get(stackSmallId) : null;
      const cost = row === null ? null : treasuryCost(row, claimedUnits, facts.contract, facts.db);
      if (cost === null || cost > treasury) return false;
      treasury -= cost;
      return true;
    });
    if (batch.length === 0) return false;
    log.info('chain.claim_direct', { stackSmallIds: batch.map(({ stackSmallId }) => String(stackSmallId)) });
    await claimBatch(batch.slice(0, claimBatchLimit), (part) => ({
      kind: 'claim_direct',
      stackSmallIds: part.map(({ stackSmallId }) => stackSmallId),
      units: part.map(({ claimedUnits }) => claimedUnits),
    }));
    return true;
  };
  const gasWorth = (): bigint | null => {
    const gasMist = store.tx.lastClaimGasMist();
    return gasMist === null ? null : (deps.gasWorth?.(gasMist) ?? null);
  };
  const claimAll = async (facts: PlanFacts): Promise<boolean> => {
    const tickets = openTickets(facts);
    const plan = claimPlan(tickets, {
      nowMs: deps.now(),
      epoch: facts.epoch,
      treasury: facts.db.feeTreasury,
      withdrawableFees: facts.node.fees.free,
      lastClaimEpoch: store.tx.lastPolicyClaimEpoch(),
      autoClaim: deps.policies().autoClaim,
      gasWorth: tickets.length === 0 ? null : gasWorth(),
      waitForAttestors: deps.policies().waitForAttestors,
      leaving: deps.leaving(),
    });
    for (const { stackSmallId, why } of plan.left) {
      const sentence = shownObstacles[why];
      const row = sentence === undefined ? null : store.stacks.get(stackSmallId);
      if (sentence !== undefined && row !== null && row.errorMessage !== sentence) {
        store.stacks.setError(stackSmallId, { code: 'chain.aborted', message: sentence, attempts: row.attempts, notBeforeMs: row.notBeforeMs });
      }
    }
    if (plan.claim.length === 0) return false;
    log.info('chain.claim', { stackSmallIds: plan.claim.map(String) });
    await claimBatch(plan.claim.map((stackSmallId) => ({ stackSmallId })), (part) => ({ kind: 'claim', stackSmallIds: part.map(({ stackSmallId }) => stackSmallId) }));
    return true;
  };

  return {
    /** Looks up what is in doubt, then acts until the plans are empty. Throws what ended the round. */
    async reconcile(): Promise<void> {
      if ((await lane.settleDoubts()) > 0) return;
      for (let action = 0; action < roundLimit && deps.canSign(); action += 1) {
        const facts = deps.facts();
        if (facts === null) return;
        if (!((await settleOne(facts)) || (await claimDirectly(facts)) || (await claimAll(facts)))) return;
        await deps.reread();
      }
    },
  };
}

/** True where the contract pays a stack of this task by a direct claim. */
const isDirect = (row: StackRow, { contract, tasks }: PlanFacts): boolean =>
  contract.calls.claim_funds_for_stacks !== undefined && tasks.find((task) => task.taskSmallId === row.taskSmallId)?.securityLevel === 'confidential';
