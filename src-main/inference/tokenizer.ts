/** The tokenizer of a model folder: conversation to token ids through the model's own chat template, token ids to bytes (stack.md 7). */
import { resolve } from 'node:path';
import { z } from 'zod';
import { readModelJson } from './read-model-json.ts';
import { loadTransformers } from './runtime.ts';
import type { ChatMessage } from './types.ts';

/** Tokens in, bytes out. Bytes, because a token may be half a character. */
export type ModelTokenizer = {
  /** The conversation in the chat template, ready for the answer. */
  encode(messages: readonly ChatMessage[]): number[];
  /** Bytes of one token; none for special tokens. */
  bytesOf(token: number): Uint8Array;
};

const NO_BYTES = new Uint8Array(0);

const decoderSchema = z.union([
  z.object({ type: z.literal('ByteLevel') }),
  z.object({ type: z.literal('Sequence'), decoders: z.array(z.object({ type: z.string() })) }),
]);
const tokenizerFileSchema = z.object({
  decoder: decoderSchema,
  added_tokens: z.array(z.object({ id: z.number().int(), content: z.string(), special: z.boolean() })),
  model: z.object({ vocab: z.record(z.string(), z.number().int()) }),
});

/** Character of the byte-level alphabet → byte: printable Latin-1 stands for itself, the others follow from U+0100 in order. */
function byteAlphabet(): Map<string, number> {
  const table = new Map<string, number>();
  let spare = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    table.set(String.fromCharCode(printable ? byte : spare++), byte);
  }
  return table;
}

/** Bytes of every token id of a byte-level vocabulary. */
function byteTable(file: z.infer<typeof tokenizerFileSchema>): Uint8Array[] {
  const alphabet = byteAlphabet();
  const table: Uint8Array[] = [];
  for (const [text, id] of Object.entries(file.model.vocab)) {
    const bytes = [...text].map((character) => alphabet.get(character));
    table[id] = bytes.includes(undefined) ? new TextEncoder().encode(text) : Uint8Array.from(bytes as number[]);
  }
  for (const { id, content, special } of file.added_tokens) {
    table[id] = special ? NO_BYTES : new TextEncoder().encode(content);
  }
  return table;
}

const isByteLevel = ({ decoder }: z.infer<typeof tokenizerFileSchema>): boolean =>
  decoder.type === 'ByteLevel' || decoder.decoders.some((part) => part.type === 'ByteLevel');

/** Bytes of one token by tokenizer.json of a verified model folder; none for special tokens. @throws Error when it is not byte-level */
export async function readByteTable(folder: string): Promise<ModelTokenizer['bytesOf']> {
  const file = await readModelJson(folder, 'tokenizer.json', tokenizerFileSchema);
  if (!isByteLevel(file)) throw new Error('the tokenizer is not byte-level');
  const table = byteTable(file);
  return (token) => table[token] ?? NO_BYTES;
}

/**
 * Reads tokenizer.json and tokenizer_config.json of a verified model folder.
 * @throws Error when the files are no byte-level tokenizer with a chat template
 */
export async function loadTokenizer(folder: string): Promise<ModelTokenizer> {
  const bytesOf = await readByteTable(folder);
  const { AutoTokenizer } = await loadTransformers();
  // A path that is no model's name is taken as it is.
  const tokenizer = await AutoTokenizer.from_pretrained(resolve(folder), { local_files_only: true });
  return {
    encode: (messages) => {
      const text = tokenizer.apply_chat_template([...messages], { tokenize: false, add_generation_prompt: true });
      return tokenizer.encode(text as unknown as string, { add_special_tokens: false });
    },
    bytesOf,
  };
}
