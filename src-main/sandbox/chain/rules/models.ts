/** The dormant model interface: models, their echelons, and nodes that serve them (protocol.md 2.5, 2.7, 4.1). */
import { abortWith, dbAbort, effect, ensure, entryOf, machineError, valueAt } from './outcome.ts';
import type { Effect } from './outcome.ts';
import { withEntry } from './world.ts';
import type { EchelonRecord, ModelRecord, World } from './world.ts';

/** Milliseconds after which a prompt may be settled without the silent ones; of every new echelon (protocol.md 5.1). */
const SETTLEMENT_TIMEOUT_MS = 60_000n;

/** A model's place among the echelons. */
export interface EchelonPlace {
  readonly model: string;
  readonly echelon: bigint;
}

const withModel = (world: World, name: string, model: ModelRecord): World => ({
  ...world,
  models: new Map(world.models).set(name, model),
});
const withoutModel = (world: World, name: string): World => {
  const models = new Map(world.models);
  models.delete(name);
  return { ...world, models };
};

/** Changes the one echelon. Aborts: `dynamic_field` 1 for the model, 5 for the echelon. */
const changeEchelon = (world: World, place: EchelonPlace, change: (echelon: EchelonRecord) => EchelonRecord): World => {
  const model = entryOf(world.models, place.model);
  ensure(
    model.echelons.some(({ id }) => id === place.echelon),
    5,
  );
  const echelons = model.echelons.map((one) => (one.id === place.echelon ? change(one) : one));
  return withModel(world, place.model, { ...model, echelons });
};

/** The list without the entry at `at`; the last entry takes its place, as a vector's swap_remove does. */
const swapRemoved = <V>(list: readonly V[], at: number): readonly V[] => {
  const rest = list.slice(0, -1);
  const last = list.at(-1);
  if (last !== undefined && at < rest.length) rest[at] = last;
  return rest;
};

/** Adds a model; modality 0 text to text, 1 text to image, unchecked. Aborts: `dynamic_field` 0 if there is one of this name. */
export const addModel = (world: World, name: string, modality: bigint): Effect => {
  if (world.models.has(name)) return abortWith('sui::dynamic_field', 0n);
  return effect(withModel(world, name, { modality, isDisabled: false, echelons: [] }));
};

/**
 * Removes a model that has no echelons. With echelons the contract's loop does not count and takes one out of an empty
 * vector in the end, an error of the machine; so they have to be removed one by one first. Aborts: `dynamic_field` 1.
 */
export const removeModel = (world: World, name: string): Effect => {
  const model = entryOf(world.models, name);
  return model.echelons.length > 0 ? machineError() : effect(withoutModel(world, name));
};

/** Switches a model off or on. Aborts: `dynamic_field` 1. */
export const enableModel = (world: World, name: string, enabled: boolean): Effect =>
  effect(withModel(world, name, { ...entryOf(world.models, name), isDisabled: !enabled }));

/** What a new echelon is to be; fees in base units per token. */
export interface EchelonRequest extends EchelonPlace {
  readonly inputFeePerToken: bigint;
  readonly outputFeePerToken: bigint;
  readonly relativePerformance: bigint;
}

/** Adds an echelon to a model. Aborts: `dynamic_field` 1, 3, 4, 6. */
export const addEchelon = (world: World, request: EchelonRequest): Effect => {
  const model = entryOf(world.models, request.model);
  ensure(request.inputFeePerToken > 0n && request.outputFeePerToken > 0n, 3);
  ensure(request.relativePerformance > 0n, 4);
  ensure(!model.echelons.some(({ id }) => id === request.echelon), 6);
  const added: EchelonRecord = {
    id: request.echelon,
    settlementTimeoutMs: SETTLEMENT_TIMEOUT_MS,
    inputFeePerToken: request.inputFeePerToken,
    outputFeePerToken: request.outputFeePerToken,
    relativePerformance: request.relativePerformance,
    oracles: [],
    nodes: [],
  };
  return effect(withModel(world, request.model, { ...model, echelons: [...model.echelons, added] }));
};

