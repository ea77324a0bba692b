/** This node's stacks: read from the chain, kept as rows, told to the dispatch rules (protocol.md 4.2; coordinator.md, "Dispatch rules"). */
import type { AtomaDb, Contract, Stack, StackSettlementTicket } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { StrandedBy } from '../../src-shared/bridge/views.ts';
import { strandedBy } from '../core/stranded.ts';
import type { StackFact } from './chain-facts.ts';
import type { ChainStore, NewStack, StackRow } from './chain-store.ts';
import type { Reads } from './reads.ts';

type Deps = {
  store: ChainStore;
  reads: Reads;
  nodeSmallId: () => bigint | null;
  samplingConsensus: (taskSmallId: bigint) => boolean;
  /** Found when the tasks were last read; one that was not is asked for by itself. */
  knowsTask: (taskSmallId: bigint) => boolean;
  underWay: () => readonly Intent[];
  now: () => number;
};

/** A stack this young that is not found may be one that a lagging full node has not seen yet; it is read again. */
const settledDownMs = 600_000;

/** Facts of stacks. */
export type StackFacts = ReturnType<typeof createStackFacts>;

/** Creates the facts over the rows. */
export function createStackFacts({ store, reads, nodeSmallId, samplingConsensus, knowsTask, underWay, now }: Deps) {
  /** Stacks that can never be paid, by the last reading that could tell. */
  let stranded: ReadonlyMap<bigint, StrandedBy> = new Map();
  const isUnderWay = (kind: 'settle' | 'claim', id: bigint): boolean =>
    underWay().some((intent) => {
      // A direct claim takes the place of both: from the moment it waits in line, the stack takes no more work.
      if (intent.kind === 'claim_direct') return intent.stackSmallIds.includes(id);
      return kind === 'settle' ? intent.kind === 'settle' && intent.stackSmallId === id : intent.kind === 'claim' && intent.stackSmallIds.includes(id);
    });
  const factOf = (row: StackRow): StackFact => ({
    stackSmallId: row.stackSmallId,
    taskSmallId: row.taskSmallId,
    selectedNode: row.nodeSmallId,
    owner: row.owner,
    numComputeUnits: row.numComputeUnits,
    price: row.price,
    settling: row.state !== 'open' || isUnderWay('settle', row.stackSmallId),
    mine: row.nodeSmallId === nodeSmallId(),
    samplingConsensus: row.samplingConsensus,
  });
  const rowOf = (stackSmallId: bigint, stack: Stack): NewStack => ({
    stackSmallId,
    taskSmallId: stack.taskSmallId,
    nodeSmallId: stack.selectedNodeId,
    owner: stack.owner,
    price: stack.price,
    numComputeUnits: stack.numComputeUnits,
    samplingConsensus: samplingConsensus(stack.taskSmallId),
  });
  /** Objects are the truth: a ticket means settled, no stack means it is over. */
  const write = (stackSmallId: bigint, stack: Stack | null, ticket: StackSettlementTicket | null): void =>
    store.transaction(() => {
      if (stack !== null && stack.selectedNodeId === nodeSmallId()) store.stacks.add(rowOf(stackSmallId, stack));
      if (ticket !== null) {
        store.tickets.put({
          stackSmallId,
          claimedUnits: ticket.numClaimedComputeUnits,
          disputeSettledAtEpoch: ticket.disputeSettledAtEpoch,
          isInDispute: ticket.isInDispute,
          requestedNodes: ticket.requestedAttestationNodes,
          attestedNodes: ticket.alreadyAttestedNodes,
        });
      }
      // A ticket goes only together with its stack: a stack without one, of which settling is known, is what a lagging full node shows.
      if (stack !== null) {
        if (stack.isClaimed) store.stacks.setState(stackSmallId, 'claimed');
        else if (ticket !== null) store.stacks.setState(stackSmallId, 'settled');
        else if (store.stacks.get(stackSmallId)?.state !== 'settled') store.stacks.setState(stackSmallId, 'open');
      }
      else if (now() - (store.stacks.get(stackSmallId)?.firstSeenMs ?? 0) >= settledDownMs) store.stacks.setState(stackSmallId, 'gone');
    });

  return {
    isUnderWay,
    /** Why an unfinished stack of this node can never be paid; null while it can, or while that was not read. */
    strandedBy: (stackSmallId: bigint): StrandedBy | null => stranded.get(stackSmallId) ?? null,
    /** A stack from the rows; null when this node never saw it. */
    stack(id: bigint): StackFact | null {
      const row = store.stacks.get(id);
      return row === null ? null : factOf(row);
    },
    /** A stack from the chain, also another node's; null when there is none. */
    async refreshStack(id: bigint, db: AtomaDb, contract: Contract): Promise<StackFact | null> {
      const [[stack = null], [ticket = null]] = await Promise.all([reads.stacks([id], db, contract), reads.tickets([id], db, contract)]);
      if (stack === null) {
        if (store.stacks.get(id) !== null) write(id, null, ticket);
        return null;
      }
      if (stack.selectedNodeId !== nodeSmallId()) {
        return { ...factOf({ ...foreignRow, ...rowOf(id, stack), state: ticket === null ? 'open' : 'settled' }), mine: false };
      }
      write(id, stack, ticket);
      return this.stack(id);
    },
    /** Reads every stack whose money is still on the way. */
    async refreshUnfinished(db: AtomaDb, contract: Contract): Promise<void> {
      const node = nodeSmallId();
      if (node === null) return;
      const rows = store.stacks.unfinished(node);
      const ids = rows.map((row) => row.stackSmallId);
      const tasks = new Set(rows.map((row) => row.taskSmallId).filter((id) => !knowsTask(id)));
      // As the rows have them: one that attested since is asked for in the next reading, and unknown until then.
      const attestors = new Set(rows.flatMap((row) => (row.state === 'settled' ? (store.tickets.get(row.stackSmallId)?.attestedNodes ?? []) : [])).filter((id) => id !== node));
      const [stacks, tickets, present] = await Promise.all([
        reads.stacks(ids, db, contract),
        reads.tickets(ids, db, contract),
        reads.present({ tasks: [...tasks], nodes: [...attestors] }, db),
      ]);
      ids.forEach((id, index) => write(id, stacks[index] ?? null, tickets[index] ?? null));
      stranded = new Map(
        rows.flatMap((row, index): [bigint, StrandedBy][] => {
          // A stack that this reading did not find says nothing of its task: the full node may lag behind.
          if (!stacks[index]) return [];
          const why = strandedBy({
            taskExists: tasks.has(row.taskSmallId) ? (present.tasks.get(row.taskSmallId) ?? null) : true,
            attestors: (tickets[index]?.alreadyAttestedNodes ?? []).map((id) => (id === node ? true : (present.nodes.get(id) ?? null))),
          });
          return why === null ? [] : [[row.stackSmallId, why]];
        }),
      );
    },
  };
}

/** What a row of another node's stack would hold beside the chain's values. */
const foreignRow = {
  settleDigest: null, claimDigest: null, attempts: 0, notBeforeMs: 0, errorCode: null, errorMessage: null, errorMs: null, firstSeenMs: 0, updatedMs: 0,
} as const;
