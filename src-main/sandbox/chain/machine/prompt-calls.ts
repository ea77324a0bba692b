/** The entry functions by which a prompt is sent, and their arguments as a prompt (protocol.md 2.5). */
import type { MachineCall, MachineParam, MachinePure } from './call-shape.ts';
import type { PromptRequest } from '../rules/index.ts';
import type { CallArguments } from './call-arguments.ts';

const pure = (name: string, kind: MachinePure): MachineParam => ({ name, kind: 'pure', pure: kind });

const sends = (name: string, params: readonly MachineParam[]): MachineCall => ({
  module: 'prompts',
  function: name,
  visibility: 'private',
  params: [
    { name: 'atoma', kind: 'shared', object: 'AtomaDb' },
    { name: 'wallet', kind: 'coin' },
    pure('model', 'string'),
    pure('output_destination', 'vector<u8>'),
    ...params,
    { name: 'random', kind: 'random' },
  ],
  usesRandom: true,
  takesContext: true,
});

/** The functions, in order of their parameters. */
export const PROMPT_CALLS = {
  send_prompt: sends('send_prompt', [
    pure('pre_prompt_tokens', 'vector<u32>'),
    pure('prepend_output_with_input', 'bool'),
    pure('max_fee_per_token', 'u64'),
    pure('prompt', 'vector<u8>'),
    pure('should_stream_output', 'bool'),
    pure('max_tokens', 'u64'),
    pure('repeat_last_n', 'u64'),
    pure('repeat_penalty', 'u32'),
    pure('temperature', 'u32'),
    pure('top_k', 'u64'),
    pure('top_p', 'u32'),
    pure('nodes_to_sample', 'option<u64>'),
  ]),
  send_image_prompt: sends('send_image_prompt', [
    pure('max_fee_per_input_token', 'u64'),
    pure('max_fee_per_output_pixel', 'u64'),
    pure('prompt', 'vector<u8>'),
    pure('uncond_prompt', 'vector<u8>'),
  ]),
} as const satisfies Record<string, MachineCall>;

/** What only the chain knows: the id of the new ticket, a random seed, and what the wallet holds. */
export interface PromptFacts {
  readonly ticketId: string;
  readonly randomSeed: bigint;
  readonly walletAmount: bigint;
}

/** The arguments of `send_prompt`; one fee caps both directions. */
export const textPrompt = (a: CallArguments, { randomSeed, ...facts }: PromptFacts): PromptRequest => ({
  ...facts,
  prompt: {
    kind: 'text',
    params: {
      maxTokens: a.u64('max_tokens'),
      model: a.text('model'),
      prePromptTokens: a.list('pre_prompt_tokens').map(Number),
      prependOutputWithInput: a.flag('prepend_output_with_input'),
      prompt: a.bytes('prompt'),
      randomSeed,
      repeatLastN: a.u64('repeat_last_n'),
      repeatPenalty: a.number('repeat_penalty'),
      shouldStreamOutput: a.flag('should_stream_output'),
      temperature: a.number('temperature'),
      topK: a.u64('top_k'),
      topP: a.number('top_p'),
    },
  },
  maxInputFee: a.u64('max_fee_per_token'),
  maxOutputFee: a.u64('max_fee_per_token'),
  nodes: a.optionalU64('nodes_to_sample'),
  outputDestination: a.bytes('output_destination'),
});

/** Bits of 1.0 as a 32-bit floating point number. */
const ONE = 0x3f80_0000;

/** The arguments of `send_image_prompt`, and what that function fixes: two pictures of 256 by 256 in 40 steps, one node. */
export const imagePrompt = (a: CallArguments, { randomSeed, ...facts }: PromptFacts): PromptRequest => ({
  ...facts,
  prompt: {
    kind: 'image',
    params: {
      guidanceScale: ONE,
      height: 256n,
      img2img: null,
      img2imgStrength: ONE,
      model: a.text('model'),
      nSteps: 40n,
      numSamples: 2n,
      outputDestination: a.bytes('output_destination'),
      prompt: a.bytes('prompt'),
      randomSeed,
      uncondPrompt: a.bytes('uncond_prompt'),
      width: 256n,
    },
  },
  maxInputFee: a.u64('max_fee_per_input_token'),
  maxOutputFee: a.u64('max_fee_per_output_pixel'),
  nodes: 1n,
  outputDestination: a.bytes('output_destination'),
});
