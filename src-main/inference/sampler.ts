/** Chooses the next token from logits: greedy, or seeded with temperature and top-p; pure and bit-identical everywhere (coordinator.md 4). */
import type { Sampling } from './types.ts';

/** Logits of one position: `length` numbers of `data` from `offset`. */
export type Logits = { data: Float32Array; offset: number; length: number };

/** Picks a token id from logits. A picker holds the state of its random sequence: one picker per request. */
export type Picker = (logits: Logits) => number;

/**
 * The id of the largest logit, the lowest id among equals, found without allocation.
 * @returns -1 when no logit is a number
 */
export function argmax({ data, offset, length }: Logits): number {
  let best = -1;
  let bestValue = -Infinity;
  for (let i = 0; i < length; i++) {
    const value = data[offset + i] as number;
    if (value > bestValue) {
      bestValue = value;
      best = i;
    }
  }
  return best;
}

/** Mulberry32: numbers in [0, 1) in steps of 2⁻³², determined by the seed (taken modulo 2³²) on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * One draw from softmax(logits / temperature), cut to the smallest set of likeliest tokens that reaches `topP`.
 * Sums run in a fixed order (by token id, then by falling weight), so that equal logits always give the equal token.
 */
export function sampleToken(logits: Logits, temperature: number, topP: number, draw: number): number {
  const { data, offset, length } = logits;
  const top = argmax(logits);
  if (top < 0) return -1;
  const peak = data[offset + top] as number;
  const weights = new Float64Array(length);
  let total = 0;
  for (let i = 0; i < length; i++) {
    const weight = Math.exp(((data[offset + i] as number) - peak) / temperature);
    weights[i] = weight;
    total += weight;
  }
  if (topP < 1) {
    const kept = nucleus(weights, total, topP);
    const at = drawn(kept.map((id) => weights[id] as number), draw);
    return kept[at] ?? top;
  }
  const id = drawn(weights, draw, total);
  // Rounding may leave a sliver above the last weight.
  return id < length ? id : top;
}

/** Index of the weight on which the draw falls, in order; the number of weights when rounding leaves it above the last. */
function drawn(weights: ArrayLike<number>, draw: number, total = sumOf(weights)): number {
  let left = draw * total;
  for (let n = 0; n < weights.length; n++) {
    left -= weights[n] as number;
    if (left < 0) return n;
  }
  return weights.length;
}

/** The sum in order, so that equal weights always give the equal sum. */
function sumOf(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < weights.length; n++) sum += weights[n] as number;
  return sum;
}

/** Ids by falling weight, lower id first among equals, up to the one whose sum reaches topP of the total. */
function nucleus(weights: Float64Array, total: number, topP: number): number[] {
  // Tokens below this weight hold less than 1 − topP together, so none of them is in the nucleus: no need to sort them.
  const floor = ((1 - topP) * total) / weights.length;
  const ids: number[] = [];
  for (let i = 0; i < weights.length; i++) if ((weights[i] as number) >= floor) ids.push(i);
  ids.sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b);
  let sum = 0;
  for (let n = 0; n < ids.length; n++) {
    sum += weights[ids[n] as number] as number;
    if (sum >= topP * total) return ids.slice(0, n + 1);
  }
  return ids;
}

/** The picker of a request. A temperature of 0 is greedy. */
export function createPicker(sampling: Sampling): Picker {
  if (sampling.kind === 'greedy' || sampling.temperature === 0) return argmax;
  const random = seededRandom(sampling.seed);
  return (logits) => sampleToken(logits, sampling.temperature, sampling.topP, random());
}
