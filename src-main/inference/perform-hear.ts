/** Role 5: a WAV file to text by transformers.js's speech-recognition pipeline; one unit per 10 ms of input (coordinator.md 4 and 6). */
import { z } from 'zod';
import { badInput, inputTooLarge } from './engine-failure.ts';
import type { Performer, RoleFolder } from './role-model.ts';
import { loadTransformers } from './runtime.ts';
import { audioUnits, readWav, resample } from './wav.ts';

/** Whisper hears 30 s at a time; longer recordings are heard in pieces that overlap. */
const chunkSeconds = 30;
const strideSeconds = 5;
const outputSchema = z.object({ text: z.string() });

/** Loads a recogniser: Whisper, Moonshine, Wav2Vec2, HuBERT and the like. */
export async function loadListener({ folder, config, load }: RoleFolder): Promise<Performer<'hear'>> {
  const { pipeline, InterruptableStoppingCriteria } = await loadTransformers();
  const listen = await pipeline('automatic-speech-recognition', folder, load);
  const rate = z.number().positive().parse((listen.processor as { feature_extractor?: { config?: Record<string, unknown> } }).feature_extractor?.config?.['sampling_rate']);
  const generates = !/^(wav2vec2|unispeech|hubert|parakeet)/.test(config.model_type);
  const isWhisper = config.model_type.endsWith('whisper');

  return {
    perform: async ({ audio, language, maxComputeUnits }, { signal }) => {
      const sound = readWav(Buffer.from(audio, 'base64'));
      const units = audioUnits(sound.samples.length, sound.rate);
      if (units > maxComputeUnits) throw inputTooLarge(`${units * 10} ms of audio`);
      if (language !== null && !isWhisper) throw badInput('the model takes no language');
      const criteria = new InterruptableStoppingCriteria();
      const stop = (): void => criteria.interrupt();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const wishes = {
          ...(generates ? { do_sample: false, stopping_criteria: criteria } : {}),
          ...(isWhisper ? { chunk_length_s: chunkSeconds, stride_length_s: strideSeconds, ...(language === null ? {} : { language, task: 'transcribe' }) } : {}),
        };
        const { text } = outputSchema.parse(await listen(resample(sound, rate), wishes as never));
        signal.throwIfAborted();
        return { kind: 'hear', text: text.trim(), units };
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    release: async () => void (await listen.dispose()),
  };
}
