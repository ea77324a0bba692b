/** The prompts buyers send: the evaluation file of the sandbox's model, or a few of our own where it is absent. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Prompt } from './plan-request.ts';

const lineSchema = z.object({ prompt: z.string().min(1), answer: z.string() });

const ownPrompts = ['Spell map for Ada.', 'Where is the green rope?', 'Say hello to Pia and Cleo.', 'How many letters have cup and ring?', 'Nora paints the clock black. What now?', 'Hello.'];
const unknownAnswerBytes = 24;

/** Reads one `{"prompt","answer"}` per line. Throws when the file is there and does not read. */
export function readPrompts(file: string | null): readonly Prompt[] {
  if (file === null || !existsSync(file)) return ownPrompts.map((text) => ({ text, answerBytes: unknownAnswerBytes }));
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const { prompt, answer } = lineSchema.parse(JSON.parse(line));
    return { text: prompt, answerBytes: Buffer.byteLength(answer) };
  });
}
