/** The tickets of the dormant prompt flow as objects, and its events: dynamic object fields of AtomaDb's `tickets` with the prompt's parameters as a field of their own (protocol.md 3, 4.1). */
import { normalizeSuiAddress } from '@mysten/sui/utils';
import {
  IMAGE_PROMPT,
  LEGACY_EVENTS,
  LEGACY_TICKET,
  TEXT_PROMPT,
  legacyEventModule,
} from '../../../../src-shared/atoma/index.ts';
import type { PromptEvent, PromptTicket, World } from '../rules/index.ts';
import type { ObjectDraft } from './chain-object.ts';
import type { Deployment } from './deployment.ts';
import { textKeyType } from './model-contents.ts';
import type { ObjectStore } from './object-store.ts';
import type { Target } from './projection.ts';
import type { ChainEvent } from './runtime.ts';
import { fieldDraft, objectFieldDrafts, objectFieldId } from './table-fields.ts';

const struct = ({ packageId }: Deployment, module: string, name: string): string =>
  `${normalizeSuiAddress(packageId)}::${module}::${name}`;

const shape = (deployment: Deployment) => ({
  parent: deployment.tables.tickets,
  keyType: `${normalizeSuiAddress('0x2')}::object::ID`,
  valueType: struct(deployment, 'settlement', 'SettlementTicket'),
});

const contentsOf = (id: string, ticket: PromptTicket): Uint8Array =>
  LEGACY_TICKET.serialize({
    id,
    modelName: ticket.model,
    echelonId: ticket.echelon,
    all: [...ticket.all],
    completed: [...ticket.completed],
    merkleRoot: ticket.merkleRoot,
    merkleLeaves: ticket.merkleLeaves,
    inputFeePerToken: ticket.inputFeePerToken,
    outputFeePerToken: ticket.outputFeePerToken,
    collectedFeeInProtocolToken: ticket.collectedFee,
    payer: ticket.payer,
    inputTokensCount: ticket.inputTokens,
    outputTokensCount: ticket.outputTokens,
    isBeingDisputed: ticket.isDisputed,
    tokenCountsDisputedBy: ticket.tokenCountsDisputedBy,
    timeout: ticket.timeout,
    crossValidation: ticket.crossValidation,
  }).toBytes();

const ticketFrom = (contents: Uint8Array): PromptTicket => {
  const ticket = LEGACY_TICKET.parse(contents);
  return {
    model: ticket.modelName,
    echelon: ticket.echelonId,
    all: ticket.all,
    completed: ticket.completed,
    merkleRoot: ticket.merkleRoot,
    merkleLeaves: ticket.merkleLeaves,
    inputFeePerToken: ticket.inputFeePerToken,
    outputFeePerToken: ticket.outputFeePerToken,
    collectedFee: ticket.collectedFeeInProtocolToken,
    payer: ticket.payer,
    inputTokens: ticket.inputTokensCount,
    outputTokens: ticket.outputTokensCount,
    isDisputed: ticket.isBeingDisputed,
    tokenCountsDisputedBy: ticket.tokenCountsDisputedBy,
    timeout: ticket.timeout,
    crossValidation: ticket.crossValidation,
  };
};

/** Writes every ticket that differs. A settled ticket's parameters stay, filed under nothing, as on chain. */
export const projectPrompts = (deployment: Deployment, before: World, after: World, target: Target): void => {
  if (before.prompts === after.prompts) return;
  const tickets = shape(deployment);
  for (const [id, ticket] of after.prompts) {
    if (before.prompts.get(id) === ticket) continue;
    for (const draft of objectFieldDrafts(tickets, { id }, id, contentsOf(id, ticket))) target.put(draft);
  }
  for (const id of before.prompts.keys()) {
    if (after.prompts.has(id)) continue;
    target.remove(objectFieldId(tickets.parent, tickets.keyType, { id }));
    target.remove(id);
  }
};

/** Reads the tickets back, in the order of their ids. Throws when one is missing or does not parse. */
export const readPrompts = (store: ObjectStore, deployment: Deployment): World['prompts'] => {
  const UID_BYTES = 32;
  const ids = [...store.ownedBy('object', deployment.tables.tickets)].map(
    ({ contents }) => `0x${Buffer.from(contents.slice(UID_BYTES, 2 * UID_BYTES)).toString('hex')}`,
  );
  return new Map(
    ids.sort().map((id) => {
      const contents = store.get(id)?.contents;
      if (!contents) throw new Error(`child object ${id} is missing`);
      return [id, ticketFrom(contents)];
    }),
  );
};

/** The parameters of a prompt that was sent, filed on its ticket under `params`; null for any other event. */
export const paramsDraft = (deployment: Deployment, event: PromptEvent): ObjectDraft | null => {
  const place = (name: string) => ({
    parent: 'ticketId' in event.fields ? event.fields.ticketId : '',
    keyType: textKeyType,
    valueType: struct(deployment, 'gate', name),
  });
  if (event.name === 'Text2TextPromptEvent')
    return fieldDraft(place('Text2TextPromptParams'), 'params', TEXT_PROMPT.serialize(event.fields.params).toBytes());
  if (event.name === 'Text2ImagePromptEvent')
    return fieldDraft(place('Text2ImagePromptParams'), 'params', IMAGE_PROMPT.serialize(event.fields.params).toBytes());
  return null;
};

/** An event of the flow as the chain keeps it: under the module that the transaction called, of a type of the module that has it. */
export const promptEvent = (
  deployment: Deployment,
  call: { readonly sender: string; readonly module: string },
  event: PromptEvent,
): ChainEvent => {
  const layout = LEGACY_EVENTS[event.name] as unknown as {
    serialize: (fields: object) => { toBytes: () => Uint8Array };
  };
  return {
    packageId: deployment.packageId,
    ...call,
    type: struct(deployment, legacyEventModule(event.name), event.name),
    contents: layout.serialize(event.fields).toBytes(),
  };
};
