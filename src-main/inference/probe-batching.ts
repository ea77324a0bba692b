/** Tries at load whether requests may share a run on this graph and provider: bits and choices of a small batch against each alone (coordinator.md 4: equal bytes). */
import type { Tensor } from 'onnxruntime-node';
import { type BatchCache, createBatchCache } from './batch-cache.ts';
import type { Batching } from './batch-plan.ts';
import { decode } from './decode-loop.ts';
import type { DecodeModel } from './loaded-model.ts';
import { createPrefill } from './prefill.ts';
import { logitsOf, runStep } from './run-step.ts';
import { type Picker, argmax } from './sampler.ts';

/** Prompts of different lengths, so that rows are padded by different amounts, and the second's coming makes the first move. */
const PROMPT_LENGTHS = [3, 33, 20];
const STEPS = 3;
const FIRST_TOKEN = 3;
/** Token ids below this are in every vocabulary that counts. */
const TOKENS = 200;
const NEVER = new AbortController().signal;

const promptOf = (length: number): number[] => Array.from({ length }, (_, i) => FIRST_TOKEN + ((i * 37 + length * 11) % (TOKENS - FIRST_TOKEN)));

/** What a wrong layout does to logits is far above this share of their spread, and what rounding does far below. */
const TOLERANCE = 0.05;

/** A row's logits after each step, and what they choose. */
type Trace = { logits: Float32Array[]; tokens: number[] };

/** A sequence that the probe decodes greedily, without end tokens. */
type Sequence = { trace: Trace; next: number };

const note = ({ trace }: Sequence, logits: Tensor, row: number): number => {
  const { data, offset, length } = logitsOf(logits, row);
  trace.logits.push(data.slice(offset, offset + length));
  const token = argmax({ data, offset, length });
  trace.tokens.push(token);
  return token;
};

async function begin(model: DecodeModel, cache: BatchCache, length: number): Promise<Sequence> {
  const prefill = createPrefill(model, promptOf(length));
  const sequence: Sequence = { trace: { logits: [], tokens: [] }, next: 0 };
  sequence.next = note(sequence, await prefill.advance(length), 0);
  cache.insert(prefill.row());
  return sequence;
}

async function step(model: DecodeModel, cache: BatchCache, sequences: readonly Sequence[]): Promise<void> {
  const outputs = await runStep(model, cache.feeds(sequences.map(({ next }) => Math.max(0, next))));
  cache.append(outputs);
  sequences.forEach((sequence, row) => (sequence.next = note(sequence, outputs['logits'] as Tensor, row)));
}

async function aloneTraces(model: DecodeModel): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const length of PROMPT_LENGTHS) {
    const cache = createBatchCache(model);
    const sequence = await begin(model, cache, length);
    for (let n = 0; n < STEPS; n++) await step(model, cache, [sequence]);
    traces.push(sequence.trace);
  }
  return traces;
}

async function sharedTraces(model: DecodeModel): Promise<Trace[]> {
  const cache = createBatchCache(model);
  const sequences: Sequence[] = [];
  for (const length of PROMPT_LENGTHS) {
    sequences.push(await begin(model, cache, length));
    await step(model, cache, sequences);
  }
  for (let n = 0; n < STEPS; n++) await step(model, cache, sequences);
  return sequences.map(({ trace }) => trace);
}

async function plainTraces(model: DecodeModel): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const length of PROMPT_LENGTHS) {
    const trace: Trace = { logits: [], tokens: [] };
    const pick: Picker = (logits) => {
      trace.logits.push(logits.data.slice(logits.offset, logits.offset + logits.length));
      return argmax(logits);
    };
    const onToken = (token: number): boolean => (trace.tokens.push(token), false);
    await decode({ ...model, endTokens: new Set() }, { promptTokens: promptOf(length), maxTokens: STEPS + 1, pick, onToken, signal: NEVER });
    traces.push(trace);
  }
  return traces;
}

const sameBytes = (a: Float32Array, b: Float32Array): boolean => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

/** True when two logits differ by rounding at most. */
export function nearlySame(a: Float32Array, b: Float32Array): boolean {
  const [low, high] = [Math.min(...a), Math.max(...a)];
  return a.length === b.length && high > low && a.every((value, i) => Math.abs(value - (b[i] as number)) <= TOLERANCE * (high - low));
}

/** True when two traces follow each other until rounding makes them choose differently; from there on they are two different texts. */
function follow(a: Trace, b: Trace): boolean {
  const parted = a.tokens.findIndex((token, n) => token !== b.tokens[n]);
  const compared = parted < 0 ? a.logits : a.logits.slice(0, parted + 1);
  return compared.every((logits, n) => nearlySame(logits, b.logits[n] as Float32Array));
}

/**
 * What the graph on its provider keeps when rows share a run: `exact` the bits, `close` the numbers up to rounding, `none` not even those.
 * A graph that takes no positions cannot know where a padded row stands; one that fails at this counts as `none` too, and the plain loop tells why at the first request.
 */
export async function probeBatching(model: DecodeModel): Promise<Batching> {
  if (!model.session.inputNames.includes('position_ids')) return 'none';
  try {
    const [alone, shared, plain] = [await aloneTraces(model), await sharedTraces(model), await plainTraces(model)];
    if (!alone.every((trace, row) => follow(trace, plain[row] as Trace) && follow(trace, shared[row] as Trace))) return 'none';
    // Joining one after the other, the first went further than it did alone: what both did is compared.
    const exact = alone.every(({ logits }, row) => logits.every((numbers, n) => sameBytes(numbers, shared[row]?.logits[n] as Float32Array)));
    return exact ? 'exact' : 'close';
  } catch {
    return 'none';
  }
}
