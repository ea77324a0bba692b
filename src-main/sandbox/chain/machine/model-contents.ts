/** The dormant models as objects: ModelEntry in its ObjectTable, the node lists of its echelons, the marks on badges (protocol.md 4.1, 4.2). */
import { bcs } from '@mysten/sui/bcs';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { address, eventType, nodeSmallIdType, smallId, u64Layout } from '../../../../src-shared/atoma/index.ts';
import type { EchelonRecord, ModelRecord, World } from '../rules/index.ts';
import type { Deployment, ObjectIndex } from './deployment.ts';
import type { ObjectStore } from './object-store.ts';
import type { Target } from './projection.ts';
import { fieldDraft, fieldId, objectFieldDrafts, objectFieldId, splitField, splitTextField } from './table-fields.ts';
import type { TableShape } from './table-fields.ts';

const table = bcs.struct('Table', { id: address, size: u64Layout });
const modelEntry = bcs.struct('ModelEntry', {
  id: address,
  name: bcs.string(),
  modality: u64Layout,
  isDisabled: bcs.bool(),
  echelons: bcs.vector(
    bcs.struct('ModelEchelon', {
      id: u64Layout,
      settlementTimeoutMs: u64Layout,
      inputFeePerToken: u64Layout,
      outputFeePerToken: u64Layout,
      relativePerformance: u64Layout,
      oracles: bcs.vector(smallId),
      nodes: table,
    }),
  ),
});

/** Key type of models and of the marks of models on badges. */
export const textKeyType = `${normalizeSuiAddress('0x1')}::ascii::String`;
const struct = (deployment: Deployment, name: string): string => eventType(deployment.packageId, name);

/** Where models are filed. */
const modelShape = (deployment: Deployment): TableShape => ({
  parent: deployment.tables.models,
  keyType: textKeyType,
  valueType: struct(deployment, 'ModelEntry'),
});
/** Where a badge holds the echelon of each model it serves. */
export const badgeModelShape = (deployment: Deployment, badge: string): TableShape => ({
  parent: badge,
  keyType: textKeyType,
  valueType: struct(deployment, 'EchelonId'),
});
/** An EchelonId. */
export const echelonBytes = (echelon: bigint): Uint8Array => u64Layout.serialize(echelon).toBytes();

type Place = ObjectIndex['models'] extends ReadonlyMap<string, infer V> ? V : never;

const projectList = (
  deployment: Deployment,
  list: string,
  old: EchelonRecord | undefined,
  echelon: EchelonRecord,
  target: Target,
): void => {
  const shape: TableShape = { parent: list, keyType: 'u64', valueType: nodeSmallIdType(deployment.packageId) };
  echelon.nodes.forEach((node, at) => {
    if (old?.nodes[at] !== node) target.put(fieldDraft(shape, BigInt(at), smallId.serialize(node).toBytes()));
  });
  for (let at = echelon.nodes.length; at < (old?.nodes.length ?? 0); at += 1)
    target.remove(fieldId(list, 'u64', BigInt(at)));
};

const projectModel = (
  deployment: Deployment,
  name: string,
  change: { readonly old: ModelRecord | undefined; readonly model: ModelRecord; readonly place: Place | undefined },
  target: Target,
): Place => {
  const { old, model } = change;
  const id = change.place?.id ?? target.newId();
  const nodes = new Map<bigint, string>();
  for (const echelon of model.echelons) {
    const list = change.place?.nodes.get(echelon.id) ?? target.newId();
    nodes.set(echelon.id, list);
    const before = old?.echelons.find((one) => one.id === echelon.id);
    projectList(deployment, list, before, echelon, target);
  }
  const echelons = model.echelons.map((echelon) => ({
    ...echelon,
    oracles: [...echelon.oracles],
    nodes: { id: nodes.get(echelon.id) ?? '', size: BigInt(echelon.nodes.length) },
  }));
  const { modality, isDisabled } = model;
  const contents = modelEntry.serialize({ id, name, modality, isDisabled, echelons }).toBytes();
  for (const draft of objectFieldDrafts(modelShape(deployment), name, id, contents)) target.put(draft);
  return { id, nodes };
};

/** Writes every model that differs. A removed echelon's node list is dropped by the contract: its fields stay, filed under nothing. */
export const projectModels = (
  deployment: Deployment,
  before: World,
  after: World,
  index: ObjectIndex,
  target: Target,
): ObjectIndex['models'] => {
  if (before.models === after.models) return index.models;
  const places = new Map(index.models);
  const shape = modelShape(deployment);
  for (const [name, model] of after.models) {
    const old = before.models.get(name);
    if (old !== model)
      places.set(name, projectModel(deployment, name, { old, model, place: places.get(name) }, target));
  }
  for (const name of before.models.keys()) {
    const place = places.get(name);
    if (after.models.has(name) || !place) continue;
    target.remove(objectFieldId(shape.parent, shape.keyType, name));
    target.remove(place.id);
    places.delete(name);
  }
  return places;
};

/** Reads the models back. Throws when an object is missing or does not parse. */
export const readModels = (
  store: ObjectStore,
  deployment: Deployment,
): { readonly models: World['models']; readonly places: ObjectIndex['models'] } => {
  const models = new Map<string, ModelRecord>();
  const places = new Map<string, Place>();
  for (const field of store.ownedBy('object', deployment.tables.models)) {
    const { key, value } = splitTextField(field.contents);
    const id = `0x${Buffer.from(value).toString('hex')}`;
    const contents = store.get(id)?.contents;
    if (!contents) throw new Error(`child object ${id} is missing`);
    const entry = modelEntry.parse(contents);
    const listed = (list: string): bigint[] =>
      [...store.ownedBy('object', list)]
        .map((one) => splitField(one.contents))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map((one) => smallId.parse(one.value));
    const echelons = entry.echelons.map((echelon) => ({ ...echelon, nodes: listed(echelon.nodes.id) }));
    models.set(key, { modality: entry.modality, isDisabled: entry.isDisabled, echelons });
    places.set(key, { id, nodes: new Map(entry.echelons.map((echelon) => [echelon.id, echelon.nodes.id])) });
  }
  return { models, places };
};
