/** BCS layouts of the G1 contract's objects, table values and dynamic fields, in field order (protocol.md 4.1). */
import { bcs } from '@mysten/sui/bcs';
import type { BcsType } from '@mysten/sui/bcs';
import { address, bool, bytes, option, smallId, table, text, u16, u64Layout, u8 } from './primitives.ts';

/** A badge: NodeBadge, TaskBadge and StackBadge have the same shape. */
const badge = bcs.struct('Badge', { id: address, smallId });

const task = bcs.struct('Task', {
  id: address,
  role: u16,
  modelName: option(text),
  isDeprecated: bool,
  deprecatedAtEpoch: option(u64Layout),
  securityLevel: u16,
  subscribedNodes: table,
  subscribedNodesSmallIds: table,
  minimumReputationScore: u8,
});

const nodePriceData = bcs.struct('NodePriceData', {
  nodeId: smallId,
  pricePerComputeUnit: u64Layout,
  maxNumComputeUnits: u64Layout,
});

const stack = bcs.struct('Stack', {
  owner: address,
  price: u64Layout,
  numComputeUnits: u64Layout,
  selectedNodeId: smallId,
  taskSmallId: smallId,
});

const stackSettlementTicket = bcs.struct('StackSettlementTicket', {
  id: address,
  stackSmallId: smallId,
  selectedNodeId: smallId,
  numClaimedComputeUnits: u64Layout,
  requestedAttestationNodes: bcs.vector(smallId),
  disputeSettledAtEpoch: u64Layout,
  committedStackProof: bytes,
  stackMerkleLeavesVector: bytes,
  alreadyAttestedNodes: bcs.vector(smallId),
  isInDispute: bool,
});

const nodeEntry = bcs.struct('NodeEntry', {
  wasDisabledInEpoch: option(u64Layout),
  collateral: u64Layout,
  lastFeeEpoch: u64Layout,
  lastFeeEpochAmount: u64Layout,
  availableFeeAmount: u64Layout,
  reputationScore: u8,
});

const atomaDb = bcs.struct('AtomaDb', {
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
  isRegistrationDisabled: bool,
  registrationCollateralInProtocolToken: u64Layout,
  permilleToSlashNodeOnTimeout: u64Layout,
  permilleForOracleOnDispute: u64Layout,
  permilleForHonestNodesOnDispute: u64Layout,
});

/** Layouts of G1; small ids, balances and amounts come out as bigint, ids as 0x strings. */
export const G1_OBJECTS = {
  AtomaManagerBadge: bcs.struct('AtomaManagerBadge', { id: address }),
  NodeBadge: badge,
  TaskBadge: badge,
  StackBadge: badge,
  Task: task,
  NodePriceData: nodePriceData,
  Stack: stack,
  StackSettlementTicket: stackSettlementTicket,
  NodeEntry: nodeEntry,
  AtomaDb: atomaDb,
  Coin: bcs.struct('Coin', { id: address, balance: u64Layout }),
  NodeSmallId: smallId,
  TaskSmallId: smallId,
  StackSmallId: smallId,
} as const;

/** The object behind a dynamic field, `Field<Name, Value> { id, name, value }`; an ObjectTable's link has the child's id as value. */
export const fieldLayout = <N, NI, V, VI>(name: BcsType<N, NI>, value: BcsType<V, VI>) =>
  bcs.struct('Field', { id: address, name, value });
