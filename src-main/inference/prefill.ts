/** Computes a prompt's cache part by part, by itself: what it gives depends on the prompt alone (issue: prefill of a newcomer without stalling the others). */
import type { Tensor } from 'onnxruntime-node';
import type { PrefilledRow } from './batch-cache.ts';
import { numbersOf } from './batch-cache.ts';
import { type Numbers, moveRows, putRow } from './cache-layout.ts';
import type { DecodeModel } from './loaded-model.ts';
import { runStep } from './run-step.ts';

/** A prompt on its way into the cache. */
export type Prefill = {
  done(): number;
  /** Computes the next `count` tokens; returns the run's logits tensor. */
  advance(count: number): Promise<Tensor>;
  row(): PrefilledRow;
};

/** Starts with nothing computed. */
export function createPrefill(model: DecodeModel, prompt: readonly number[]): Prefill {
  const { ort, cache } = model;
  let done = 0;
  let entries: Numbers[] = cache.map(({ type }) => numbersOf(type, 0));

  return {
    done: () => done,
    advance: async (count) => {
      const next = done + count;
      const feeds: Record<string, Tensor> = {
        input_ids: new ort.Tensor('int64', BigInt64Array.from(prompt.slice(done, next), BigInt), [1, count]),
        attention_mask: new ort.Tensor('int64', new BigInt64Array(next).fill(1n), [1, next]),
        position_ids: new ort.Tensor('int64', BigInt64Array.from({ length: count }, (_, i) => BigInt(done + i)), [1, count]),
      };
      cache.forEach(({ past, heads, width, type }, i) => {
        feeds[past] = new ort.Tensor(type, entries[i] as Float32Array, [1, heads, done, width]);
      });
      const outputs = await runStep(model, feeds);
      entries = cache.map((slot, i) => {
        const added = (outputs[slot.added.output] as Tensor).data as Numbers;
        if (slot.added.at !== 'own' || done === 0) return added;
        const whole = numbersOf(slot.type, slot.heads * next * slot.width);
        moveRows(entries[i] as Numbers, whole, slot, [done], { old: done, new: next });
        putRow(whole, slot, next, 0, added, done);
        return whole;
      });
      done = next;
      return outputs['logits'] as Tensor;
    },
    row: () => ({ length: done, entries }),
  };
}
