/** A wrong node's answers differ, their deltas still join, and nothing differs while it is honest. */
import { describe, expect, it } from 'vitest';
import { alteration, alterInference } from './altered-inference.ts';

const engine = {
  status: () => 'ready',
  run: async (_: { model: string }, { onText }: { signal: AbortSignal; onText?: (delta: string) => void }) => {
    onText?.('An ');
    onText?.('answer.');
    return { content: 'An answer.', promptTokens: 3, completionTokens: 4 };
  },
};
const { signal } = new AbortController();

describe('alterInference', () => {
  it.each([
    [false, 'An answer.'],
    [true, `An answer.${alteration}`],
  ])('wrong: %s', async (wrong, content) => {
    const altered = alterInference(engine, () => wrong);
    const deltas: string[] = [];
    expect(await altered.run({ model: 'm' }, { signal, onText: (delta) => void deltas.push(delta) })).toEqual({ content, promptTokens: 3, completionTokens: 4 });
    expect(deltas.join('')).toBe(content);
    expect(await altered.run({ model: 'm' }, { signal })).toMatchObject({ content });
    expect(altered.status()).toBe('ready');
  });
  it('asks anew for each answer', async () => {
    let wrong = false;
    const altered = alterInference(engine, () => wrong);
    const first = (await altered.run({ model: 'm' }, { signal })).content;
    wrong = true;
    expect((await altered.run({ model: 'm' }, { signal })).content).not.toBe(first);
  });
});