/** Removes an echelon. Its nodes keep their mark. Aborts: `dynamic_field` 1, 5. */
export const removeEchelon = (world: World, place: EchelonPlace): Effect => {
  const model = entryOf(world.models, place.model);
  const at = model.echelons.findIndex(({ id }) => id === place.echelon);
  ensure(at >= 0, 5);
  return effect(withModel(world, place.model, { ...model, echelons: swapRemoved(model.echelons, at) }));
};

/** Changes an echelon's fees; zero is not refused here. Aborts: `dynamic_field` 1, 5. */
export const setEchelonFees = (
  world: World,
  place: EchelonPlace,
  fees: Pick<EchelonRecord, 'inputFeePerToken' | 'outputFeePerToken'>,
): Effect => effect(changeEchelon(world, place, (echelon) => ({ ...echelon, ...fees })));

/** Changes an echelon's settlement timeout. Aborts: `dynamic_field` 1, 5. */
export const setEchelonTimeout = (world: World, place: EchelonPlace, settlementTimeoutMs: bigint): Effect =>
  effect(changeEchelon(world, place, (echelon) => ({ ...echelon, settlementTimeoutMs })));

/** Makes a node an oracle of an echelon; whether the node exists is not asked. Aborts: `dynamic_field` 1, 5, `vec_set` 0. */
export const addOracle = (world: World, place: EchelonPlace, node: bigint): Effect =>
  effect(
    changeEchelon(world, place, (echelon) =>
      echelon.oracles.includes(node)
        ? abortWith('sui::vec_set', 0n)
        : { ...echelon, oracles: [...echelon.oracles, node] },
    ),
  );

/** Takes an oracle away. Aborts: `dynamic_field` 1, 5, `vec_set` 1. */
export const removeOracle = (world: World, place: EchelonPlace, node: bigint): Effect =>
  effect(
    changeEchelon(world, place, (echelon) =>
      echelon.oracles.includes(node)
        ? { ...echelon, oracles: echelon.oracles.filter((one) => one !== node) }
        : abortWith('sui::vec_set', 1n),
    ),
  );

/** A node announces that it serves a model in an echelon. Aborts: `dynamic_field` 1, 1, 9, 5. */
export const addNodeToModel = (world: World, request: EchelonPlace & { readonly node: bigint }): Effect => {
  const model = entryOf(world.models, request.model);
  ensure(!model.isDisabled, 1);
  const node = entryOf(world.nodes, request.node);
  ensure(!node.models.has(request.model), 9);
  const joined = changeEchelon(world, request, (one) => ({ ...one, nodes: [...one.nodes, request.node] }));
  const models = new Map(node.models).set(request.model, request.echelon);
  return effect(
    { ...joined, nodes: withEntry(joined.nodes, request.node, { ...node, models }) },
    {
      events: [
        {
          name: 'NodeSubscribedToModelEvent',
          fields: { nodeSmallId: request.node, modelName: request.model, echelonId: request.echelon },
        },
      ],
    },
  );
};

/** A node stops serving a model; it names its place in the echelon's list. Aborts: 10, `dynamic_field` 1, 5, 11. */
export const removeNodeFromModel = (
  world: World,
  request: { readonly node: bigint; readonly model: string; readonly index: bigint },
): Effect => {
  const node = entryOf(world.nodes, request.node);
  const echelon = node.models.get(request.model) ?? dbAbort(10);
  const left = changeEchelon(world, { model: request.model, echelon }, (one) => {
    ensure(BigInt(one.nodes.length) > request.index, 11);
    ensure(valueAt(one.nodes, request.index) === request.node, 11);
    return { ...one, nodes: swapRemoved(one.nodes, Number(request.index)) };
  });
  const models = new Map(node.models);
  models.delete(request.model);
  return effect({ ...left, nodes: withEntry(left.nodes, request.node, { ...node, models }) });
};
