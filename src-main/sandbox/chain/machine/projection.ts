/** Writes a change of the contract's state as the objects by which protocol.md 4.2 says it is read. */
import { dbType, nodeSmallIdType, stackSmallIdType, taskSmallIdType } from '../../../../src-shared/atoma/index.ts';
import { eachChange, idMapOf } from '../rules/index.ts';
import type { NodeRecord, TaskRecord, World } from '../rules/index.ts';
import type { ObjectDraft } from './chain-object.ts';
import { contractAt } from './deployment.ts';
import type { Deployment, ObjectIndex } from './deployment.ts';
import { badgeModelShape, echelonBytes, projectModels, textKeyType } from './model-contents.ts';
import { projectPrompts } from './prompt-contents.ts';
import { fieldDraft, fieldId, objectFieldDrafts, objectFieldId } from './table-fields.ts';
import type { TableShape } from './table-fields.ts';
import {
  databaseContents,
  nodeContents,
  offerContents,
  stackContents,
  taskContents,
  ticketContents,
} from './world-contents.ts';

/** Where drafts go. */
export interface Target {
  put(draft: ObjectDraft): void;
  remove(id: string): void;
  newId(): string;
}

const shapes = (deployment: Deployment) => {
  const { packageId, tables } = deployment;
  const nodeKey = nodeSmallIdType(packageId);
  const taskKey = taskSmallIdType(packageId);
  const stackKey = stackSmallIdType(packageId);
  return {
    nodes: { parent: tables.nodes, keyType: nodeKey, valueType: dbType(packageId, 'NodeEntry') },
    tasks: { parent: tables.tasks, keyType: taskKey, valueType: dbType(packageId, 'Task') },
    stacks: { parent: tables.stacks, keyType: stackKey, valueType: dbType(packageId, 'Stack') },
    tickets: {
      parent: tables.stackSettlementTickets,
      keyType: stackKey,
      valueType: dbType(packageId, 'StackSettlementTicket'),
    },
    offers: (parent: string): TableShape => ({
      parent,
      keyType: nodeKey,
      valueType: dbType(packageId, 'NodePriceData'),
    }),
    nodeList: (parent: string): TableShape => ({ parent, keyType: 'u64', valueType: nodeKey }),
    badgeTasks: (badge: string): TableShape => ({ parent: badge, keyType: taskKey, valueType: 'bool' }),
  };
};

/** The marks on a node's badge that differ: a field for each task and each model. */
const projectBadge = (
  deployment: Deployment,
  badge: string,
  marks: { readonly old: NodeRecord | undefined; readonly node: NodeRecord },
  target: Target,
): void => {
  const { old, node } = marks;
  const shape = shapes(deployment).badgeTasks(badge);
  const had = old?.subscriptions ?? new Set<bigint>();
  for (const task of node.subscriptions) if (!had.has(task)) target.put(fieldDraft(shape, task, new Uint8Array([1])));
  for (const task of had) if (!node.subscriptions.has(task)) target.remove(fieldId(badge, shape.keyType, task));
  const served = old?.models ?? new Map<string, bigint>();
  for (const [model, echelon] of node.models)
    if (served.get(model) !== echelon)
      target.put(fieldDraft(badgeModelShape(deployment, badge), model, echelonBytes(echelon)));
  for (const model of served.keys()) if (!node.models.has(model)) target.remove(fieldId(badge, textKeyType, model));
};

/** A node's entry and its badge. The marks on the badge of a destroyed node stay, filed under nothing, as on chain. */
const projectNodes = (
  deployment: Deployment,
  before: World,
  after: World,
  index: ObjectIndex,
  target: Target,
): void => {
  const { nodes } = shapes(deployment);
  const layouts = contractAt(deployment).objects;
  eachChange(before.nodes, after.nodes, (id, old, node) => {
    if (!node) return target.remove(fieldId(nodes.parent, nodes.keyType, id));
    target.put(fieldDraft(nodes, id, nodeContents(layouts, node)));
    const badge = index.badges.get(id);
    if (badge !== undefined) projectBadge(deployment, badge, { old, node }, target);
  });
};

