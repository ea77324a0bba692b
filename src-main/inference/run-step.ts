/** One run of a decoder graph: only what a step needs goes in and comes out (product.md, Budgets: generation speed). */
import type { Tensor } from 'onnxruntime-node';
import type { Numbers } from './cache-layout.ts';
import type { DecodeModel } from './loaded-model.ts';
import type { Logits } from './sampler.ts';

/** Runs the graph and fetches the logits and what the run adds to the cache. The whole cache stays inside, where its memory is used again layer by layer. */
export function runStep({ ort, session, fetches, keepsLogits }: DecodeModel, feeds: Record<string, Tensor>): Promise<Readonly<Record<string, Tensor>>> {
  if (keepsLogits) feeds['num_logits_to_keep'] = new ort.Tensor('int64', BigInt64Array.of(1n), []);
  return session.run(feeds, fetches) as Promise<Readonly<Record<string, Tensor>>>;
}

/** Logits of the last position of a row. Half-precision ones are widened, which changes no order. */
export function logitsOf(tensor: Tensor, row: number): Logits {
  const [, positions, length] = tensor.dims as [number, number, number];
  const offset = (row + 1) * positions * length - length;
  if (tensor.type === 'float32') return { data: tensor.data as Float32Array, offset, length };
  const part = (tensor.data as unknown as Numbers).subarray(offset, offset + length);
  return { data: part instanceof Uint16Array ? Float32Array.from(part, widened) : Float32Array.from(part), offset: 0, length };
}

/** The number that 16 bits of IEEE half precision stand for. */
export function widened(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
