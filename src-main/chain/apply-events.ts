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
  /** This node is asked to attest a stack: a hint, the live ticket decides. */
  readonly named?: (stackSmallId: bigint) => void;
};

type Tables = Pick<ChainStore, 'stacks' | 'tickets'>;

/** Writes what one event means; events of other nodes and other kinds mean nothing here. Objects read later outrank it. */
export function applyEvent(event: DbEvent, { stacks, tickets }: Tables, { contract, nodeSmallId, samplingConsensus, named }: EventContext): void {
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
      keepTicket(tickets, settled.stackSmallId, settled.numClaimedComputeUnits, settled.requestedAttestationNodes);
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
      keepTicket(tickets, claimed.stackSmallId, claimed.numClaimedComputeUnits, []);
      // Settled and claimed by the one transaction.
      stacks.setState(claimed.stackSmallId, 'claimed', { settleDigest: event.digest, claimDigest: event.digest });
      stacks.setError(claimed.stackSmallId, null);
      return;
    }
    default:
      return;
  }
}

/** What an event tells of a ticket, unless the object was read already. */
function keepTicket(tickets: Tables['tickets'], stackSmallId: bigint, claimedUnits: bigint, requestedNodes: readonly bigint[]): void {
  if (tickets.get(stackSmallId) !== null) return;
  tickets.put({ stackSmallId, claimedUnits, disputeSettledAtEpoch: null, isInDispute: false, requestedNodes, attestedNodes: [] });
}
