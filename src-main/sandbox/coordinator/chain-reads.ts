/** What the coordinator reads from the chain, over gRPC like any other program (protocol.md 4.2). */
import { ObjectError } from '@mysten/sui/client';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import {
  contractOf,
  nodeBadgeType,
  nodeSmallIdType,
  smallId,
  stackSmallIdType,
  taskSmallIdType,
} from '../../../src-shared/atoma/index.ts';
import type { AtomaDb, Generation } from '../../../src-shared/atoma/index.ts';
import type { Standing } from './judge-hello.ts';

/** A stack as it was bought. */
export type StackOnChain = {
  readonly owner: string;
  readonly price: bigint;
  readonly numComputeUnits: bigint;
  readonly selectedNodeId: bigint;
  readonly taskSmallId: bigint;
};

/** A task's part that matters for dispatching. */
export type TaskOnChain = { readonly role: number; readonly modelName: string | null; readonly samplingConsensus: boolean };

/** A node's subscription to a task. */
export type Offer = { readonly nodeSmallId: bigint; readonly price: bigint; readonly maxUnits: bigint };

/** A stack's live settlement ticket, as far as attestors' history goes. */
export type TicketOnChain = {
  /** Nodes drawn to attest. */
  readonly requested: readonly bigint[];
  /** Attesting is allowed up to this epoch, itself included (protocol.md 5.8). */
  readonly disputeSettledAtEpoch: bigint;
};

/** The contract's settings for sampling consensus. */
export type AttestationSettings = { readonly probabilityPermille: number; readonly extraNodes: number };

/** The reads; each rejects when the full node does not answer. */
export type ChainReads = {
  /** Whether the wallet holds a registered, enabled node, and under which numbers. */
  standing(wallet: string): Promise<Standing>;
  stack(stackSmallId: bigint): Promise<StackOnChain | null>;
  /** Null without a ticket: not settled, or claimed. */
  ticket(stackSmallId: bigint): Promise<TicketOnChain | null>;
  task(taskSmallId: bigint): Promise<TaskOnChain | null>;
  taskCount(): Promise<bigint>;
  offers(taskSmallId: bigint): Promise<readonly Offer[]>;
  epoch(): Promise<bigint>;
  attestationSettings(): Promise<AttestationSettings>;
};

type Ids = { readonly generation: Generation; readonly packageId: string; readonly atomaDbId: string };

/** Null for an object that is not there; every other error passes. */
async function orAbsent<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ObjectError && error.reason !== 'unknown') return null;
    throw error;
  }
}

/** Follows a paged list to its end. */
async function allPages<T>(page: (cursor: string | null) => Promise<{ items: readonly T[]; next: string | null }>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const { items, next } = await page(cursor);
    all.push(...items);
    cursor = next;
  } while (cursor !== null);
  return all;
}

/** Creates the reads over an SDK client. */
export function createChainReads(ids: Ids, client: SuiGrpcClient): ChainReads {
  const { constants, objects, securityCodes } = contractOf(ids.generation);
  const database = async (): Promise<AtomaDb> => {
    const { object } = await client.getObject({ objectId: ids.atomaDbId, include: { content: true } });
    return objects.AtomaDb.parse(object.content);
  };
  const epoch = async (): Promise<bigint> => BigInt((await client.getCurrentSystemState()).systemState.epoch);
  const key = (type: string, id: bigint) => ({ type, bcs: smallId.serialize(id).toBytes() });
  const task = async (id: bigint) => {
    const { tasks } = await database();
    const found = await orAbsent(client.getDynamicObjectField({ parentId: tasks.id, name: key(taskSmallIdType(ids.packageId), id), include: { content: true } }));
    return found === null ? null : objects.Task.parse(found.object.content);
  };
  const nodeNumbers = (wallet: string): Promise<bigint[]> =>
    allPages(async (cursor) => {
      const page = await client.listOwnedObjects({ owner: wallet, type: nodeBadgeType(ids.packageId), cursor, include: { content: true } });
      return { items: page.objects.map((badge) => objects.NodeBadge.parse(badge.content).smallId), next: page.hasNextPage ? page.cursor : null };
    });
  return {
    standing: async (wallet) => {
      const numbers = await nodeNumbers(wallet);
      const { nodes } = await database();
      const entries = await Promise.all(numbers.map((id) => orAbsent(client.getDynamicField({ parentId: nodes.id, name: key(nodeSmallIdType(ids.packageId), id) }))));
      const disabledAt = entries.map((entry) => (entry === null ? null : { epoch: objects.NodeEntry.parse(entry.dynamicField.value.bcs).wasDisabledInEpoch }));
      const enabled = numbers.filter((_, place) => disabledAt[place]?.epoch === null);
      if (enabled.length > 0) return { kind: 'enabled', nodeSmallIds: enabled };
      const epochs = disabledAt.flatMap((entry) => (entry === null || entry.epoch === null ? [] : [entry.epoch]));
      if (epochs.length === 0) return { kind: 'not_registered' };
      const now = await epoch();
      // The chain's four epochs, after which the badge may be destroyed (protocol.md 5.2).
      const waits = epochs.some((disabledAt) => now < disabledAt + constants.destroyWaitEpochs);
      return { kind: waits ? 'in_cooldown' : 'disabled' };
    },
    epoch,
    attestationSettings: async () => {
      const { crossValidationProbabilityPermille, crossValidationExtraNodesCount } = await database();
      return { probabilityPermille: Number(crossValidationProbabilityPermille), extraNodes: Number(crossValidationExtraNodesCount) };
    },
    stack: async (id) => {
      const { stacks } = await database();
      const found = await orAbsent(client.getDynamicField({ parentId: stacks.id, name: key(stackSmallIdType(ids.packageId), id) }));
      const stack = found === null ? null : objects.Stack.parse(found.dynamicField.value.bcs);
      // A direct claim of G2 keeps the stack on chain; for whoever dispatches it is as gone as any claimed one.
      return stack === null || stack.isClaimed ? null : stack;
    },
    ticket: async (id) => {
      const { stackSettlementTickets } = await database();
      const name = key(stackSmallIdType(ids.packageId), id);
      const found = await orAbsent(client.getDynamicObjectField({ parentId: stackSettlementTickets.id, name, include: { content: true } }));
      if (found === null) return null;
      const { requestedAttestationNodes: requested, disputeSettledAtEpoch } = objects.StackSettlementTicket.parse(found.object.content);
      return { requested, disputeSettledAtEpoch };
    },
    task: async (id) => {
      const found = await task(id);
      return found === null ? null : { role: found.role, modelName: found.modelName, samplingConsensus: found.securityLevel === securityCodes['sampling-consensus'] };
    },
    taskCount: async () => (await database()).nextTaskSmallId - constants.firstSmallId,
    offers: async (id) => {
      const found = await task(id);
      if (found === null) return [];
      return allPages(async (cursor) => {
        const page = await client.listDynamicFields({ parentId: found.subscribedNodes.id, cursor, include: { value: true } });
        const items = page.dynamicFields.map((field) => {
          const { nodeId, price, maxNumComputeUnits } = objects.NodePriceData.parse(field.value.bcs);
          return { nodeSmallId: nodeId, price, maxUnits: maxNumComputeUnits };
        });
        return { items, next: page.hasNextPage ? page.cursor : null };
      });
    },
  };
}
