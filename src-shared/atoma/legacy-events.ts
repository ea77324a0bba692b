/** BCS layouts of what the dormant prompt flow says and keeps: events of `gate` and `settlement`, prompt parameters, the settlement ticket (protocol.md 3, legacy events; 4.1, AtomaDb.tickets). The same in both generations. */
import { bcs } from '@mysten/sui/bcs';
import { address, bool, bytes, option, smallId, text, u64Layout } from './primitives.ts';

const u32 = bcs.u32();
const nodes = bcs.vector(smallId);

/** Parameters of a text prompt; its 32-bit numbers but the tokens are the bits of floating point numbers. */
export const TEXT_PROMPT = bcs.struct('Text2TextPromptParams', {
  maxTokens: u64Layout,
  model: text,
  prePromptTokens: bcs.vector(u32),
  prependOutputWithInput: bool,
  prompt: bytes,
  randomSeed: u64Layout,
  repeatLastN: u64Layout,
  repeatPenalty: u32,
  shouldStreamOutput: bool,
  temperature: u32,
  topK: u64Layout,
  topP: u32,
});

/** Parameters of an image prompt. */
export const IMAGE_PROMPT = bcs.struct('Text2ImagePromptParams', {
  guidanceScale: u32,
  height: u64Layout,
  img2img: option(bytes),
  img2imgStrength: u32,
  model: text,
  nSteps: u64Layout,
  numSamples: u64Layout,
  outputDestination: bytes,
  prompt: bytes,
  randomSeed: u64Layout,
  uncondPrompt: bytes,
  width: u64Layout,
});

const timeout = bcs.struct('TimeoutInfo', {
  timedOutCount: u64Layout,
  timeoutMs: u64Layout,
  startedInEpoch: u64Layout,
  startedAtEpochTimestampMs: u64Layout,
});
const sent = { chunksCount: u64Layout, nodes, outputDestination: bytes };

/** Layouts by event name. */
export const LEGACY_EVENTS = {
  Text2TextPromptEvent: bcs.struct('Text2TextPromptEvent', { ticketId: address, params: TEXT_PROMPT, ...sent }),
  Text2ImagePromptEvent: bcs.struct('Text2ImagePromptEvent', { ticketId: address, params: IMAGE_PROMPT, ...sent }),
  FirstSubmissionEvent: bcs.struct('FirstSubmissionEvent', { ticketId: address, nodeId: smallId }),
  /** Without a timeout an oracle may settle at once; with one, others may still commit. */
  DisputeEvent: bcs.struct('DisputeEvent', { ticketId: address, timeout: option(timeout) }),
  NewlySampledNodesEvent: bcs.struct('NewlySampledNodesEvent', {
    ticketId: address,
    newNodes: bcs.vector(bcs.struct('MapNodeToChunk', { nodeId: smallId, order: u64Layout })),
  }),
  SettledEvent: bcs.struct('SettledEvent', { ticketId: address, oracleNodeId: option(smallId) }),
  RetrySettlementEvent: bcs.struct('RetrySettlementEvent', {
    ticketId: address,
    howManyNodesInEchelon: u64Layout,
  }),
} as const;

/** Name of an event of the prompt flow. */
export type LegacyEventName = keyof typeof LEGACY_EVENTS;
/** Fields of an event by its name. */
export type LegacyEventFields = { [K in LegacyEventName]: (typeof LEGACY_EVENTS)[K]['$inferType'] };

/** The module that emits an event. */
export const legacyEventModule = (name: LegacyEventName): 'gate' | 'settlement' =>
  name === 'Text2TextPromptEvent' || name === 'Text2ImagePromptEvent' ? 'gate' : 'settlement';

/** `settlement::SettlementTicket`, a dynamic object field of AtomaDb's `tickets` under its own id. */
export const LEGACY_TICKET = bcs.struct('SettlementTicket', {
  id: address,
  modelName: text,
  echelonId: u64Layout,
  all: nodes,
  completed: nodes,
  merkleRoot: bytes,
  merkleLeaves: bytes,
  inputFeePerToken: u64Layout,
  outputFeePerToken: u64Layout,
  collectedFeeInProtocolToken: u64Layout,
  payer: address,
  inputTokensCount: option(u64Layout),
  outputTokensCount: option(u64Layout),
  isBeingDisputed: bool,
  tokenCountsDisputedBy: option(smallId),
  timeout,
  crossValidation: option(
    bcs.struct('CrossValidation', { probabilityPermille: u64Layout, howManyExtraNodes: u64Layout }),
  ),
});
