/** A strict stand-in for an engine of each kind: answers only what that kind answers, refuses what its interface does not know, and fails as asked (issue 4, item 5: "else a strict local double"). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { EngineKind } from '../../../src-shared/bridge/engine-calls.ts';

/** What goes wrong with the next requests for answers; `times` of them, or all. */
export type EngineFault =
  | { kind: 'busy'; retryAfter: string | null }
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'cut'; afterPieces: number }
  | { kind: 'no_usage' }
  | { kind: 'usage'; promptTokens: number; completionTokens: number }
  | { kind: 'varies' }
  | { kind: 'varies_in_company' }
  | { kind: 'not_json' }
  | { kind: 'redirect'; to: string }
  | { kind: 'error_in_stream' }
  | { kind: 'finish'; reason: string | null }
  | { kind: 'hold' };

export type EngineDouble = {
  url: string;
  /** Bodies of requests for answers, in their order. */
  requests: { path: string; body: Record<string, unknown>; authorization: string | null }[];
  /** Most requests for answers that ran at one time. */
  mostAtOnce(): number;
  /** Streams the engine noticed to be left. */
  left(): number;
  setFault(fault: EngineFault | null, times?: number): void;
  /** Resolves when so many are held. */
  held(count: number): Promise<void>;
  /** Lets what `hold` holds go on. */
  release(): void;
  setVersion(version: string): void;
  close(): Promise<void>;
};

type Options = { kind: EngineKind; models: string[]; token?: string | null; contextTokens?: number; /** Milliseconds are not waited; a piece goes out a turn of the loop. */ onPiece?: () => void };

const chatSchema = z.strictObject({
  model: z.string(),
  messages: z.array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1),
  n: z.literal(1),
  temperature: z.number(),
  top_p: z.number(),
  seed: z.number().int().min(0).max(0xffff_ffff).optional(),
  stop: z.array(z.string()).min(1).optional(),
  max_tokens: z.number().int().min(1),
  stream: z.boolean(),
  stream_options: z.strictObject({ include_usage: z.literal(true) }).optional(),
  cache_prompt: z.boolean().optional(),
});
const embedSchema = z.strictObject({ model: z.string(), input: z.array(z.string()).min(1), encoding_format: z.literal('float') });
const imageSchema = z.strictObject({ model: z.string(), prompt: z.string(), n: z.number().int(), size: z.string(), response_format: z.literal('b64_json') });
type Chat = z.infer<typeof chatSchema>;

const templateTokens = 5;
/** Tokens are words, and five for the template of each message. */
export const countWords = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.split(/\s+/).filter(Boolean).length + templateTokens, 0);

