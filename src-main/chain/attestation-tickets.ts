/** Live settlement tickets as an attestor reads them: those that name a node, found by walking the table, and each as it is now (protocol.md 4.2, 5.5). */
import { smallId, type AtomaDb, type Contract } from '../../src-shared/atoma/index.ts';
import type { TicketFact } from '../core/attest-rows.ts';
import type { ChainClient } from './client.ts';
import { allPages } from './all-pages.ts';
import type { Reads } from './reads.ts';

type Deps = { client: ChainClient; reads: Reads; need: () => { db: AtomaDb; contract: Contract } };

/** Tickets read together; the endpoint bounds one answer. */
const batch = 50;

/** Creates the reads; all of them throw what {@link ChainClient.ask} throws, and AppError chain.not_ready before the chain was read. */
export function createAttestationTickets({ client, reads, need }: Deps) {
  /** Stack numbers of all live tickets: the keys of the table's entries. */
  const liveTickets = (db: AtomaDb): Promise<bigint[]> =>
    allPages(async (cursor) => {
      const page = await client.ask((sui, signal) => sui.listDynamicFields({ parentId: db.stackSettlementTickets.id, cursor, signal }));
      return { items: page.dynamicFields.map((field) => smallId.parse(field.name.bcs)), next: page.hasNextPage ? page.cursor : null };
    });
  const inBatches = async <T>(ids: readonly bigint[], read: (part: readonly bigint[]) => Promise<readonly T[]>): Promise<T[]> => {
    const all: T[] = [];
    for (let from = 0; from < ids.length; from += batch) all.push(...(await read(ids.slice(from, from + batch))));
    return all;
  };

  return {
    /** Tickets that name this node, whoever settled. */
    async ticketsNaming(nodeSmallId: bigint): Promise<bigint[]> {
      const { db, contract } = need();
      if (db.stackSettlementTickets.size === 0n) return [];
      const ids = await liveTickets(db);
      const tickets = await inBatches(ids, (part) => reads.tickets(part, db, contract));
      return ids.filter((_, index) => tickets[index]?.requestedAttestationNodes.includes(nodeSmallId) === true);
    },
    /** Tickets with their stacks as they are now; null where none lives. */
    async ticketFacts(ids: readonly bigint[]): Promise<(TicketFact | null)[]> {
      const { db, contract } = need();
      return inBatches(ids, async (part) => {
        const [tickets, stacks] = await Promise.all([reads.tickets(part, db, contract), reads.stacks(part, db, contract)]);
        return part.map((stackSmallId, index): TicketFact | null => {
          const [ticket, stack] = [tickets[index] ?? null, stacks[index] ?? null];
          if (ticket === null) return null;
          return {
            stackSmallId,
            selectedNode: ticket.selectedNodeId,
            requestedNodes: ticket.requestedAttestationNodes,
            attestedNodes: ticket.alreadyAttestedNodes,
            disputeSettledAtEpoch: ticket.disputeSettledAtEpoch,
            isInDispute: ticket.isInDispute,
            committedProof: Uint8Array.from(ticket.committedStackProof),
            leaves: Uint8Array.from(ticket.stackMerkleLeavesVector),
            claimedUnits: ticket.numClaimedComputeUnits,
            stack: stack === null ? null : { taskSmallId: stack.taskSmallId, price: stack.price, numComputeUnits: stack.numComputeUnits },
          };
        });
      });
    },
  };
}
