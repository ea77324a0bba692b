/** BCS layouts of the G2 contract's objects and table values in field order: G1's with prices per million, private tasks, direct claims and key commitments (protocol.md 4.1). */
import { bcs } from '@mysten/sui/bcs';
import { G1_OBJECTS } from './g1-objects.ts';
import { address, bool, bytes, option, smallId, table, text, u16, u64Layout, u8 } from './primitives.ts';

/** Layouts of G2; those that are not named here are the same as in G1. */
export const G2_OBJECTS = {
  ...G1_OBJECTS,
  Task: bcs.struct('Task', {
    id: address,
    role: u16,
    modelName: option(text),
    isDeprecated: bool,
    deprecatedAtEpoch: option(u64Layout),
    securityLevel: u16,
    subscribedNodes: table,
    subscribedNodesSmallIds: table,
    minimumReputationScore: u8,
    isPublic: bool,
    whitelistedNodes: bcs.vector(smallId),
  }),
  NodePriceData: bcs.struct('NodePriceData', {
    nodeId: smallId,
    pricePerOneMillionComputeUnits: u64Layout,
    maxNumComputeUnits: u64Layout,
  }),
  Stack: bcs.struct('Stack', {
    owner: address,
    pricePerOneMillionComputeUnits: u64Layout,
    numComputeUnits: u64Layout,
    selectedNodeId: smallId,
    taskSmallId: smallId,
    /** Set by the direct claim, which keeps the stack. */
    isClaimed: bool,
  }),
  NodeEntry: bcs.struct('NodeEntry', {
    wasDisabledInEpoch: option(u64Layout),
    collateral: u64Layout,
    lastFeeEpoch: u64Layout,
    lastFeeEpochAmount: u64Layout,
    availableFeeAmount: u64Layout,
    reputationScore: u8,
    confidentialComputeLastRotationCounter: option(u64Layout),
    confidentialComputeLastUpdatedEpoch: option(u64Layout),
    confidentialComputePublicKeyCommitment: option(bytes),
    confidentialComputeDeviceTypes: bcs.vector(u16),
  }),
  AtomaDb: bcs.struct('AtomaDb', {
    id: address,
    tickets: address,
    nextNodeSmallId: smallId,
    nextTaskSmallId: smallId,
    nextStackSmallId: smallId,
    nodes: table,
    models: table,
    tasks: table,
    stacks: table,
    stackSettlementTickets: table,
    feeTreasury: u64Layout,
    communalTreasury: u64Layout,
    crossValidationProbabilityPermille: u64Layout,
    crossValidationExtraNodesCount: u64Layout,
    samplingConsensusChargePermille: u64Layout,
    crossValidationExtraNodesChargePermille: u64Layout,
    keyRotationCounter: u64Layout,
    nonce: u64Layout,
    isRegistrationDisabled: bool,
    registrationCollateralInProtocolToken: u64Layout,
    permilleToSlashNodeOnTimeout: u64Layout,
    permilleForOracleOnDispute: u64Layout,
    permilleForHonestNodesOnDispute: u64Layout,
  }),
} as const;
