/** Ids of the objects behind table entries, computed so that many are read in one call (protocol.md 4.1 "Platform layouts", 4.2). */
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { nodeSmallIdType, objectFieldKeyType, smallId, stackSmallIdType, taskSmallIdType } from '../../src-shared/atoma/index.ts';

const keyOf = (id: bigint): Uint8Array => smallId.serialize(id).toBytes();

/** The field of `AtomaDb.nodes`, or of a task's price table, that holds a node's entry. */
export const nodeFieldId = (packageId: string, tableId: string, node: bigint): string => deriveDynamicFieldID(tableId, nodeSmallIdType(packageId), keyOf(node));
/** The field of `AtomaDb.stacks` that holds a stack. */
export const stackFieldId = (packageId: string, tableId: string, stack: bigint): string => deriveDynamicFieldID(tableId, stackSmallIdType(packageId), keyOf(stack));
/** The link of `AtomaDb.tasks` to a task object. */
export const taskLinkId = (packageId: string, tableId: string, task: bigint): string =>
  deriveDynamicFieldID(tableId, objectFieldKeyType(taskSmallIdType(packageId)), keyOf(task));
/** The link of `AtomaDb.stack_settlement_tickets` to a ticket object. */
export const ticketLinkId = (packageId: string, tableId: string, stack: bigint): string =>
  deriveDynamicFieldID(tableId, objectFieldKeyType(stackSmallIdType(packageId)), keyOf(stack));
