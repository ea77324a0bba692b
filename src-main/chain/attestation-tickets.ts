/** Live settlement tickets as an attestor reads them: those that name a node, found by walking the table, and each as it is now (protocol.md 4.2, 5.5). */
import { smallId, type AtomaDb, type Contract } from '../../src-shared/atoma/index.ts';
import type { DisputeFact, TicketFact } from '../core/attest-rows.ts';
import { isNeverClaimed } from '../core/stranded.ts';
import type { ChainClient } from './client.ts';
import { allPages } from './all-pages.ts';
import type { Reads } from './reads.ts';

type Deps = { client: ChainClient; packageId: string; reads: Reads; need: () => { db: AtomaDb; contract: Contract } };

/** Tickets read together; the endpoint bounds one answer. */
const batch = 50;
/** Pages of disputes looked through, the newest first: they are rare, and a network with very many has other worries. */
const disputePages = 20;

const hex = (bytes: Iterable<number>): string => Buffer.from(Uint8Array.from(bytes)).toString('hex');

/** Creates the reads; all of them throw what {@link ChainClient.ask} throws, and AppError chain.not_ready before the chain was read. */
export function createAttestationTickets({ client, packageId, reads, need }: Deps) {
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
    /** Disputes of a stack by their events, newest first; none where the full node keeps no events that old. */
    async disputesOf(stackSmallId: bigint): Promise<DisputeFact[]> {
      const { contract } = need();
      const found: DisputeFact[] = [];
      let before: string | null = null;
      for (let pages = 0; pages < disputePages; pages += 1) {
        const cursor: { before?: string } = before === null ? {} : { before };
        const page = await client.ask((sui, signal) => sui.listEvents({ filter: { eventType: `${packageId}::db::StackAttestationDisputeEvent` }, order: 'descending', ...cursor, signal }));
        const disputes = page.events.map((event) => contract.events.StackAttestationDisputeEvent.parse(event.bcs)).filter((event) => event.stackSmallId === stackSmallId);
        found.push(...disputes.map((event): DisputeFact => ({ node: event.attestationNodeId, commitment: hex(event.attestationCommitment), original: hex(event.originalCommitment) })));
        if (!page.hasNextPage || page.endCursor === null) break;
        before = page.endCursor;
      }
      return found;
    },
    /** Tickets with their stacks as they are now; null where none lives. */
    async ticketFacts(ids: readonly bigint[]): Promise<(TicketFact | null)[]> {
      const { db, contract } = need();
      return inBatches(ids, async (part) => {
        const [tickets, stacks] = await Promise.all([reads.tickets(part, db, contract), reads.stacks(part, db, contract)]);
        // Who attested a ticket must not be destroyed before its claim; whether that can come at all is asked of these alone.
        const attested = part.flatMap((_, index) => {
          const [ticket, stack] = [tickets[index], stacks[index]];
          return ticket && stack && ticket.alreadyAttestedNodes.length > 0 ? [{ ticket, stack }] : [];
        });
        const present = await reads.present({
          tasks: [...new Set(attested.map(({ stack }) => stack.taskSmallId))],
          nodes: [...new Set(attested.flatMap(({ ticket }) => [ticket.selectedNodeId, ...ticket.alreadyAttestedNodes]))],
        }, db);
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
            neverClaimed: isNeverClaimed({
              isInDispute: ticket.isInDispute,
              taskExists: stack === null ? null : (present.tasks.get(stack.taskSmallId) ?? null),
              settlerExists: present.nodes.get(ticket.selectedNodeId) ?? null,
              attestors: ticket.alreadyAttestedNodes.map((id) => present.nodes.get(id) ?? null),
            }),
            stack: stack === null ? null : { taskSmallId: stack.taskSmallId, price: stack.price, numComputeUnits: stack.numComputeUnits },
          };
        });
      });
    },
  };
}
