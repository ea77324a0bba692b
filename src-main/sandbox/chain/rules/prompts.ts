/** Sending a prompt of the dormant flow: an echelon is drawn, nodes of it are drawn, the fee is taken, a ticket is made (protocol.md 2.5, 2.6, 5.10). */
import { u64 } from '../../../../src-shared/atoma/index.ts';
import type { LegacyEventFields } from '../../../../src-shared/atoma/index.ts';
import { drawEchelon, drawNodes, withEchelonNodes } from './echelon-nodes.ts';
import { abortWith, effect, ensure, entryOf, take } from './outcome.ts';
import type { Effect, PromptEvent, RuleContext } from './outcome.ts';
import type { EchelonRecord, PromptTicket, World } from './world.ts';

const GATE_BASE = 312_012_100n;
const TOO_MANY_NODES = 1n;
const MODALITY_MISMATCH = 2n;
const SETTLEMENT_BASE = 312_012_200n;
const MUST_HAVE_NODES = 6n;
const CROSS_VALIDATION_FOR_ONE_NODE = 7n;
const MAX_NODES = 256n;
const PERMILLE = 1_000n;

type Params<K extends 'Text2TextPromptEvent' | 'Text2ImagePromptEvent'> = LegacyEventFields[K]['params'];

/** A prompt, its fee caps in base units, and who pays. `nodes` null asks for one node and a chance of cross validation. */
export interface PromptRequest {
  /** Object id that the new ticket gets. */
  readonly ticketId: string;
  readonly prompt:
    | { readonly kind: 'text'; readonly params: Params<'Text2TextPromptEvent'> }
    | { readonly kind: 'image'; readonly params: Params<'Text2ImagePromptEvent'> };
  readonly maxInputFee: bigint;
  readonly maxOutputFee: bigint;
  readonly nodes: bigint | null;
  readonly outputDestination: Uint8Array;
  readonly walletAmount: bigint;
}

/** How much is paid for at most: for a text its bytes and tokens, and the tokens to come; for images the prompt's bytes, and the images. */
const countsOf = ({ prompt }: PromptRequest): { readonly input: bigint; readonly output: bigint } =>
  prompt.kind === 'text'
    ? {
        input: BigInt(prompt.params.prePromptTokens.length + prompt.params.prompt.length),
        output: prompt.params.maxTokens,
      }
    : { input: BigInt(prompt.params.prompt.length), output: prompt.params.numSamples };

/** The fee taken in advance: of every node asked for, or of one and the share of the extra ones that is their due on average. */
const feeOf = (world: World, echelon: EchelonRecord, request: PromptRequest): bigint => {
  const counts = countsOf(request);
  const perNode = u64.add(
    u64.mul(echelon.inputFeePerToken, counts.input),
    u64.mul(echelon.outputFeePerToken, counts.output),
  );
  if (request.nodes !== null) return u64.mul(request.nodes, perNode);
  const { crossValidationExtraNodesCount: extra, crossValidationProbabilityPermille: chance } = world.settings;
  return u64.add(perNode, u64.mul(u64.mul(extra, perNode), chance) / PERMILLE);
};

/** The new ticket. Aborts: `settlement` 6 without nodes, 7 for cross validation of more than one. */
const ticketOf = (
  world: World,
  context: RuleContext,
  request: PromptRequest,
  made: { readonly echelon: EchelonRecord; readonly nodes: readonly bigint[]; readonly fee: bigint },
): PromptTicket => {
  if (made.nodes.length === 0) abortWith('atoma::settlement', SETTLEMENT_BASE + MUST_HAVE_NODES);
  const crossed = request.nodes === null;
  if (crossed && made.nodes.length !== 1)
    abortWith('atoma::settlement', SETTLEMENT_BASE + CROSS_VALIDATION_FOR_ONE_NODE);
  return {
    model: request.prompt.params.model,
    echelon: made.echelon.id,
    all: made.nodes,
    completed: [],
    merkleRoot: new Uint8Array(),
    merkleLeaves: new Uint8Array(),
    inputFeePerToken: made.echelon.inputFeePerToken,
    outputFeePerToken: made.echelon.outputFeePerToken,
    collectedFee: made.fee,
    payer: context.sender,
    inputTokens: null,
    outputTokens: null,
    isDisputed: false,
    tokenCountsDisputedBy: null,
    timeout: {
      timedOutCount: 0n,
      timeoutMs: made.echelon.settlementTimeoutMs,
      startedInEpoch: context.epoch,
      startedAtEpochTimestampMs: context.epochStartMs,
    },
    crossValidation: crossed
      ? {
          probabilityPermille: world.settings.crossValidationProbabilityPermille,
          howManyExtraNodes: world.settings.crossValidationExtraNodesCount,
        }
      : null,
  };
};

const sentEvent = (request: PromptRequest, chunksCount: bigint, nodes: readonly bigint[]): PromptEvent => {
  const { ticketId, outputDestination, prompt } = request;
  const told = { ticketId, chunksCount, nodes: [...nodes], outputDestination };
  return prompt.kind === 'text'
    ? { name: 'Text2TextPromptEvent', fields: { ...told, params: prompt.params } }
    : { name: 'Text2ImagePromptEvent', fields: { ...told, params: prompt.params } };
};

/** Sends a prompt. Aborts in this order: `dynamic_field` 1, `gate` 2, 1 (db), `gate` 1, `gate` 0, 14 (db), arithmetic, `balance` 2, `settlement` 6, 7. */
export const sendPrompt = (world: World, context: RuleContext, request: PromptRequest): Effect => {
  const name = request.prompt.params.model;
  const model = entryOf(world.models, name);
  if (model.modality !== (request.prompt.kind === 'text' ? 0n : 1n))
    abortWith('atoma::gate', GATE_BASE + MODALITY_MISMATCH);
  ensure(!model.isDisabled, 1);
  const count = request.nodes ?? 1n;
  if (count > MAX_NODES) abortWith('atoma::gate', GATE_BASE + TOO_MANY_NODES);
  const echelon = drawEchelon(model.echelons, { ...request, nodes: count }, context.draws);
  const list = [...echelon.nodes];
  const nodes = drawNodes(world, list, count, context.draws);
  const fee = feeOf(world, echelon, request);
  take(request.walletAmount, fee);
  const ticket = ticketOf(world, context, request, { echelon, nodes, fee });
  const extra = world.settings.crossValidationExtraNodesCount;
  const chunks = request.nodes === null ? u64.add(1n, extra) : BigInt(nodes.length);
  return effect(
    {
      ...withEchelonNodes(world, name, echelon.id, list),
      feeTreasury: u64.add(world.feeTreasury, fee),
      prompts: new Map(world.prompts).set(request.ticketId, ticket),
    },
    { charge: fee, promptEvents: [sentEvent(request, chunks, nodes)] },
  );
};
