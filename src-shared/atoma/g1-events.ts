/** BCS layouts of the G1 contract's events in field order (protocol.md 3). */
import { bcs } from '@mysten/sui/bcs';
import { address, bytes, option, smallId, text, u16, u64Layout, u8 } from './primitives.ts';

const nodes = bcs.vector(smallId);

/** Layouts by event name; the type string is `<package>::db::<name>`. Note the swapped first two fields of the subscription events. */
export const G1_EVENTS = {
  PublishedEvent: bcs.struct('PublishedEvent', { db: address, managerBadge: address }),
  NodeRegisteredEvent: bcs.struct('NodeRegisteredEvent', { badgeId: address, nodeSmallId: smallId }),
  NodeSubscribedToTaskEvent: bcs.struct('NodeSubscribedToTaskEvent', {
    taskSmallId: smallId,
    nodeSmallId: smallId,
    pricePerComputeUnit: u64Layout,
    maxNumComputeUnits: u64Layout,
  }),
  NodeSubscriptionUpdatedEvent: bcs.struct('NodeSubscriptionUpdatedEvent', {
    nodeSmallId: smallId,
    taskSmallId: smallId,
    pricePerComputeUnit: u64Layout,
    maxNumComputeUnits: u64Layout,
  }),
  NodeUnsubscribedFromTaskEvent: bcs.struct('NodeUnsubscribedFromTaskEvent', {
    taskSmallId: smallId,
    nodeSmallId: smallId,
  }),
  /** Of the dormant model interface (protocol.md 2.5). */
  NodeSubscribedToModelEvent: bcs.struct('NodeSubscribedToModelEvent', {
    nodeSmallId: smallId,
    modelName: text,
    echelonId: u64Layout,
  }),
  /** `taskId` is the TaskBadge's id, not the Task's. */
  TaskRegisteredEvent: bcs.struct('TaskRegisteredEvent', {
    taskId: address,
    taskSmallId: smallId,
    role: u16,
    modelName: option(text),
    securityLevel: u16,
    minimumReputationScore: option(u8),
  }),
  /** `taskId` is the Task's id. */
  TaskDeprecationEvent: bcs.struct('TaskDeprecationEvent', { taskId: address, taskSmallId: smallId, epoch: u64Layout }),
  TaskRemovedEvent: bcs.struct('TaskRemovedEvent', {
    taskId: address,
    taskSmallId: smallId,
    removedAtEpoch: u64Layout,
  }),
  /** `stackId` is the StackBadge's id: a stack has no object id. */
  StackCreatedEvent: bcs.struct('StackCreatedEvent', {
    stackId: address,
    stackSmallId: smallId,
    owner: address,
    taskSmallId: smallId,
    selectedNodeId: smallId,
    numComputeUnits: u64Layout,
    price: u64Layout,
  }),
  StackTrySettleEvent: bcs.struct('StackTrySettleEvent', {
    stackSmallId: smallId,
    selectedNodeId: smallId,
    requestedAttestationNodes: nodes,
    committedStackProof: bytes,
    stackMerkleLeaf: bytes,
    numClaimedComputeUnits: u64Layout,
  }),
  NewStackSettlementAttestationEvent: bcs.struct('NewStackSettlementAttestationEvent', {
    stackSmallId: smallId,
    attestationNodeId: smallId,
    committedStackProof: bytes,
    stackMerkleLeaf: bytes,
  }),
  /** `disputeSettledAtEpoch` is the current epoch here; the ticket keeps its later one. */
  StackSettlementTicketEvent: bcs.struct('StackSettlementTicketEvent', {
    stackSmallId: smallId,
    selectedNodeId: smallId,
    numClaimedComputeUnits: u64Layout,
    requestedAttestationNodes: nodes,
    disputeSettledAtEpoch: u64Layout,
    committedStackProof: bytes,
  }),
  StackSettlementTicketClaimedEvent: bcs.struct('StackSettlementTicketClaimedEvent', {
    stackSmallId: smallId,
    selectedNodeId: smallId,
    attestationNodes: nodes,
    numClaimedComputeUnits: u64Layout,
    userRefundAmount: u64Layout,
  }),
  StackAttestationDisputeEvent: bcs.struct('StackAttestationDisputeEvent', {
    stackSmallId: smallId,
    attestationCommitment: bytes,
    attestationNodeId: smallId,
    originalNodeId: smallId,
    originalCommitment: bytes,
  }),
} as const;

/** Name of a G1 event. */
export type G1EventName = keyof typeof G1_EVENTS;
