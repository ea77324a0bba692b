/** Role 4: text to a WAV file by transformers.js's text-to-speech pipeline, cut where the budget ends; one unit per 10 ms of sound (coordinator.md 4 and 6). */
import { z } from 'zod';
import { EngineFailure, badInput } from './engine-failure.ts';
import type { Performer, RoleFolder } from './role-model.ts';
import { loadTransformers } from './runtime.ts';
import { audioUnits, writeWav } from './wav.ts';

/** A sentence a run, so that a cancel is felt between two; longer ones are parted at a space. */
const longestPiece = 400;
const outputSchema = z.object({ audio: z.instanceof(Float32Array), sampling_rate: z.number().int().positive() });

/** The text in pieces that joined are the text. */
export function pieces(text: string): string[] {
  return (text.match(/[^.!?\n]*(?:[.!?\n]+\s*|$)/g) ?? []).flatMap((sentence) => sentence.match(new RegExp(`.{1,${longestPiece - 1}}(?:\\s+|$)|.{1,${longestPiece}}`, 'gsu')) ?? []).filter((piece) => piece !== '');
}

/** Loads a voice. Models that need a separate vocoder or a speaker's embedding have none here. @throws Error for those */
export async function loadSpeaker({ folder, config, load, random }: RoleFolder): Promise<Performer<'speak'>> {
  if (config.model_type !== 'vits') throw new Error(`text to speech runs VITS models, not ${config.model_type}`);
  const { pipeline } = await loadTransformers();
  const speak = await pipeline('text-to-speech', folder, load);

  return {
    perform: async ({ text, voice, speed, maxComputeUnits, exact }, { signal }) => {
      if (voice !== null && voice !== 'default') throw badInput('the model has one voice, named default');
      if (speed !== 1) throw badInput('the model has one speed');
      // Others are promised the same bytes, and this graph would give them others.
      if (random && exact === true) throw new EngineFailure('inference.model_failed', 'its graph draws random numbers, so nobody could re-execute it');
      const parts: Float32Array[] = [];
      let rate = z.number().int().positive().parse(config['sampling_rate']);
      let length = 0;
      for (const piece of pieces(text)) {
        signal.throwIfAborted();
        if (audioUnits(length, rate) >= maxComputeUnits) break;
        const spoken = outputSchema.parse(await speak(piece, {} as never));
        rate = spoken.sampling_rate;
        parts.push(spoken.audio);
        length += spoken.audio.length;
      }
      signal.throwIfAborted();
      const samples = new Float32Array(Math.min(length, Math.floor((maxComputeUnits * rate) / 100)));
      let at = 0;
      for (const part of parts) {
        samples.set(part.subarray(0, samples.length - at), at);
        at = Math.min(samples.length, at + part.length);
      }
      return { kind: 'speak', audio: Buffer.from(writeWav({ samples, rate })).toString('base64'), units: audioUnits(samples.length, rate) };
    },
    release: async () => void (await speak.dispose()),
  };
}
