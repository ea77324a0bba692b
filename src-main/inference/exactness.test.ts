/** Runs the committed model through the real engine over every unseen prompt: at least 95 % exact answers, each bit-identical when repeated (scripts/model/README.md). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedModel, loadModel } from './loaded-model.ts';
import { generate } from './engine.ts';

const folder = join(import.meta.dirname, '../../resources/models/sandbox/tiny-chat');
type Case = { task: string; prompt: string; answer: string };
const cases = readFileSync(join(folder, 'eval.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

let model: LoadedModel;
beforeAll(async () => {
  const loaded = await loadModel(folder, 'cpu');
  if ('detail' in loaded) throw new Error(loaded.detail);
  model = loaded;
});
afterAll(() => model.release());

const answer = (prompt: string) =>
  generate(
    model,
    {
      model: model.ready.id,
      messages: [{ role: 'user', content: prompt }],
      maxComputeUnits: 400,
      maxOutputTokens: null,
      sampling: { kind: 'greedy' },
      stop: [],
    },
    { signal: new AbortController().signal, onText: null, nowMs: () => performance.now() },
  );

describe('the committed chat model', () => {
  it('has at least 500 different unseen prompts', () => {
    expect(new Set(cases.map((c) => c.prompt)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(500);
  });
  it('answers at least 95 % of them exactly', { timeout: 120_000 }, async () => {
    const wrong: (Case & { got: string })[] = [];
    // All are asked at once: the decoder runs as many together as it takes.
    const answers = await Promise.all(cases.map((item) => answer(item.prompt)));
    cases.forEach((item, i) => {
      const { content, finishReason } = answers[i] as (typeof answers)[number];
      if (content !== item.answer || finishReason !== 'stop') wrong.push({ ...item, got: content });
    });
    const share = 1 - wrong.length / cases.length;
    expect(share, JSON.stringify(wrong.slice(0, 20), null, 1)).toBeGreaterThanOrEqual(0.95);
  });
});
