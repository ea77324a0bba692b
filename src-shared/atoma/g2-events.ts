/** BCS layouts of the G2 contract's events in field order: G1's, with prices per million units and three events more (protocol.md 3). */
import { bcs } from '@mysten/sui/bcs';
import { G1_EVENTS } from './g1-events.ts';
import { address, bytes, smallId, u16, u64Layout } from './primitives.ts';

/** Layouts by event name; the type string is `<package>::db::<name>`. */
export const G2_EVENTS = {
  ...G1_EVENTS,
  NodeSubscribedToTaskEvent: bcs.struct('NodeSubscribedToTaskEvent', {
    taskSmallId: smallId,
    nodeSmallId: smallId,
    pricePerOneMillionComputeUnits: u64Layout,
    maxNumComputeUnits: u64Layout,
  }),
  NodeSubscriptionUpdatedEvent: bcs.struct('NodeSubscriptionUpdatedEvent', {
    nodeSmallId: smallId,
    taskSmallId: smallId,
    pricePerOneMillionComputeUnits: u64Layout,
    maxNumComputeUnits: u64Layout,
  }),
  StackCreatedEvent: bcs.struct('StackCreatedEvent', {
    stackId: address,
    stackSmallId: smallId,
    owner: address,
    taskSmallId: smallId,
    selectedNodeId: smallId,
    numComputeUnits: u64Layout,
    pricePerOneMillionComputeUnits: u64Layout,
  }),
  /** A confidential stack paid at once, without a ticket. */
  ClaimedStackEvent: bcs.struct('ClaimedStackEvent', {
    stackSmallId: smallId,
    selectedNodeId: smallId,
    numClaimedComputeUnits: u64Layout,
    userRefundAmount: u64Layout,
  }),
  NewKeyRotationEvent: bcs.struct('NewKeyRotationEvent', {
    keyRotationCounter: u64Layout,
    epoch: u64Layout,
    nonce: u64Layout,
  }),
  /** The name is misspelt on chain. */
  NodePublicKeyCommittmentEvent: bcs.struct('NodePublicKeyCommittmentEvent', {
    epoch: u64Layout,
    keyRotationCounter: u64Layout,
    nodeId: smallId,
    newPublicKey: bytes,
    deviceType: u16,
    evidenceBytes: bytes,
  }),
} as const;

/** Name of a G2 event. */
export type G2EventName = keyof typeof G2_EVENTS;
