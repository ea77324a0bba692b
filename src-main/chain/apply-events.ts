/** What the contract's events say about this node's stacks, written to the rows; applying an event twice changes nothing (protocol.md 3). */
import type { Contract } from '../../src-shared/atoma/index.ts';
import type { ChainStore } from './chain-store.ts';
import type { DbEvent } from './event-pages.ts';

/** What applying needs to know. */
export type EventContext = {
  readonly contract: Contract;
  readonly nodeSmallId: bigint;
  /** Whether a task pays by sampling consensus. */
  readonly samplingConsensus: (taskSmallId: bigint) => boolean;
  /** Epoch in which the events happened; absent where it is not told. */
  readonly epoch?: bigint;
  /** This node is asked to attest a stack: a hint, the live ticket decides. */
  readonly named?: (stackSmallId: bigint) => void;
};

type Tables = Pick<ChainStore, 'stacks' | 'tickets'>;

/** Writes what one event means; events of other nodes and other kinds mean nothing here. Objects read later outrank it. */
export function applyEvent(event: DbEvent, { stacks, tickets }: Tables, { contract, nodeSmallId, samplingConsensus, epoch, named }: EventContext): void {
  switch (event.name) {
    case 'StackCreatedEvent': {
      const created = contract.events.StackCreatedEvent.parse(event.contents);
      if (created.selectedNodeId !== nodeSmallId) return;
      stacks.add({
        stackSmallId: created.stackSmallId,
        taskSmallId: created.taskSmallId,
        nodeSmallId,
        owner: created.owner,
        price: created.price,
        numComputeUnits: created.numComputeUnits,
        samplingConsensus: samplingConsensus(created.taskSmallId),
      });
      return;
    }
    case 'StackTrySettleEvent': {
      const settled = contract.events.StackTrySettleEvent.parse(event.contents);
      if (settled.requestedAttestationNodes.includes(nodeSmallId)) named?.(settled.stackSmallId);
      if (settled.selectedNodeId !== nodeSmallId) return;
      // "Settle in epoch E sets dispute_settled_at_epoch D": the event itself does not name it (protocol.md 5.8).
      keepTicket(tickets, settled.stackSmallId, settled.numClaimedComputeUnits, settled.requestedAttestationNodes, epoch === undefined ? null : epoch + contract.constants.disputeDelayEpochs);
      stacks.setState(settled.stackSmallId, 'settled', { settleDigest: event.digest });
      return;
    }
    case 'StackSettlementTicketClaimedEvent': {
      const claimed = contract.events.StackSettlementTicketClaimedEvent.parse(event.contents);
      if (claimed.selectedNodeId !== nodeSmallId) return;
      stacks.setState(claimed.stackSmallId, 'claimed', { claimDigest: event.digest });
      stacks.setError(claimed.stackSmallId, null);
      return;
    }
    case 'ClaimedStackEvent': {
      const claimed = contract.events.ClaimedStackEvent.parse(event.contents);
      if (claimed.selectedNodeId !== nodeSmallId) return;
      keepTicket(tickets, claimed.stackSmallId, claimed.numClaimedComputeUnits, [], null);
      // Settled and claimed by the one transaction.
      stacks.setState(claimed.stackSmallId, 'claimed', { settleDigest: event.digest, claimDigest: event.digest });
      stacks.setError(claimed.stackSmallId, null);
      return;
    }
    default:
      return;
  }
}

/** What an event tells of a ticket, unless the object was read already; an end that was missing is added. */
function keepTicket(tickets: Tables['tickets'], stackSmallId: bigint, claimedUnits: bigint, requestedNodes: readonly bigint[], disputeSettledAtEpoch: bigint | null): void {
  const known = tickets.get(stackSmallId);
  if (known === null) tickets.put({ stackSmallId, claimedUnits, disputeSettledAtEpoch, isInDispute: false, requestedNodes, attestedNodes: [] });
  else if (known.disputeSettledAtEpoch === null && disputeSettledAtEpoch !== null) tickets.put({ ...known, disputeSettledAtEpoch });
}
