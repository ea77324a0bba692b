/** The contract's records as BCS contents and back (layouts of protocol.md 4.1). */
import { G1_OBJECTS, atomaDbType } from '../../../../src-shared/atoma/index.ts';
import type { NodeRecord, Offer, StackRecord, TaskRecord, TicketRecord, World } from '../rules/index.ts';
import type { ObjectDraft } from './chain-object.ts';
import type { Deployment } from './deployment.ts';

/** NodeEntry. */
export const nodeContents = (node: NodeRecord): Uint8Array =>
  G1_OBJECTS.NodeEntry.serialize({
    wasDisabledInEpoch: node.disabledInEpoch,
    collateral: node.collateral,
    lastFeeEpoch: node.lastFeeEpoch,
    lastFeeEpochAmount: node.lastFeeEpochAmount,
    availableFeeAmount: node.availableFeeAmount,
    reputationScore: node.reputation,
  }).toBytes();

/** NodeEntry read back; subscriptions are fields of the badge and come from there. */
export const nodeFromContents = (bytes: Uint8Array, subscriptions: ReadonlySet<bigint>): NodeRecord => {
  const entry = G1_OBJECTS.NodeEntry.parse(bytes);
  return {
    disabledInEpoch: entry.wasDisabledInEpoch,
    collateral: entry.collateral,
    lastFeeEpoch: entry.lastFeeEpoch,
    lastFeeEpochAmount: entry.lastFeeEpochAmount,
    availableFeeAmount: entry.availableFeeAmount,
    reputation: entry.reputationScore,
    subscriptions,
    keyCommitment: null,
  };
};

/** NodePriceData. */
export const offerContents = (node: bigint, offer: Offer): Uint8Array =>
  G1_OBJECTS.NodePriceData.serialize({
    nodeId: node,
    pricePerComputeUnit: offer.price,
    maxNumComputeUnits: offer.maxUnits,
  }).toBytes();

/** Task, with the ids of its own object and tables. */
export const taskContents = (
  task: TaskRecord,
  place: { readonly id: string; readonly offers: string; readonly nodeList: string },
): Uint8Array =>
  G1_OBJECTS.Task.serialize({
    id: place.id,
    role: task.role,
    modelName: task.modelName,
    isDeprecated: task.deprecatedAtEpoch !== null,
    deprecatedAtEpoch: task.deprecatedAtEpoch,
    securityLevel: task.security,
    subscribedNodes: { id: place.offers, size: BigInt(task.offers.size) },
    subscribedNodesSmallIds: { id: place.nodeList, size: BigInt(task.nodeList.length) },
    minimumReputationScore: task.minimumReputation,
  }).toBytes();

/** Stack. */
export const stackContents = (stack: StackRecord): Uint8Array =>
  G1_OBJECTS.Stack.serialize({
    owner: stack.owner,
    price: stack.price,
    numComputeUnits: stack.units,
    selectedNodeId: stack.selectedNode,
    taskSmallId: stack.task,
  }).toBytes();

/** Stack read back. */
export const stackFromContents = (bytes: Uint8Array): StackRecord => {
  const stack = G1_OBJECTS.Stack.parse(bytes);
  return {
    owner: stack.owner,
    price: stack.price,
    units: stack.numComputeUnits,
    selectedNode: stack.selectedNodeId,
    task: stack.taskSmallId,
    isClaimed: false,
  };
};

/** StackSettlementTicket. */
export const ticketContents = (id: string, stack: bigint, ticket: TicketRecord): Uint8Array =>
  G1_OBJECTS.StackSettlementTicket.serialize({
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
export const ticketFromContents = (bytes: Uint8Array): TicketRecord => {
  const ticket = G1_OBJECTS.StackSettlementTicket.parse(bytes);
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

const sized = (id: string, map: ReadonlyMap<bigint, unknown>) => ({ id, size: BigInt(map.size) });

/** The shared AtomaDb object. Its owner's initial version is filled in by genesis and kept by every later write. */
export const databaseContents = (deployment: Deployment, world: World): ObjectDraft => ({
  id: deployment.atomaDbId,
  type: atomaDbType(deployment.packageId),
  owner: { kind: 'shared', initialVersion: 1n },
  contents: G1_OBJECTS.AtomaDb.serialize({
    id: deployment.atomaDbId,
    tickets: deployment.tables.tickets,
    nextNodeSmallId: world.nextNode,
    nextTaskSmallId: world.nextTask,
    nextStackSmallId: world.nextStack,
    nodes: sized(deployment.tables.nodes, world.nodes),
    models: { id: deployment.tables.models, size: 0n },
    tasks: sized(deployment.tables.tasks, world.tasks),
    stacks: sized(deployment.tables.stacks, world.stacks),
    stackSettlementTickets: sized(deployment.tables.stackSettlementTickets, world.tickets),
    feeTreasury: world.feeTreasury,
    communalTreasury: world.communalTreasury,
    crossValidationProbabilityPermille: world.settings.crossValidationProbabilityPermille,
    crossValidationExtraNodesCount: world.settings.crossValidationExtraNodesCount,
    samplingConsensusChargePermille: world.settings.samplingConsensusChargePermille,
    crossValidationExtraNodesChargePermille: world.settings.crossValidationExtraNodesChargePermille,
    isRegistrationDisabled: world.settings.isRegistrationDisabled,
    registrationCollateralInProtocolToken: world.settings.registrationCollateral,
    permilleToSlashNodeOnTimeout: world.settings.slashOnTimeoutPermille,
    permilleForOracleOnDispute: world.settings.oracleOnDisputePermille,
    permilleForHonestNodesOnDispute: world.settings.honestNodesOnDisputePermille,
  }).toBytes(),
});
