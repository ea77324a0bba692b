/** Role 2: a conversation about pictures by transformers.js's image-text-to-text models, decoded with the same sampler, stop strings and budget as chat (coordinator.md 4, ai.vision). */
import type * as Transformers from '@huggingface/transformers';
import { z } from 'zod';
import type { RoleRequest } from '../../src-shared/link/role-tasks.ts';
import { badInput, inputTooLarge } from './engine-failure.ts';
import { imageSize } from './image-size.ts';
import { readModelJson } from './read-model-json.ts';
import type { Performer, PerformOptions, RoleFolder } from './role-model.ts';
import { loadTransformers } from './runtime.ts';
import { createPicker } from './sampler.ts';
import { createTextStream } from './text-stream.ts';
import { readByteTable } from './tokenizer.ts';

type Request = Extract<RoleRequest, { kind: 'see' }>;
/** 16 million pixels are 64 MB decoded. */
const mostPixels = 16_000_000;
/** Families whose processors are known here, and in which order theirs takes text and pictures. */
const imagesFirst: Readonly<Record<string, boolean>> = { llava: true, llava_qwen2: true, idefics3: false, smolvlm: false };

const processorSchema = z.looseObject({ image_token: z.string().default('<image>'), patch_size: z.number().int().positive().optional(), num_additional_image_tokens: z.number().int().min(0).default(0) });

/** The pictures of a request, decoded. @throws EngineFailure inference.bad_input */
async function pictures({ RawImage }: typeof Transformers, { messages }: Request): Promise<Transformers.RawImage[]> {
  const files = messages.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'image' ? [Buffer.from(part.base64, 'base64')] : [])));
  const found: Transformers.RawImage[] = [];
  for (const file of files) {
    const size = imageSize(file);
    if (size === null) throw badInput('a picture is neither PNG nor JPEG nor WebP');
    if (size.width * size.height > mostPixels) throw badInput(`a picture has more than ${mostPixels} pixels`);
    found.push(
      await RawImage.fromBlob(new Blob([file])).catch((cause: unknown) => {
        throw badInput(`a picture does not open: ${cause instanceof Error ? cause.message : 'unknown'}`);
      }),
    );
  }
  return found;
}

/** Loads a vision model. @throws Error for a family whose processor is not known */
export async function loadViewer({ folder, config, load }: RoleFolder): Promise<Performer<'see'>> {
  const isImagesFirst = imagesFirst[config.model_type];
  if (isImagesFirst === undefined) throw new Error(`vision runs ${Object.keys(imagesFirst).join(', ')} models, not ${config.model_type}`);
  const transformers = await loadTransformers();
  const { AutoModelForImageTextToText, AutoProcessor, AutoTokenizer } = transformers;
  const processor = await AutoProcessor.from_pretrained(folder, { local_files_only: true });
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  const bytesOf = await readByteTable(folder);
  const model = await AutoModelForImageTextToText.from_pretrained(folder, load);
  const settings = await readModelJson(folder, 'processor_config.json', processorSchema, {});
  const contextTokens = config.text_config?.max_position_embeddings ?? config.max_position_embeddings ?? 2_048;

  /** The prompt as tensors, each picture at its place. */
  const prepare = async (request: Request): Promise<Record<string, Transformers.Tensor>> => {
    const images = await pictures(transformers, request);
    const turns = request.messages.map(({ role, parts }) => ({ role, content: parts.map((part) => (part.kind === 'image' ? { type: 'image' } : { type: 'text', text: part.text })) }));
    // A text that names the picture's token would move the pictures' places.
    if (request.messages.some(({ parts }) => parts.some((part) => part.kind === 'text' && part.text.includes(settings.image_token)))) throw badInput(`a text holds ${settings.image_token}`);
    let text = tokenizer.apply_chat_template(turns as never, { tokenize: false, add_generation_prompt: true }) as unknown as string;
    if (images.length === 0) return tokenizer(text, { add_special_tokens: false }) as Record<string, Transformers.Tensor>;
    if (!isImagesFirst) return (await processor(text, images as never, { add_special_tokens: false } as never)) as Record<string, Transformers.Tensor>;
    const pixels = (await (processor.image_processor as unknown as (images: unknown) => Promise<Record<string, Transformers.Tensor>>)(images)) ?? {};
    const [height = 0, width = 0] = pixels['pixel_values']?.dims.slice(-2) ?? [];
    const { image_token, patch_size = 1, num_additional_image_tokens } = settings;
    const places = Math.floor(height / patch_size) * Math.floor(width / patch_size) + num_additional_image_tokens;
    text = text.replaceAll(image_token, image_token.repeat(places));
    return { ...pixels, ...(tokenizer(text, { add_special_tokens: false }) as Record<string, Transformers.Tensor>) };
  };

  return {
    perform: async (request, options) => {
      const inputs = await prepare(request);
      const promptTokens = inputs['input_ids']?.dims.at(-1) ?? 0;
      if (promptTokens > request.maxComputeUnits || promptTokens >= contextTokens) throw inputTooLarge(`${promptTokens} tokens`);
      options.signal.throwIfAborted();
      const left = Math.max(0, Math.min(request.maxComputeUnits, contextTokens) - promptTokens);
      const most = Math.min(left, request.maxOutputTokens ?? left);
      return { kind: 'see', promptTokens, ...(await generate(transformers, model, inputs, most, request, options, bytesOf)) };
    },
    release: async () => void (await model.dispose()),
  };
}

