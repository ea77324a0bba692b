/** Stacks as the money pipeline shows them (product.md, Stacks: working → settle → challenge window → claimable → claimed, or in dispute). */
import type { StackView } from '../../src-shared/bridge/views.ts';
import { unitsValue } from '../core/stack-value.ts';
import type { StackWork } from '../core/settlement-plan.ts';
import type { StackRow, TicketRow } from './chain-store.ts';
import type { Pricing } from './earnings-view.ts';

/** What a view draws on beside its row. */
export type StackViewFacts = {
  readonly ticket: TicketRow | null;
  readonly work: StackWork;
  readonly epoch: bigint | null;
  readonly pricing: Pricing;
  readonly model: string | null;
  readonly settleUnderWay: boolean;
  readonly claimUnderWay: boolean;
  /** Why it can never be paid; null while it can, or while that is not known. */
  readonly strandedBy: StackView['strandedBy'];
  /** Gas of a transaction, null when it is not booked, and among how many stacks it is shared. */
  readonly gasOf: (digest: string) => bigint | null;
  readonly shareOf: (digest: string) => number;
};

/** Where a stack stands; the epoch decides between window and claimable. */
export function stackPhase(row: Pick<StackRow, 'state'>, facts: Pick<StackViewFacts, 'ticket' | 'epoch' | 'settleUnderWay' | 'claimUnderWay' | 'strandedBy'>): StackView['phase'] {
  if (row.state === 'claimed') return 'claimed';
  if (row.state === 'gone') return 'gone';
  if (facts.ticket?.isInDispute && row.state === 'settled') return 'disputed';
  if (facts.strandedBy !== null) return 'stranded';
  if (row.state === 'open') return facts.settleUnderWay ? 'settling' : 'working';
  if (facts.claimUnderWay) return 'claiming';
  const end = facts.ticket?.disputeSettledAtEpoch ?? null;
  return end !== null && facts.epoch !== null && facts.epoch >= end ? 'claimable' : 'challenge';
}

/** Gas of settling and of this stack's share of the claim; null when one of them is not known, as of a transaction that another machine made. */
export function stackGas(row: Pick<StackRow, 'state' | 'settleDigest' | 'claimDigest'>, { gasOf, shareOf }: Pick<StackViewFacts, 'gasOf' | 'shareOf'>): bigint | null {
  const of = (happened: boolean, digest: string | null): bigint | null => (happened ? (digest === null ? null : gasOf(digest)) : 0n);
  const settle = of(row.state !== 'open', row.settleDigest);
  const claim = of(row.state === 'claimed', row.claimDigest);
  if (settle === null || claim === null) return null;
  // A direct claim settles and claims in one.
  const once = row.settleDigest !== null && row.settleDigest === row.claimDigest ? 0n : settle;
  return once + (row.claimDigest === null ? 0n : claim / BigInt(Math.max(1, shareOf(row.claimDigest))));
}

/** One stack for the window. Its value is gross: units of the ticket, or acknowledged so far, at its price; 0 where the chain's arithmetic overflows, because nothing can be claimed. */
export function stackView(row: StackRow, facts: StackViewFacts): StackView {
  const units = facts.ticket?.claimedUnits ?? facts.work.acceptedUnits;
  return {
    stackSmallId: row.stackSmallId,
    taskSmallId: row.taskSmallId,
    model: facts.model,
    phase: stackPhase(row, facts),
    strandedBy: facts.strandedBy,
    owner: row.owner,
    price: row.price,
    numComputeUnits: row.numComputeUnits,
    usedUnits: facts.work.acceptedUnits,
    awaitingAck: facts.work.awaitingAck,
    claimedUnits: facts.ticket?.claimedUnits ?? null,
    value: unitsValue(row, units, facts.pricing.contract, facts.pricing.settings) ?? 0n,
    gasMist: stackGas(row, facts),
    disputeSettledAtEpoch: facts.ticket?.disputeSettledAtEpoch ?? null,
    epoch: facts.epoch,
    settleDigest: row.settleDigest,
    claimDigest: row.claimDigest,
    lastError: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '', atMs: row.errorMs ?? row.updatedMs },
    updatedMs: row.updatedMs,
  };
}
