/** The contract's records as BCS contents and back, in the layouts of their generation (protocol.md 4.1). */
import { atomaDbType } from '../../../../src-shared/atoma/index.ts';
import type { ObjectLayouts } from '../../../../src-shared/atoma/index.ts';
import type { KeyCommitment, NodeRecord, Offer, StackRecord, TaskRecord, TicketRecord, World } from '../rules/index.ts';
import type { ObjectDraft } from './chain-object.ts';
import { contractAt } from './deployment.ts';
import type { Deployment } from './deployment.ts';

/** NodeEntry. */
export const nodeContents = (layouts: ObjectLayouts, node: NodeRecord): Uint8Array =>
  layouts.NodeEntry.serialize({
    wasDisabledInEpoch: node.disabledInEpoch,
    collateral: node.collateral,
    lastFeeEpoch: node.lastFeeEpoch,
    lastFeeEpochAmount: node.lastFeeEpochAmount,
    availableFeeAmount: node.availableFeeAmount,
    reputationScore: node.reputation,
    confidentialComputeLastRotationCounter: node.keyCommitment?.counter ?? null,
    confidentialComputeLastUpdatedEpoch: node.keyCommitment?.epoch ?? null,
    confidentialComputePublicKeyCommitment: node.keyCommitment?.publicKey ?? null,
    confidentialComputeDeviceTypes: [...(node.keyCommitment?.deviceTypes ?? [])],
  }).toBytes();

/** What a NodeEntry does not hold: the marks on the node's badge. */
export type BadgeMarks = Pick<NodeRecord, 'subscriptions' | 'models'>;

/** NodeEntry read back; subscriptions and models are fields of the badge and come from there. */
export const nodeFromContents = (layouts: ObjectLayouts, bytes: Uint8Array, marks: BadgeMarks): NodeRecord => {
  const entry = layouts.NodeEntry.parse(bytes);
  const { confidentialComputeLastRotationCounter: counter, confidentialComputeLastUpdatedEpoch: epoch } = entry;
  const publicKey = entry.confidentialComputePublicKeyCommitment;
  const keyCommitment: KeyCommitment | null =
    counter === null || epoch === null || publicKey === null
      ? null
      : { counter, epoch, publicKey, deviceTypes: entry.confidentialComputeDeviceTypes };
  return {
    disabledInEpoch: entry.wasDisabledInEpoch,
    collateral: entry.collateral,
    lastFeeEpoch: entry.lastFeeEpoch,
    lastFeeEpochAmount: entry.lastFeeEpochAmount,
    availableFeeAmount: entry.availableFeeAmount,
    reputation: entry.reputationScore,
    ...marks,
    keyCommitment,
  };
};

/** NodePriceData. */
export const offerContents = (layouts: ObjectLayouts, node: bigint, offer: Offer): Uint8Array =>
  layouts.NodePriceData.serialize({ nodeId: node, price: offer.price, maxNumComputeUnits: offer.maxUnits }).toBytes();

/** Task, with the ids of its own object and tables. */
export const taskContents = (
  layouts: ObjectLayouts,
  task: TaskRecord,
  place: { readonly id: string; readonly offers: string; readonly nodeList: string },
): Uint8Array =>
  layouts.Task.serialize({
    id: place.id,
    role: task.role,
    modelName: task.modelName,
    isDeprecated: task.deprecatedAtEpoch !== null,
    deprecatedAtEpoch: task.deprecatedAtEpoch,
    securityLevel: task.security,
    subscribedNodes: { id: place.offers, size: BigInt(task.offers.size) },
    subscribedNodesSmallIds: { id: place.nodeList, size: BigInt(task.nodeList.length) },
    minimumReputationScore: task.minimumReputation,
    isPublic: task.isPublic,
    whitelistedNodes: [...task.whitelist],
  }).toBytes();

/** Stack. */
export const stackContents = (layouts: ObjectLayouts, stack: StackRecord): Uint8Array =>
  layouts.Stack.serialize({
    owner: stack.owner,
    price: stack.price,
    numComputeUnits: stack.units,
    selectedNodeId: stack.selectedNode,
    taskSmallId: stack.task,
    isClaimed: stack.isClaimed,
  }).toBytes();