/** The entries of a task's two tables that differ. */
const projectTables = (
  deployment: Deployment,
  place: { readonly offers: string; readonly nodeList: string },
  change: { readonly old: TaskRecord | undefined; readonly task: TaskRecord },
  target: Target,
): void => {
  const layouts = contractAt(deployment).objects;
  const { old, task } = change;
  const offers = shapes(deployment).offers(place.offers);
  const nodeList = shapes(deployment).nodeList(place.nodeList);
  eachChange(old?.offers ?? new Map(), task.offers, (node, _old, offer) =>
    offer
      ? target.put(fieldDraft(offers, node, offerContents(layouts, node, offer)))
      : target.remove(fieldId(place.offers, offers.keyType, node)),
  );
  task.nodeList.forEach((node, at) => {
    if (old?.nodeList[at] !== node)
      target.put(fieldDraft(nodeList, BigInt(at), layouts.NodeSmallId.serialize(node).toBytes()));
  });
  for (let at = task.nodeList.length; at < (old?.nodeList.length ?? 0); at += 1)
    target.remove(fieldId(place.nodeList, 'u64', BigInt(at)));
};

/** Tasks and their tables. A removed task's tables are dropped by the contract: their entries stay, filed under nothing. */
const projectTasks = (
  deployment: Deployment,
  before: World,
  after: World,
  index: ObjectIndex,
  target: Target,
): ObjectIndex['tasks'] => {
  const shape = shapes(deployment);
  const layouts = contractAt(deployment).objects;
  let ids = idMapOf(index.tasks);
  eachChange(before.tasks, after.tasks, (taskId, old, task) => {
    const place = ids.get(taskId) ?? { id: target.newId(), offers: target.newId(), nodeList: target.newId() };
    if (task) {
      projectTables(deployment, place, { old, task }, target);
      ids = ids.with(taskId, place);
      for (const draft of objectFieldDrafts(shape.tasks, taskId, place.id, taskContents(layouts, task, place)))
        target.put(draft);
    } else {
      ids = ids.without(taskId);
      target.remove(objectFieldId(shape.tasks.parent, shape.tasks.keyType, taskId));
      target.remove(place.id);
    }
  });
  return ids;
};

const projectTickets = (
  deployment: Deployment,
  before: World,
  after: World,
  index: ObjectIndex,
  target: Target,
): ObjectIndex['tickets'] => {
  const shape = shapes(deployment).tickets;
  const layouts = contractAt(deployment).objects;
  let ids = idMapOf(index.tickets);
  eachChange(before.tickets, after.tickets, (stack, _old, ticket) => {
    const id = ids.get(stack) ?? target.newId();
    if (ticket) {
      ids = ids.with(stack, id);
      for (const draft of objectFieldDrafts(shape, stack, id, ticketContents(layouts, id, stack, ticket)))
        target.put(draft);
    } else {
      ids = ids.without(stack);
      target.remove(objectFieldId(shape.parent, shape.keyType, stack));
      target.remove(id);
    }
  });
  return ids;
};

/** Writes every object that differs between two states; the database object always. Gives the index with new objects in it. */
export const project = (
  deployment: Deployment,
  before: World,
  after: World,
  index: ObjectIndex,
  target: Target,
): ObjectIndex => {
  projectNodes(deployment, before, after, index, target);
  const tasks = projectTasks(deployment, before, after, index, target);
  const tickets = projectTickets(deployment, before, after, index, target);
  const { stacks } = shapes(deployment);
  eachChange(before.stacks, after.stacks, (id, _old, stack) =>
    stack
      ? target.put(fieldDraft(stacks, id, stackContents(contractAt(deployment).objects, stack)))
      : target.remove(fieldId(stacks.parent, stacks.keyType, id)),
  );
  const models = projectModels(deployment, before, after, index, target);
  projectPrompts(deployment, before, after, target);
  target.put(databaseContents(deployment, after));
  return { badges: index.badges, tasks, tickets, models };
};