/** Starts one on a port of its own. */
export async function startEngineDouble({ kind, models, token = null, contextTokens = 4_096 }: Options): Promise<EngineDouble> {
  const requests: EngineDouble['requests'] = [];
  let fault: EngineFault | null = null;
  let times = 0;
  let version = '1.2.3';
  let running = 0;
  let most = 0;
  let left = 0;
  let answered = 0;
  let holding: (() => void)[] = [];
  const arrivals = new Set<() => void>();

  const send = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
  const refuse = (response: ServerResponse, status: number, message: string): void => send(response, status, { error: { message, type: 'invalid_request_error', code: status } });
  const taken = (): EngineFault | null => {
    if (fault === null || times <= 0) return null;
    times -= 1;
    return fault;
  };

  const about = (path: string): unknown => {
    const list = { object: 'list', data: models.map((id) => ({ id, object: 'model', owned_by: kind, ...(kind === 'vllm' ? { max_model_len: contextTokens, root: id } : {}), ...(kind === 'llama-cpp' ? { meta: { n_ctx: contextTokens, n_params: 7 } } : {}) })) };
    const pages: Record<EngineKind, Record<string, unknown>> = {
      vllm: { '/health': '', '/version': { version }, '/v1/models': list },
      'llama-cpp': { '/health': { status: 'ok' }, '/props': { build_info: version, default_generation_settings: { n_ctx: contextTokens } }, '/v1/models': list },
      ollama: { '/api/version': { version }, '/api/tags': { models: models.map((name) => ({ name, digest: `d-${name}` })) }, '/v1/models': list },
      tei: { '/health': '', '/info': { version, model_id: models[0], model_sha: 'abc', model_dtype: 'float16', max_input_length: contextTokens } },
      openai: { '/v1/models': list },
    };
    return pages[kind][path];
  };

  const wordsOf = (chat: Chat, odd: boolean): string[] => {
    const prompt = chat.messages.map(({ content }) => content).join(' ');
    const hash = [...prompt].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, chat.temperature === 0 ? 1 : (chat.seed ?? Math.floor(Math.random() * 1e6)));
    const whole = Array.from({ length: 40 }, (_, index) => `w${(hash + index * 7) % 97}`);
    return odd ? ['other', ...whole.slice(1)] : whole;
  };

  const answerChat = async (response: ServerResponse, chat: Chat, wrong: EngineFault | null): Promise<void> => {
    const promptTokens = countWords(chat.messages.map(({ content }) => content));
    if (promptTokens + chat.max_tokens > contextTokens) return refuse(response, 400, `the context is ${contextTokens} tokens`);
    const odd = wrong?.kind === 'varies' ? answered % 2 === 1 : wrong?.kind === 'varies_in_company' && running > 1;
    answered += 1;
    if (wrong?.kind === 'hold') await new Promise<void>((go) => {
      holding.push(go);
      response.on('close', go);
      arrivals.forEach((look) => look());
    });
    const all = wordsOf(chat, odd);
    const words = all.slice(0, chat.max_tokens);
    let finish: string | null = words.length < all.length ? 'length' : 'stop';
    let text = words.join(' ');
    const stops = (chat.stop ?? []).map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    if (stops.length > 0) [text, finish] = [text.slice(0, Math.min(...stops)), 'stop'];
    if (wrong?.kind === 'finish') finish = wrong.reason;
    const usage = wrong?.kind === 'usage' ? { prompt_tokens: wrong.promptTokens, completion_tokens: wrong.completionTokens, total_tokens: wrong.promptTokens + wrong.completionTokens } : { prompt_tokens: promptTokens, completion_tokens: words.length, total_tokens: promptTokens + words.length };
    const withUsage = wrong?.kind === 'no_usage' ? {} : { usage };
    if (!chat.stream) return send(response, 200, { object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }], ...withUsage });

    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const event = (value: unknown): void => void response.write(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`);
    const chunk = (delta: object, reason: string | null): void => event({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] });
    chunk({ role: 'assistant', content: '' }, null);
    const pieces = text.match(/.{1,9}/gs) ?? [];
    for (const [index, piece] of pieces.entries()) {
      if (wrong?.kind === 'cut' && index >= wrong.afterPieces) return void response.destroy();
      if (wrong?.kind === 'error_in_stream' && index === 1) return event({ error: { message: 'the worker died' } }), void response.end();
      if (response.destroyed) return;
      chunk({ content: piece }, null);
      await new Promise((go) => setImmediate(go));
    }
    chunk({}, finish);
    if (wrong?.kind !== 'no_usage') event({ object: 'chat.completion.chunk', choices: [], usage });
    event('[DONE]');
    response.end();
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    let text = '';
    for await (const part of request) text += String(part);
    const body = z.record(z.string(), z.unknown()).safeParse(safeJson(text));
    if (request.headers['content-type'] !== 'application/json' || !body.success) return refuse(response, 400, 'JSON is expected');
    if (path === '/tokenize' && kind === 'vllm') {
      const { messages } = chatSchema.pick({ messages: true, model: true }).extend({ add_generation_prompt: z.literal(true) }).parse(body.data);
      return send(response, 200, { count: countWords(messages.map(({ content }) => content)), max_model_len: contextTokens, tokens: [] });
    }
    requests.push({ path, body: body.data, authorization: request.headers.authorization ?? null });
    const wrong = taken();
    if (wrong?.kind === 'busy') return send(response, 429, { error: { message: 'slow down' } }, wrong.retryAfter === null ? {} : { 'retry-after': wrong.retryAfter });
    if (wrong?.kind === 'status') return send(response, wrong.status, wrong.body ?? { error: { message: 'no' } });
    if (wrong?.kind === 'redirect') return send(response, 307, '', { location: wrong.to });
    if (wrong?.kind === 'not_json') return send(response, 200, '<html>gateway</html>', { 'content-type': 'text/html' });
    if (!models.includes(String(body.data['model']))) return refuse(response, 404, 'no such model');
    if (path === '/v1/chat/completions' && kind !== 'tei') {
      const chat = chatSchema.safeParse(body.data);
      return chat.success ? answerChat(response, chat.data, wrong) : refuse(response, 400, chat.error.issues[0]?.message ?? 'bad');
    }
    if (path === '/v1/embeddings') {
      const { input } = embedSchema.parse(body.data);
      const data = input.map((one, index) => ({ object: 'embedding', index, embedding: [one.length, 0.5, -0.25] }));
      return send(response, 200, { object: 'list', data: data.reverse(), model: models[0], ...(wrong?.kind === 'no_usage' ? {} : { usage: { prompt_tokens: countWords(input), total_tokens: countWords(input) } }) });
    }
    if (path === '/v1/images/generations' && kind === 'openai') {
      const { n, size } = imageSchema.parse(body.data);
      return send(response, 200, { created: 1, data: Array.from({ length: n }, () => ({ b64_json: Buffer.from(size).toString('base64') })) });
    }
    refuse(response, 404, 'not found');
  };

  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    if (token !== null && request.headers.authorization !== `Bearer ${token}`) return refuse(response, 401, 'no');
    if (request.method === 'GET') {
      const page = about(path);
      return page === undefined ? refuse(response, 404, 'not found') : page === '' ? void response.writeHead(200).end() : send(response, 200, page);
    }
    running += 1;
    most = Math.max(most, running);
    response.on('close', () => {
      running -= 1;
      if (!response.writableFinished) left += 1;
    });
    answer(request, response, path).catch((caught: unknown) => (response.headersSent ? response.destroy() : refuse(response, 400, String(caught).slice(0, 100))));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    mostAtOnce: () => most,
    left: () => left,
    setFault: (next, count = Infinity) => ([fault, times] = [next, count]),
    held: (count) =>
      new Promise((done) => {
        const look = (): void => {
          if (holding.length < count) return;
          arrivals.delete(look);
          done();
        };
        arrivals.add(look);
        look();
      }),
    release: () => {
      fault = null;
      const go = holding;
      holding = [];
      go.forEach((one) => one());
    },
    setVersion: (next) => (version = next),
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
