/** Reads the contract's state back out of the objects, so that the objects are the only durable copy of it. */
import { nodeBadgeType, u64Layout } from '../../../../src-shared/atoma/index.ts';
import type { ObjectLayouts } from '../../../../src-shared/atoma/index.ts';
import { idMapOf } from '../rules/index.ts';
import type { NodeRecord, Offer, TaskRecord, TicketRecord, World } from '../rules/index.ts';
import { contractAt } from './deployment.ts';
import type { Deployment, ObjectIndex } from './deployment.ts';
import { readModels, textKeyType } from './model-contents.ts';
import type { ObjectStore } from './object-store.ts';
import { readPrompts } from './prompt-contents.ts';
import { splitField, splitTextField } from './table-fields.ts';
import { nodeFromContents, stackFromContents, ticketFromContents } from './world-contents.ts';
import type { BadgeMarks } from './world-contents.ts';

const entries = (store: ObjectStore, parent: string): { readonly key: bigint; readonly value: Uint8Array }[] =>
  [...store.ownedBy('object', parent)]
    .map((field) => splitField(field.contents))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

/** Children of an ObjectTable: key, id and contents. */
const children = (store: ObjectStore, parent: string) =>
  entries(store, parent).map(({ key, value }) => {
    const id = `0x${Buffer.from(value).toString('hex')}`;
    const child = store.get(id);
    if (!child) throw new Error(`child object ${id} is missing`);
    return { key, id, contents: child.contents };
  });

const readBadges = (store: ObjectStore, deployment: Deployment): Map<bigint, string> => {
  const type = nodeBadgeType(deployment.packageId);
  const badges = new Map<bigint, string>();
  for (const object of store.all()) {
    if (object.type === type)
      badges.set(contractAt(deployment).objects.NodeBadge.parse(object.contents).smallId, object.id);
  }
  return badges;
};

/** The marks on a badge, told apart by the type of their key. */
const readMarks = (store: ObjectStore, badge: string): BadgeMarks => {
  const fields = [...store.ownedBy('object', badge)];
  const isModel = ({ type }: { readonly type: string }): boolean => type.includes(`<${textKeyType},`);
  const tasks = fields.filter((field) => !isModel(field)).map((field) => splitField(field.contents).key);
  const models = fields.filter(isModel).map((field) => splitTextField(field.contents));
  return {
    subscriptions: new Set(tasks.sort((a, b) => (a < b ? -1 : 1))),
    models: new Map(models.map(({ key, value }) => [key, u64Layout.parse(value)])),
  };
};

const unmarked: BadgeMarks = { subscriptions: new Set(), models: new Map() };

const readNodes = (store: ObjectStore, deployment: Deployment, badges: ReadonlyMap<bigint, string>) => {
  const layouts = contractAt(deployment).objects;
  const nodes = new Map<bigint, NodeRecord>();
  for (const { key, value } of entries(store, deployment.tables.nodes)) {
    const badge = badges.get(key);
    nodes.set(key, nodeFromContents(layouts, value, badge === undefined ? unmarked : readMarks(store, badge)));
  }
  return nodes;
};

const readTasks = (store: ObjectStore, deployment: Deployment, layouts: ObjectLayouts) => {
  const tasks = new Map<bigint, TaskRecord>();
  const places = new Map<bigint, { id: string; offers: string; nodeList: string }>();
  for (const { key, id, contents } of children(store, deployment.tables.tasks)) {
    const task = layouts.Task.parse(contents);
    const place = { id, offers: task.subscribedNodes.id, nodeList: task.subscribedNodesSmallIds.id };
    const offers = new Map<bigint, Offer>();
    for (const entry of entries(store, place.offers)) {
      const offer = layouts.NodePriceData.parse(entry.value);
      offers.set(entry.key, { price: offer.price, maxUnits: offer.maxNumComputeUnits });
    }
    places.set(key, place);
    tasks.set(key, {
      role: task.role,
      modelName: task.modelName,
      deprecatedAtEpoch: task.deprecatedAtEpoch,
      security: task.securityLevel,
      minimumReputation: task.minimumReputationScore,
      offers,
      nodeList: entries(store, place.nodeList).map((entry) => layouts.NodeSmallId.parse(entry.value)),
      isPublic: task.isPublic,
      whitelist: task.whitelistedNodes,
    });
  }
  return { tasks, places };
};

/** The state and the index of its objects. Throws when an object is missing or does not parse: the database is damaged. */
export const readWorld = (store: ObjectStore, deployment: Deployment): { world: World; index: ObjectIndex } => {
  const database = store.get(deployment.atomaDbId);
  if (!database) throw new Error('AtomaDb is missing');
  const layouts = contractAt(deployment).objects;
  const db = layouts.AtomaDb.parse(database.contents);
  const badges = readBadges(store, deployment);
  const { tasks, places } = readTasks(store, deployment, layouts);
  const { models, places: modelPlaces } = readModels(store, deployment);
  const tickets = new Map<bigint, TicketRecord>();
  const ticketIds = new Map<bigint, string>();
  for (const { key, id, contents } of children(store, deployment.tables.stackSettlementTickets)) {
    ticketIds.set(key, id);
    tickets.set(key, ticketFromContents(layouts, contents));
  }
  const world: World = {
    generation: deployment.generation,
    settings: {
      crossValidationProbabilityPermille: db.crossValidationProbabilityPermille,
      crossValidationExtraNodesCount: db.crossValidationExtraNodesCount,
      crossValidationExtraNodesChargePermille: db.crossValidationExtraNodesChargePermille,
      samplingConsensusChargePermille: db.samplingConsensusChargePermille,
      registrationCollateral: db.registrationCollateralInProtocolToken,
      slashOnTimeoutPermille: db.permilleToSlashNodeOnTimeout,
      oracleOnDisputePermille: db.permilleForOracleOnDispute,
      honestNodesOnDisputePermille: db.permilleForHonestNodesOnDispute,
      isRegistrationDisabled: db.isRegistrationDisabled,
    },
    nextNode: db.nextNodeSmallId,
    nextTask: db.nextTaskSmallId,
    nextStack: db.nextStackSmallId,
    nodes: readNodes(store, deployment, badges),
    tasks,
    stacks: idMapOf(
      entries(store, deployment.tables.stacks).map(({ key, value }) => [key, stackFromContents(layouts, value)]),
    ),
    tickets,
    models,
    prompts: readPrompts(store, deployment),
    feeTreasury: db.feeTreasury,
    communalTreasury: db.communalTreasury,
    keyRotation: { counter: db.keyRotationCounter ?? 0n, nonce: db.nonce ?? 0n },
  };
  return { world, index: { badges, tasks: places, tickets: ticketIds, models: modelPlaces } };
};