/** Decodes an answer of at most `most` tokens. */
async function generate(
  { InterruptableStoppingCriteria, LogitsProcessor, LogitsProcessorList }: typeof Transformers,
  model: Transformers.PreTrainedModel,
  inputs: Record<string, Transformers.Tensor>,
  most: number,
  { sampling, stop }: Request,
  { signal, onText }: PerformOptions,
  bytesOf: (token: number) => Uint8Array,
): Promise<{ content: string; finishReason: 'stop' | 'length'; completionTokens: number }> {
  const text = createTextStream(stop);
  const pick = createPicker(sampling);
  const criteria = new InterruptableStoppingCriteria();
  let content = '';
  let completionTokens = 0;
  let stopped = false;
  const flush = (): void => {
    const delta = text.take();
    content += delta;
    if (delta !== '') onText?.(delta);
  };
  /** Leaves the token of our own choice as the only one, so that the library's argmax takes it. */
  class Choice extends LogitsProcessor {
    override _call(_: bigint[][], logits: Transformers.Tensor): Transformers.Tensor {
      const data = logits.data as Float32Array;
      const token = pick({ data, offset: 0, length: data.length });
      data.fill(-Infinity);
      if (token >= 0) data[token] = 0;
      return logits;
    }
  }
  let isPrompt = true;
  const streamer = {
    put: (rows: bigint[][]): void => {
      if (isPrompt) return void (isPrompt = false);
      const token = Number(rows[0]?.[0] ?? -1n);
      completionTokens++;
      if (text.push(bytesOf(token))) {
        stopped = true;
        criteria.interrupt();
      }
      flush();
      // What follows a token is a macrotask away only if we make it so: a cancel must be heard between two.
      if (signal.aborted) criteria.interrupt();
    },
    end: (): void => undefined,
  };
  const choices = new LogitsProcessorList();
  choices.push(new Choice());
  const onAbort = (): void => criteria.interrupt();
  signal.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  if (most > 0) {
    const rows = (await model
      .generate({ ...inputs, max_new_tokens: most, do_sample: false, logits_processor: choices, stopping_criteria: criteria as never, streamer: streamer as never } as never)
      .finally(() => signal.removeEventListener('abort', onAbort))) as Transformers.Tensor;
    const ends = [model.generation_config?.eos_token_id ?? []].flat();
    ended = ends.includes(Number((rows.tolist() as bigint[][])[0]?.at(-1) ?? -1n));
  }
  signal.throwIfAborted();
  text.end();
  flush();
  return { content, finishReason: stopped || ended ? 'stop' : 'length', completionTokens };
}
