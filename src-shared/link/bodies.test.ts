/** Bodies of the roles beside chat: what is read, what is refused, and result bytes in their fixed order (coordinator.md 4 and 6). */
import { describe, expect, it } from 'vitest';
import { shortestFloat32 } from './embeddings.ts';
import { answerOf, planWork } from './work.ts';

const task = '01M7XPG0PVERF7HENE4K5HTVH9';
const plan = (workloadClass: string, body: object) => planWork(workloadClass, JSON.stringify(body), task);

const chat = { messages: [{ role: 'user', content: 'a' }] };
const picture = 'data:image/png;base64,AAAA';
const asking = (url: unknown, more: object = {}): object => ({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url, ...more } }, { type: 'text', text: 'a' }] }] });
const sha256 = 'a'.repeat(64);
const run = { module: 'AAAA', args: ['a'], stdin: 'AAAA' };

describe('bodies', () => {
  it.each<[string, object]>([
    ['ai.inference', chat], ['ai.inference', { ...chat, frequency_penalty: 0, max_tokens: 1, stop: ['a', 'b'], stream: true, stream_options: { include_usage: true } }],
    ['ai.vision', asking(picture)], ['ai.vision', chat],
    ['ai.embedding', { input: 'a' }], ['ai.embedding', { input: [[1, 2], [3]], dimensions: 8, encoding_format: 'base64' }],
    ['ai.image', { prompt: 'a', size: '64x64' }], ['ai.image', { prompt: 'a', size: '64x64', n: 10, response_format: 'b64_json' }],
    ['ai.speech', { input: 'a', voice: 'default', speed: 2 }], ['ai.speech', { file: 'AAAA', language: 'en' }],
    ['wasm.run', run], ['wasm.run', { ...run, module: { url: 'https://example.com/a.wasm', sha256 }, model: 'm', stream: false }],
  ])('%s is read: %j', (workloadClass, body) => {
    expect(plan(workloadClass, body)).not.toBeNull();
  });

  /** For each class: a parameter that nobody knows, one of another type, and one that is too large or out of its range. */
  const refused: Record<string, [what: string, body: object][]> = {
    'ai.inference': [
      ['an unknown parameter', { ...chat, top_k: 5 }], ['an unknown one in a message', { messages: [{ role: 'user', content: 'a', audio: {} }] }], ['no messages', {}], ['an empty list', { messages: [] }],
      ['a number for a text', { messages: [{ role: 'user', content: 1 }] }], ['a text for a number', { ...chat, max_tokens: '5' }], ['a role nobody has', { messages: [{ role: 'tool', content: 'a' }] }],
      ['more than two degrees', { ...chat, temperature: 2.1 }], ['five stops', { ...chat, stop: ['a', 'b', 'c', 'd', 'e'] }], ['no tokens', { ...chat, max_tokens: 0 }], ['a penalty', { ...chat, frequency_penalty: 1 }], ['two answers', { ...chat, n: 2 }],
    ],
    'ai.vision': [
      ['an unknown parameter', { ...asking(picture), top_k: 5 }], ['an unknown one of the picture', asking(picture, { scale: 2 })], ['a number for the picture', asking(5)], ['a picture from elsewhere', asking('https://example.com/a.png')],
      ['another format', asking('data:image/gif;base64,AAAA')], ['what is no base64', asking('data:image/png;base64,A A')],
    ],
    'ai.embedding': [
      ['an unknown parameter', { input: 'a', top: 1 }], ['nothing', {}], ['an empty list', { input: [] }], ['an empty text', { input: [''] }], ['an object', { input: { text: 'a' } }], ['half a token', { input: [1.5] }],
      ['a negative token', { input: [-1] }], ['another encoding', { input: 'a', encoding_format: 'int8' }], ['no width', { input: 'a', dimensions: 0 }], ['2,049 texts', { input: Array.from({ length: 2_049 }, () => 'a') }],
    ],
    'ai.image': [
      ['an unknown parameter', { prompt: 'a', size: '64x64', style: 'vivid' }], ['a seed, which no engine takes', { prompt: 'a', size: '64x64', seed: 1 }], ['no size', { prompt: 'a' }], ['a number for a size', { prompt: 'a', size: 64 }],
      ['a side over 4,096', { prompt: 'a', size: '4097x1' }], ['no side', { prompt: 'a', size: '0x64' }], ['11 images', { prompt: 'a', size: '64x64', n: 11 }], ['an address for the answer', { prompt: 'a', size: '64x64', response_format: 'url' }],
      ['a prompt over 32,000 characters', { prompt: 'a'.repeat(32_001), size: '64x64' }],
    ],
    'ai.speech': [
      ['an unknown parameter', { input: 'a', instructions: 'soft' }], ['an unknown one with a file', { file: 'AAAA', prompt: 'a' }], ['both', { file: 'AAAA', input: 'a' }], ['neither', { model: 'm' }], ['a number for a text', { input: 5 }],
      ['a text over 4,096 characters', { input: 'a'.repeat(4_097) }], ['five times the speed', { input: 'a', speed: 5 }], ['another format', { input: 'a', response_format: 'mp3' }], ['a file that is no base64', { file: 'A' }],
      ['a language that is none', { file: 'AAAA', language: 'English' }], ['times beside the text', { file: 'AAAA', response_format: 'verbose_json' }],
    ],
    'wasm.run': [
      ['an unknown parameter', { ...run, env: {} }], ['an unknown one of the address', { ...run, module: { url: 'https://example.com/a.wasm', sha256, size: 5 } }], ['an address without a hash', { ...run, module: { url: 'https://example.com/a.wasm' } }],
      ['a number for a module', { ...run, module: 5 }], ['no arguments', { module: 'AAAA', stdin: '' }], ['a number as argument', { ...run, args: [5] }], ['an argument with a zero byte', { ...run, args: ['a\0'] }],
      ['what is no base64', { ...run, stdin: '%' }], ['1,025 arguments', { ...run, args: Array.from({ length: 1_025 }, () => '') }], ['an argument over 65,536 characters', { ...run, args: ['a'.repeat(65_537)] }],
    ],
    'ai.training': [['of a class that is not served', { input: 'a' }]],
  };
  it.each(Object.entries(refused).flatMap(([workloadClass, rows]) => rows.map(([what, body]) => [workloadClass, what, body] as const)))('%s is refused: %s', (workloadClass, _, body) => {
    expect(plan(workloadClass, body)).toBeNull();
  });
  it.each(Object.keys(refused))('%s is refused when it is no JSON object', (workloadClass) => {
    for (const body of ['', '{', 'null', '[]', '"a"', '5']) expect(planWork(workloadClass, body, task)).toBeNull();
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
