/** Routes of the direct ingress on one listening server: bounded bodies, times and connections, JSON errors, answers whole or as a stream (protocol.md 7.5 to 7.8). */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createAnswerStream, type AnswerStream } from './answer-stream.ts';
import { errorBody, IngressRefusal, refusalOfFailure, statusOf, type IngressErrorCode } from './answers.ts';
import { createStackFinder } from './find-stack.ts';
import type { IngressRoute } from './plan-units.ts';
import { takeRequest, type Taken } from './take-request.ts';
import type { IngressDeps, IngressLimits } from './types.ts';
import { readHeaders, type IngressHeaders } from './verify-request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Headers of a request for an answer, read before its body is. */
    ingress: IngressHeaders | null;
  }
}

/** Counts what happened, for the status. */
export type IngressCounts = { served(): void; refused(code: IngressErrorCode): void; running(change: 1 | -1): void };
type Deps = IngressDeps & { limits: IngressLimits; counts: IngressCounts };

const routes: readonly (readonly [path: string, route: IngressRoute, confidential?: true])[] = [
  ['/v1/chat/completions', 'chat'],
  ['/v1/embeddings', 'embeddings'],
  ['/v1/images/generations', 'images'],
  ['/v1/confidential/chat/completions', 'chat', true],
  ['/v1/confidential/embeddings', 'embeddings', true],
  ['/v1/confidential/images/generations', 'images', true],
];
/** Routes of the network that this node does not serve, each with its reason. */
const refusedRoutes: Readonly<Record<string, string>> = {
  '/v1/completions': 'Plain completions are not served here: use /v1/chat/completions.',
  '/v1/confidential/completions': 'Plain completions are not served here: use /v1/confidential/chat/completions.',
};

/** Builds the server; it does not listen yet. */
export function createIngressServer({ maxConnections }: { maxConnections: number }, deps: Deps): FastifyInstance {
  const { limits, log, counts } = deps;
  const server = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.bodyTimeoutMs,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    http: { headersTimeout: limits.bodyTimeoutMs, connectionsCheckingInterval: Math.min(1_000, limits.bodyTimeoutMs) },
  });
  server.server.maxConnections = maxConnections;
  server.decorateRequest('ingress', null);
  const findStack = createStackFinder(deps);
  const streams = new Map<string, AnswerStream>();

  // Bodies are hashed as they came, so they stay text.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.addHook('onSend', async (_request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  server.setNotFoundHandler(() => {
    throw new IngressRefusal('NOT_FOUND', 'There is nothing at this address.');
  });
  server.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const refusal = error instanceof IngressRefusal ? error : (error.statusCode ?? 500) < 500 ? new IngressRefusal('INVALID_BODY', 'The request is malformed, too large, or no JSON.') : new IngressRefusal('INTERNAL_ERROR', 'Something went wrong.');
    counts.refused(refusal.code);
    log[refusal.code === 'INTERNAL_ERROR' ? 'warn' : 'debug']('ingress.refused', { code: refusal.code, cause: error instanceof IngressRefusal ? null : error instanceof Error ? error.name : 'unknown' });
    return reply.status(statusOf[refusal.code]).send(errorBody(refusal));
  });

  server.get('/health', async () => ({ status: 'ok' }));
  server.get('/v1/models', async () => ({ object: 'list', data: deps.models().map(({ id }) => ({ id, object: 'model', created: 0, owned_by: 'node' })) }));
  for (const [path, route, confidential = false] of routes) {
    server.post<{ Body: unknown }>(path, { onRequest: async (request) => void (request.ingress = readHeaders(request.headers)) }, (request, reply) => answerRequest({ route, confidential }, request, reply, { ...deps, findStack, streams }));
  }
  for (const [path, reason] of Object.entries(refusedRoutes)) {
    server.post(path, async () => {
      throw new IngressRefusal('MODEL_ERROR', reason);
    });
  }
  server.post('/v1/stop-streamer', async (request) => {
    const id = request.headers['x-request-id'];
    if (typeof id !== 'string') throw new IngressRefusal('MISSING_HEADER', 'X-Request-Id is missing.');
    streams.get(id)?.cut();
    return {};
  });
  return server;
}

type Answering = Deps & { findStack: ReturnType<typeof createStackFinder>; streams: Map<string, AnswerStream> };

async function answerRequest({ route, confidential }: { route: IngressRoute; confidential: boolean }, request: FastifyRequest<{ Body: unknown }>, reply: FastifyReply, deps: Answering): Promise<unknown> {
  const { ingress: headers, body: received } = request;
  if (headers === null || typeof received !== 'string') throw new IngressRefusal('INVALID_BODY', 'The body is not a JSON object.');
  const opened = confidential ? openSealed(received, headers, deps) : null;
  const body = opened?.body ?? received;
  const sign = async (json: string): Promise<string> => (opened?.answer ?? signed)(json, await deps.keys.signJson(json));
  const stream = createAnswerStream(reply.raw, sign);
  let pieces = 0;
  const onChunk = (data: Uint8Array): void => {
    pieces += 1;
    stream.piece(data);
  };
  // Two streams of one id would be stopped together by whoever knows it.
  if (headers.requestId !== null && deps.streams.has(headers.requestId)) throw new IngressRefusal('INVALID_HEADER', 'X-Request-Id is in use.');
  const taken = await takeRequest({ route, confidential, headers, body, onChunk }, deps);
  deps.counts.running(1);
  // A buyer that saw a part of the answer pays for it: the work ends and is counted. One that left before is not served.
  reply.raw.on('close', () => (reply.raw.writableFinished || pieces > 0 ? undefined : deps.jobs.cancel(taken.taskId)));
  try {
    if (!taken.stream) return await answerWhole(taken, reply, sign, deps.counts);
    reply.hijack();
    stream.open();
    if (headers.requestId !== null) deps.streams.set(headers.requestId, stream);
    await stream.finish(taken.ended);
    const outcome = await taken.ended;
    if (outcome.kind === 'result') deps.counts.served();
    else deps.counts.refused(refusalOfFailure(outcome.code).code);
    return undefined;
  } finally {
    if (taken.stream && headers.requestId !== null) deps.streams.delete(headers.requestId);
    deps.counts.running(-1);
  }
}

/** The buyer's body out of a confidential request; whose it is is checked over that body, whose hash is what was signed (protocol.md 7.7). */
function openSealed(text: string, { stackSmallId }: IngressHeaders, { confidential }: Deps): { body: string; answer: typeof signed } {
  if (confidential?.isOffered() !== true) throw new IngressRefusal('MODEL_ERROR', 'Confidential tasks are not served on this machine.');
  const opened = confidential.open(text, stackSmallId);
  if (opened.kind === 'refused') throw new IngressRefusal(opened.code, opened.message);
  return opened;
}

async function answerWhole({ ended }: Taken, reply: FastifyReply, sign: (json: string) => Promise<string>, counts: IngressCounts): Promise<FastifyReply> {
  const outcome = await ended;
  if (outcome.kind === 'failed') throw refusalOfFailure(outcome.code);
  const text = await sign(Buffer.from(outcome.bytes).toString('utf8'));
  counts.served();
  return reply.type('application/json; charset=utf-8').send(text);
}

/** The JSON with its hash and signature at the end: without these two it is, byte for byte, what was hashed. */
const signed = (json: string, { hash, signature }: { hash: string; signature: string }): string => `${json.slice(0, -1)},"signature":${JSON.stringify(signature)},"response_hash":${JSON.stringify(hash)}}`;
