/** Draws an echelon for a prompt and nodes of an echelon, as the dormant prompt flow does (protocol.md 2.5, 5.10). */
import { NotExecuted, abortWith, entryOf, dbAbort, ensure, machineError, outOfGas } from './outcome.ts';
import type { Draws } from './outcome.ts';
import { termsOf } from './terms.ts';
import type { EchelonRecord, ModelRecord, World } from './world.ts';

const GATE_BASE = 312_012_100n;
const NO_ELIGIBLE_ECHELONS = 0n;
const CANNOT_SAMPLE_ZERO_NODES = 14;
/** More rounds than 256 different nodes ever take; whoever gets here would go on until the gas is used up. */
const MAX_ROUNDS = 10_000;

/** What a prompt asks of an echelon: fee caps in base units per token, and how many nodes. */
export interface EchelonWish {
  readonly maxInputFee: bigint;
  readonly maxOutputFee: bigint;
  readonly nodes: bigint;
}

/** 256 bits of randomness: four draws, the lowest first. */
const wideDraw = (draws: Draws): bigint =>
  [0n, 64n, 128n, 192n].reduce((sum, shift) => sum + (draws.nonce() << shift), 0n);

/**
 * Draws among the echelons under the fee caps with enough nodes, each weighted with nodes times relative performance.
 * Aborts: `gate` 0; without any weight an error of the machine.
 */
export const drawEchelon = (echelons: readonly EchelonRecord[], wish: EchelonWish, draws: Draws): EchelonRecord => {
  const eligible = echelons
    .filter((one) => one.inputFeePerToken <= wish.maxInputFee && one.outputFeePerToken <= wish.maxOutputFee)
    .filter((one) => BigInt(one.nodes.length) >= wish.nodes)
    .map((one) => ({ one, weight: one.relativePerformance * BigInt(one.nodes.length) }));
  if (eligible.length === 0) abortWith('atoma::gate', GATE_BASE + NO_ELIGIBLE_ECHELONS);
  const total = eligible.reduce((sum, { weight }) => sum + weight, 0n);
  if (total === 0n) machineError();
  const goal = 1n + (wideDraw(draws) % total);
  let remaining = total;
  for (const { one, weight } of eligible.toReversed()) {
    remaining -= weight;
    if (goal > remaining) return one;
  }
  return machineError();
};

/** Whether the node is there, not disabled, and has collateral. What G2 makes of nodes without any, as all of its nodes are, is not known. */
const isEligible = (world: World, id: bigint): boolean => {
  const node = world.nodes.get(id);
  if (!node || node.disabledInEpoch !== null) return false;
  if (node.collateral > 0n) return true;
  if (termsOf(world.generation).needsCollateral) return false;
  throw new NotExecuted('whether an echelon of this generation passes nodes without collateral over is not known');
};

/** Takes the entry at `at` out; the last one takes its place. */
const swapRemove = (list: bigint[], at: number): void => {
  const last = list.pop();
  if (last !== undefined && at < list.length) list[at] = last;
};

/** One node of the list, uniformly; those that cannot be used are taken out of the list on the way. Null for none. */
export const drawNode = (world: World, list: bigint[], draws: Draws): bigint | null => {
  while (list.length > 0) {
    const at = Number(draws.nonce() % BigInt(list.length));
    const id = list[at] ?? machineError();
    if (isEligible(world, id)) return id;
    swapRemove(list, at);
  }
  return null;
};

/** One node of each of `count` equal parts of the list, from its end; parts whose node cannot be used give none. */
const drawOfEachPart = (world: World, list: bigint[], count: bigint, draws: Draws): bigint[] => {
  const total = BigInt(list.length);
  const drawn: bigint[] = [];
  let larger = total % count;
  for (let from = 0n; from < total;) {
    const width = total / count + (larger > 0n ? 1n : 0n);
    if (larger > 0n) larger -= 1n;
    const at = Number(total - 1n - (from + (draws.nonce() % width)));
    const id = list[at] ?? machineError();
    if (isEligible(world, id)) drawn.push(id);
    else swapRemove(list, at);
    from += width;
  }
  return drawn;
};

/**
 * Different nodes of the list. When the parts did not give enough, it draws anew until it has enough *and* has drawn more
 * than four times as often as wanted, so it may give more than wanted; where fewer can be used it never ends and the gas
 * does. None at all gives none. Aborts: 14.
 */
export const drawNodes = (world: World, list: bigint[], count: bigint, draws: Draws): readonly bigint[] => {
  ensure(count > 0n, CANNOT_SAMPLE_ZERO_NODES);
  const parts = drawOfEachPart(world, list, count, draws);
  if (BigInt(parts.length) === count) return parts;
  const drawn: bigint[] = [];
  for (let round = 0n; BigInt(drawn.length) < count || round <= count * 4n; round += 1n) {
    if (round > MAX_ROUNDS) return outOfGas();
    const id = drawNode(world, list, draws);
    if (id === null) return drawn;
    if (!drawn.includes(id)) drawn.push(id);
  }
  return drawn;
};

/** The echelon of a model. Aborts: `dynamic_field` 1 for the model, 5 for the echelon. */
export const echelonOf = (world: World, model: string, id: bigint): EchelonRecord =>
  entryOf(world.models, model).echelons.find((one) => one.id === id) ?? dbAbort(5);

/** The world with the echelon's list of nodes changed. */
export const withEchelonNodes = (world: World, name: string, id: bigint, nodes: readonly bigint[]): World => {
  const model: ModelRecord = entryOf(world.models, name);
  const echelons = model.echelons.map((one) => (one.id === id ? { ...one, nodes } : one));
  return { ...world, models: new Map(world.models).set(name, { ...model, echelons }) };
};
