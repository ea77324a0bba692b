/** Bodies of the roles beside chat: what is read, what is refused, and result bytes in their fixed order (coordinator.md 4 and 6). */
import { describe, expect, it } from 'vitest';
import { shortestFloat32 } from './embeddings.ts';
import { answerOf, planWork } from './work.ts';

const task = '01M7XPG0PVERF7HENE4K5HTVH9';
const plan = (workloadClass: string, body: object) => planWork(workloadClass, JSON.stringify(body), task);

describe('bodies', () => {
  it.each<[string, object, boolean]>([
    ['ai.embedding', { input: 'a' }, true], ['ai.embedding', { input: [[1, 2], [3]] }, true], ['ai.embedding', { input: [] }, false], ['ai.embedding', { input: 'a', top: 1 }, false],
    ['ai.image', { prompt: 'a', size: '64x64' }, true], ['ai.image', { prompt: 'a' }, false],
    ['ai.speech', { input: 'a', voice: 'default' }, true], ['ai.speech', { file: 'AAAA' }, true], ['ai.speech', { file: 'AAAA', input: 'a' }, false],
    ['ai.inference', { messages: [{ role: 'user', content: 'a' }], frequency_penalty: 0 }, true], ['ai.inference', { messages: [{ role: 'user', content: 'a' }], frequency_penalty: 1 }, false],
    ['ai.training', { input: 'a' }, false],
  ])('%s %j', (workloadClass, body, fits) => {
    expect(plan(workloadClass, body) !== null).toBe(fits);
  });
});

describe('results', () => {
  it('of embeddings write the shortest floats, or their bytes', () => {
    const output = { kind: 'embed' as const, vectors: [Float32Array.of(0.1, -1, 1e-7)], promptTokens: 2 };
    const text = (body: object): string => answerOf(plan('ai.embedding', body) as never, { taskId: task, model: 'm@1' }, output).text;
    expect(text({ input: 'a' })).toBe('{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-1,1e-7]}],"model":"m@1","usage":{"prompt_tokens":2,"total_tokens":2}}');
    expect(text({ input: 'a', encoding_format: 'base64' })).toContain('"embedding":"zczMPQAAgL+Vv9Yz"');
  });
  it('read back to the same float32', () => {
    for (const value of [Math.fround(1 / 3), Math.fround(2 ** -24), Math.fround(9.999999e9), Math.fround(1.17549435e-38)]) expect(Math.fround(shortestFloat32(value))).toBe(value);
  });
});
