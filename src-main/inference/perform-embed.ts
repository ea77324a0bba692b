/** Role 1: texts or token ids to vectors of length 1, the mean over the last states, each input computed by itself so that company changes no bit (coordinator.md 4, ai.embedding). */
import { badInput, inputTooLarge } from './engine-failure.ts';
import type { Performer, RoleFolder } from './role-model.ts';
import { loadTransformers } from './runtime.ts';

/** Loads an encoder. @throws Error when the graph gives no states */
export async function loadEmbedder({ folder, config, load }: RoleFolder): Promise<Performer<'embed'>> {
  const { AutoTokenizer, AutoModel, Tensor, mean_pooling } = await loadTransformers();
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  const model = await AutoModel.from_pretrained(folder, load);
  const contextTokens = config.max_position_embeddings ?? Infinity;
  const vocabulary = config.vocab_size ?? Infinity;

  const idsOf = (input: string | number[]): number[] => {
    const ids = typeof input === 'string' ? tokenizer.encode(input) : input;
    if (ids.some((id) => id >= vocabulary)) throw badInput('a token id is not in the vocabulary');
    if (ids.length > contextTokens) throw inputTooLarge(`${ids.length} tokens in one input`);
    return ids;
  };
  const embed = async (ids: number[]): Promise<Float32Array> => {
    const row = (value: (id: number) => number) => new Tensor('int64', BigInt64Array.from(ids, (id) => BigInt(value(id))), [1, ids.length]);
    const attention_mask = row(() => 1);
    // The model takes of these what its graph asks for.
    const output = (await model({ input_ids: row((id) => id), attention_mask, token_type_ids: row(() => 0) })) as Record<string, InstanceType<typeof Tensor>>;
    const states = output['last_hidden_state'] ?? output['token_embeddings'];
    if (states === undefined) throw new Error('the graph gives no last_hidden_state');
    return (mean_pooling(states, attention_mask).normalize(2, -1).data as Float32Array).slice();
  };

  return {
    perform: async ({ inputs, dimensions, maxComputeUnits }, { signal }) => {
      const rows: number[][] = [];
      let promptTokens = 0;
      for (const input of inputs) {
        const ids = idsOf(input);
        promptTokens += ids.length;
        if (promptTokens > maxComputeUnits) throw inputTooLarge(`${promptTokens} tokens`);
        rows.push(ids);
      }
      const vectors: Float32Array[] = [];
      for (const ids of rows) {
        signal.throwIfAborted();
        const vector = await embed(ids);
        if (dimensions !== null && dimensions !== vector.length) throw badInput(`the model gives ${vector.length} dimensions`);
        vectors.push(vector);
      }
      signal.throwIfAborted();
      return { kind: 'embed', vectors, promptTokens };
    },
    release: async () => void (await model.dispose()),
  };
}
