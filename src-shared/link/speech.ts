/** Speech bodies, both ways: transcription requests carry a WAV file in base64 as `file`, speech requests a text as `input` (coordinator.md 4, ai.speech). */
import { z } from 'zod';
import { base64Schema } from '../domain/ids.ts';
import type { RoleTask } from './role-tasks.ts';

/** Audio to text. Only the plain answer is written, so nothing else may be asked for. */
export const transcriptionRequestSchema = z.strictObject({
  file: base64Schema.min(4),
  model: z.string().nullish(),
  language: z.string().regex(/^[a-z]{2,3}$/).nullish(),
  response_format: z.literal('json').nullish(),
  temperature: z.literal(0).nullish(),
});

/** Text to audio; always a WAV file. */
export const speechRequestSchema = z.strictObject({
  input: z.string().min(1).max(4_096),
  model: z.string().nullish(),
  voice: z.string().min(1).max(100).nullish(),
  response_format: z.literal('wav').nullish(),
  speed: z.number().min(0.25).max(4).nullish(),
});

/** A run, as values. */
export type SpeechPlan = { task: Extract<RoleTask, { kind: 'hear' | 'speak' }> };

/** Reads parsed JSON into a plan, or null when it is neither request (bad_payload). */
export function planSpeech(json: unknown): SpeechPlan | null {
  const transcription = transcriptionRequestSchema.safeParse(json);
  if (transcription.success) return { task: { kind: 'hear', audio: transcription.data.file, language: transcription.data.language ?? null } };
  const speech = speechRequestSchema.safeParse(json);
  if (!speech.success) return null;
  const { input, voice, speed } = speech.data;
  return { task: { kind: 'speak', text: input, voice: voice ?? null, speed: speed ?? 1 } };
}

/** The results as compact JSON in exactly the key order of coordinator.md 4. */
export const transcriptionResultText = (text: string): string => JSON.stringify({ text });
export const speechResultText = (audio: string): string => JSON.stringify({ audio, format: 'wav' });