/** Stack read back. */
export const stackFromContents = (layouts: ObjectLayouts, bytes: Uint8Array): StackRecord => {
  const stack = layouts.Stack.parse(bytes);
  return {
    owner: stack.owner,
    price: stack.price,
    units: stack.numComputeUnits,
    selectedNode: stack.selectedNodeId,
    task: stack.taskSmallId,
    isClaimed: stack.isClaimed,
  };
};

/** StackSettlementTicket. */
export const ticketContents = (layouts: ObjectLayouts, id: string, stack: bigint, ticket: TicketRecord): Uint8Array =>
  layouts.StackSettlementTicket.serialize({
    id,
    stackSmallId: stack,
    selectedNodeId: ticket.selectedNode,
    numClaimedComputeUnits: ticket.claimedUnits,
    requestedAttestationNodes: [...ticket.requested],
    disputeSettledAtEpoch: ticket.disputeSettledAtEpoch,
    committedStackProof: ticket.proof,
    stackMerkleLeavesVector: ticket.leaves,
    alreadyAttestedNodes: [...ticket.attested],
    isInDispute: ticket.inDispute,
  }).toBytes();

/** StackSettlementTicket read back. */
export const ticketFromContents = (layouts: ObjectLayouts, bytes: Uint8Array): TicketRecord => {
  const ticket = layouts.StackSettlementTicket.parse(bytes);
  return {
    selectedNode: ticket.selectedNodeId,
    claimedUnits: ticket.numClaimedComputeUnits,
    requested: ticket.requestedAttestationNodes,
    disputeSettledAtEpoch: ticket.disputeSettledAtEpoch,
    proof: ticket.committedStackProof,
    leaves: ticket.stackMerkleLeavesVector,
    attested: ticket.alreadyAttestedNodes,
    inDispute: ticket.isInDispute,
  };
};

const sized = (id: string, map: { readonly size: number }) => ({ id, size: BigInt(map.size) });

/** The shared AtomaDb object. Its owner's initial version is filled in by genesis and kept by every later write. */
export const databaseContents = (deployment: Deployment, world: World): ObjectDraft => ({
  id: deployment.atomaDbId,
  type: atomaDbType(deployment.packageId),
  owner: { kind: 'shared', initialVersion: 1n },
  contents: contractAt(deployment)
    .objects.AtomaDb.serialize({
      id: deployment.atomaDbId,
      tickets: deployment.tables.tickets,
      nextNodeSmallId: world.nextNode,
      nextTaskSmallId: world.nextTask,
      nextStackSmallId: world.nextStack,
      nodes: sized(deployment.tables.nodes, world.nodes),
      models: sized(deployment.tables.models, world.models),
      tasks: sized(deployment.tables.tasks, world.tasks),
      stacks: sized(deployment.tables.stacks, world.stacks),
      stackSettlementTickets: sized(deployment.tables.stackSettlementTickets, world.tickets),
      feeTreasury: world.feeTreasury,
      communalTreasury: world.communalTreasury,
      crossValidationProbabilityPermille: world.settings.crossValidationProbabilityPermille,
      crossValidationExtraNodesCount: world.settings.crossValidationExtraNodesCount,
      samplingConsensusChargePermille: world.settings.samplingConsensusChargePermille,
      crossValidationExtraNodesChargePermille: world.settings.crossValidationExtraNodesChargePermille,
      keyRotationCounter: world.keyRotation.counter,
      nonce: world.keyRotation.nonce,
      isRegistrationDisabled: world.settings.isRegistrationDisabled,
      registrationCollateralInProtocolToken: world.settings.registrationCollateral,
      permilleToSlashNodeOnTimeout: world.settings.slashOnTimeoutPermille,
      permilleForOracleOnDispute: world.settings.oracleOnDisputePermille,
      permilleForHonestNodesOnDispute: world.settings.honestNodesOnDisputePermille,
    })
    .toBytes(),
});
