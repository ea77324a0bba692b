/** The reference of the speed budget: a greedy loop straight over onnxruntime-node, with nothing of the engine in it (product.md, Budgets). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';

/** A session of a model folder, and how many cache tensors it has. */
export type BareModel = { session: ort.InferenceSession; layers: number; heads: number; width: number };

/** What one bare run gave. */
export type BareRun = { tokens: number[]; tokensPerSecond: number };

/** Opens the graph of a model folder on the processor; `threads` 0 leaves the choice to onnxruntime. */
export async function openBareModel(folder: string, threads: number): Promise<BareModel> {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, number>;
  const session = await ort.InferenceSession.create(join(folder, 'onnx/model.onnx'), { intraOpNumThreads: threads });
  return {
    session,
    layers: config['num_hidden_layers'] as number,
    heads: config['num_key_value_heads'] as number,
    width: config['head_dim'] as number,
  };
}

/** Greedy decoding of exactly `count` tokens, end tokens included and passed over, so that speed is measured over a fixed length. */
export async function bareGreedy(model: BareModel, prompt: readonly number[], count: number): Promise<BareRun> {
  const { session, layers, heads, width } = model;
  const tokens: number[] = [];
  const names = Array.from({ length: layers }, (_, i) => [`${i}.key`, `${i}.value`]).flat();
  let past: ort.Tensor[] = names.map(() => new ort.Tensor('float32', new Float32Array(0), [1, heads, 0, width]));
  let input = [...prompt];
  let total = 0;
  const startedAt = performance.now();
  while (tokens.length < count) {
    const positions = input.map((_, i) => BigInt(total + i));
    total += input.length;
    const feeds: Record<string, ort.Tensor> = {
      input_ids: new ort.Tensor('int64', BigInt64Array.from(input, BigInt), [1, input.length]),
      attention_mask: new ort.Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]),
      position_ids: new ort.Tensor('int64', BigInt64Array.from(positions), [1, input.length]),
    };
    names.forEach((name, i) => (feeds[`past_key_values.${name}`] = past[i] as ort.Tensor));
    const outputs = await session.run(feeds);
    const logits = outputs['logits'] as ort.Tensor;
    const vocabulary = logits.dims[2] as number;
    const data = logits.data as Float32Array;
    let best = data.length - vocabulary;
    for (let i = best + 1; i < data.length; i++) if ((data[i] as number) > (data[best] as number)) best = i;
    input = [best - (data.length - vocabulary)];
    tokens.push(input[0] as number);
    past = names.map((name) => outputs[`present.${name}`] as ort.Tensor);
  }
  return { tokens, tokensPerSecond: (count * 1000) / (performance.now() - startedAt) };
}
