/** Decides which settled stacks are claimed now, in one transaction (product.md, "Policies"; protocol.md 5.4, 5.8). */
import type { StrandedBy } from '../../src-shared/bridge/views.ts';

/** A live settlement ticket of this node. */
export type OpenTicket = {
  readonly stackSmallId: bigint;
  /** D: claiming is allowed from this epoch on. */
  readonly disputeSettledAtEpoch: bigint;
  readonly isInDispute: boolean;
  /** What claiming would abort at for ever. */
  readonly strandedBy: StrandedBy | null;
  /** What claiming takes from the treasury: the node's fee and the buyer's refund; null when the arithmetic overflows on chain. */
  readonly treasuryCost: bigint | null;
  /** What the claim pays this node, in base units; null while unknown. */
  readonly fee?: bigint | null;
  /** A claim of it is under way. */
  readonly claiming: boolean;
  /** Not tried again before this time, after a failure. */
  readonly notBeforeMs: number;
  /** Requested places whose attestor has not answered; none without sampling. */
  readonly missingAttestors?: number;
};

/** What the plan depends on besides the tickets. */
export type ClaimFacts = {
  readonly nowMs: number;
  readonly epoch: bigint;
  /** `fee_treasury` of the database. */
  readonly treasury: bigint;
  /** This node's own fees: `claim_funds` ends with `withdraw_fees`, which the treasury must also be able to pay. */
  readonly withdrawableFees: bigint;
  /** Epoch of the last automatic claim; null when there was none. */
  readonly lastClaimEpoch: bigint | null;
  readonly autoClaim: boolean;
  /** What the gas of a claim is worth in base units of the network's coin, at the rates the operator gave; null while the gas or a rate is unknown. */
  readonly gasWorth?: bigint | null;
  /** In epoch D both claiming and attesting are possible: a claim in it gets a late attestor slashed, and gains nothing but an epoch (protocol.md 5.8). */
  readonly waitForAttestors?: boolean;
  /** Leaving claims at once, without waiting for the next epoch. */
  readonly leaving: boolean;
};

/** Why a ticket is not claimed. */
export type ClaimObstacle = 'disputed' | 'window_open' | StrandedBy | 'overflow' | 'treasury_short' | 'claiming' | 'attestor_late' | 'gas_worth_more' | 'waiting';

/** The tickets to claim together and why the others are left out. */
export type ClaimPlan = {
  readonly claim: readonly bigint[];
  readonly left: readonly { readonly stackSmallId: bigint; readonly why: ClaimObstacle }[];
};

/** Most ids in one transaction; the intent's own limit. */
export const claimBatchLimit = 50;

/** The first reason against claiming `ticket` now, or null. */
export function claimObstacle(ticket: OpenTicket, facts: Pick<ClaimFacts, 'nowMs' | 'epoch'>): ClaimObstacle | null {
  if (ticket.isInDispute) return 'disputed';
  if (ticket.strandedBy !== null) return ticket.strandedBy;
  if (ticket.treasuryCost === null) return 'overflow';
  if (facts.epoch < ticket.disputeSettledAtEpoch) return 'window_open';
  if (ticket.claiming) return 'claiming';
  return ticket.notBeforeMs > facts.nowMs ? 'waiting' : null;
}

/** A requested attestor may still answer in epoch D; only who leaves gains by not waiting for the next one. */
const attestorObstacle = (ticket: OpenTicket, facts: ClaimFacts): ClaimObstacle | null =>
  facts.waitForAttestors === true && !facts.leaving && (ticket.missingAttestors ?? 0) > 0 && facts.epoch === ticket.disputeSettledAtEpoch ? 'attestor_late' : null;

const byEpochThenNumber = (left: OpenTicket, right: OpenTicket): number =>
  left.disputeSettledAtEpoch === right.disputeSettledAtEpoch
    ? Number(left.stackSmallId - right.stackSmallId)
    : Number(left.disputeSettledAtEpoch - right.disputeSettledAtEpoch);

/** Whatever is claimable, oldest first, as far as the treasury reaches; nothing when the automatic claim of this epoch was made already. */
export function claimPlan(tickets: readonly OpenTicket[], facts: ClaimFacts): ClaimPlan {
  const claim: bigint[] = [];
  const left: { stackSmallId: bigint; why: ClaimObstacle }[] = [];
  const due = facts.leaving || (facts.autoClaim && (facts.lastClaimEpoch === null || facts.lastClaimEpoch < facts.epoch));
  let treasury = facts.treasury - facts.withdrawableFees;
  for (const ticket of [...tickets].sort(byEpochThenNumber)) {
    const cost = ticket.treasuryCost ?? 0n;
    const obstacle = claimObstacle(ticket, facts) ?? attestorObstacle(ticket, facts) ?? (cost > treasury ? 'treasury_short' : null);
    if (obstacle !== null || !due || claim.length === claimBatchLimit) {
      left.push({ stackSmallId: ticket.stackSmallId, why: obstacle ?? 'waiting' });
      continue;
    }
    treasury -= cost;
    claim.push(ticket.stackSmallId);
  }
  if (claim.length === 0 || facts.leaving || !isGasWorthMore(tickets, claim, facts.gasWorth ?? null)) return { claim, left };
  return { claim: [], left: [...left, ...claim.map((stackSmallId) => ({ stackSmallId, why: 'gas_worth_more' as const }))] };
}

/** "Unless gas at a rate the operator gave is worth more" (product.md, Policies): what is left is claimed with more of its kind later. Unknown is no reason to wait. */
function isGasWorthMore(tickets: readonly OpenTicket[], claim: readonly bigint[], gasWorth: bigint | null): boolean {
  if (gasWorth === null) return false;
  let paid = 0n;
  for (const { stackSmallId, fee = null } of tickets) {
    if (!claim.includes(stackSmallId)) continue;
    if (fee === null) return false;
    paid += fee;
  }
  return gasWorth > paid;
}

/** Halves of a batch that the chain refused as a whole, to find the one that cannot be claimed; claims are all-or-nothing (protocol.md 2.3). */
export function splitBatch<T>(ids: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = Math.ceil(ids.length / 2);
  return [ids.slice(0, middle), ids.slice(middle)];
}
