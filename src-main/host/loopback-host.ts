/** Serves the console to browsers of this machine: loopback only, one-time link, session cookie, Host and Origin checked, the same dispatch (architecture.md, "Loopback host"). */
import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Answer, Topic } from '../../src-shared/bridge/index.ts';
import { AppError, toAppError, type ErrorCode } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { createBrowserSessions } from './browser-sessions.ts';
import { refusal, type DispatchCall } from './dispatch-call.ts';
import { consoleHeaders } from './page-headers.ts';
import { html, renderPage, type PageResponse } from './page-html.ts';
import { pageText } from './page-text.ts';
import type { RendererFiles } from './renderer-files.ts';
import { isOwnOrigin, originOf, siteOf, type Site } from './request-guard.ts';
import type { SecurePages } from './secure-pages.ts';
import { createTopicStreams } from './topic-stream.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The site a route belongs to. */
    site?: Site;
    /** True for routes that answer with an Answer and need a session. */
    api?: boolean;
    /** True for the one console route that works without a session. */
    signIn?: boolean;
  }
}

type Options = { /** 0 lets the system choose. */ port: number };
type Deps = {
  dispatch: DispatchCall;
  onTopic(listener: (topic: Topic) => void): () => void;
  files: RendererFiles;
  securePages: SecurePages;
  /** Told of each new one-time link, so that the newest can be kept for the operator. */
  keepLink(url: string): Promise<void>;
  randomBytes(count: number): Buffer;
  log: Logger;
};

/** The running host. */
export type LoopbackHost = {
  port: number;
  /** The first one-time link, to be printed. */
  link: string;
  /** Address of a secure page. */
  secureUrl(token: string): string;
  close(): Promise<void>;
};

const bodyLimitBytes = 1024 * 1024;

/**
 * Starts listening on 127.0.0.1.
 * @throws AppError host.port_in_use.
 */
export async function startLoopbackHost(options: Options, deps: Deps): Promise<LoopbackHost> {
  const server = fastify({ bodyLimit: bodyLimitBytes, exposeHeadRoutes: false, forceCloseConnections: true, requestTimeout: 30_000 });
  const sessions = createBrowserSessions(deps);
  const streams = createTopicStreams();
  const port = (): number => {
    const address = server.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const linkUrl = (link: string): string => `${originOf('console', port())}/link/${link}`;
  const cookieName = (): string => `console-session-${port()}`; // cookies ignore ports: two consoles must not share one

  server.removeContentTypeParser('text/plain'); // what a foreign form may send without asking first
  await server.register(cookie);
  guardRequests(server, { port, isSignedIn: (request) => sessions.isOpen(request.cookies[cookieName()] ?? '') }, deps.log);
  addApiRoutes(server, deps, (reply) => {
    reply.hijack();
    streams.add(reply.raw);
  });
  addSecureRoutes(server, deps.securePages);

  server.get<{ Params: { link: string } }>('/link/:link', { config: { site: 'console', signIn: true } }, async (request, reply) => {
    const session = sessions.redeem(request.params.link);
    if (session === null) return sendPage(reply, signInPage(pageText.signIn.used));
    deps.log.info('host.signed_in');
    await deps.keepLink(linkUrl(sessions.newLink()));
    void reply.setCookie(cookieName(), session, { httpOnly: true, sameSite: 'strict', path: '/' });
    return sendPage(reply, welcomePage());
  });
  server.get('/*', { config: { site: 'console' } }, async (request, reply) => {
    const file = await deps.files(request.url.split('?')[0] ?? '/');
    return file === null ? sendPage(reply, refusedPage(404)) : reply.headers(file.headers).send(file.body);
  });

  await listen(server, options.port);
  const stopTopics = deps.onTopic(streams.push);
  const link = linkUrl(sessions.newLink());
  await deps.keepLink(link);
  return {
    port: port(),
    link,
    secureUrl: (token) => `${originOf('secure', port())}/secure/${token}`,
    async close() {
      stopTopics();
      streams.close();
      await server.close();
    },
  };
}

/** Checks every request before its body is read: site, origin, session; and shapes what fails. */
function guardRequests(server: FastifyInstance, guard: { port(): number; isSignedIn(request: FastifyRequest): boolean }, log: Logger): void {
  server.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions;
    const isApi = config.api === true;
    const refuse = (status: number, code: ErrorCode, page: PageResponse): FastifyReply => {
      log.warn('host.refused', { code, status, method: request.method });
      return isApi ? sendAnswer(reply, status, refusal(new AppError(code))) : sendPage(reply, page);
    };
    const site = siteOf(request.headers.host, guard.port());
    if (site === null) return refuse(421, 'bridge.bad_sender', refusedPage(421));
    if (!isOwnOrigin(site, guard.port(), request.method, request.headers, isApi)) return refuse(403, 'bridge.bad_sender', refusedPage(403));
    // Each site refuses the other's paths; an unknown path belongs to neither.
    if (config.site !== site) return sendPage(reply, refusedPage(404));
    const needsSession = site === 'console' && config.signIn !== true;
    if (needsSession && !guard.isSignedIn(request)) return refuse(401, 'bridge.not_signed_in', signInPage(null));
    return undefined;
  });
  server.setNotFoundHandler((_request, reply) => sendPage(reply, refusedPage(404)));
  server.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    const shown = status < 500 ? new AppError('bridge.bad_input', { detail: 'the request is malformed or too large' }, { cause: error }) : toAppError(error);
    log[status < 500 ? 'debug' : 'error']('host.request_failed', { status, error: shown });
    return request.routeOptions.config.api === true ? sendAnswer(reply, status, refusal(shown)) : sendPage(reply, refusedPage(status));
  });
}

function addApiRoutes(server: FastifyInstance, deps: Deps, stream: (reply: FastifyReply) => void): void {
  server.post('/api/call', { config: { site: 'console', api: true } }, async (request, reply) => {
    const body = typeof request.body === 'object' && request.body !== null ? request.body : {};
    const call: { name?: unknown; input?: unknown } = body;
    return sendAnswer(reply, 200, await deps.dispatch(call.name, call.input));
  });
  server.get('/api/events', { config: { site: 'console', api: true } }, async (_request, reply) => stream(reply));
}

/** Secure pages get their body as bytes: they read their own forms, the same on both hosts. */
function addSecureRoutes(server: FastifyInstance, pages: SecurePages): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.route<{ Params: { token: string } }>({
      method: ['GET', 'POST'],
      url: '/secure/:token',
      config: { site: 'secure' },
      handler: async (request, reply) => {
        const body = request.body instanceof Uint8Array ? new Uint8Array(request.body) : new Uint8Array();
        const contentType = request.headers['content-type'] ?? '';
        const answer = await pages({ method: request.method, token: request.params.token, contentType, body });
        return reply.code(answer.status).headers(answer.headers).send(answer.body);
      },
    });
  });
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: '127.0.0.1', port });
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw inUse ? new AppError('host.port_in_use', { port }, { cause: error }) : error;
  }
}

const sendAnswer = (reply: FastifyReply, status: number, answer: Answer): FastifyReply =>
  reply.code(status).headers({ ...consoleHeaders, 'cache-control': 'no-store' }).send(answer);

const sendPage = (reply: FastifyReply, page: PageResponse): FastifyReply => reply.code(page.status).headers(page.headers).send(page.body);

const refusedPage = (status: number): PageResponse => renderPage(status, { title: pageText.refused.title, content: html`<p>${pageText.refused.text}</p>` });

const signInPage = (problem: string | null): PageResponse =>
  renderPage(401, {
    title: pageText.signIn.title,
    content: html`${problem === null ? null : html`<p class="error" role="alert">${problem}</p>`}<p>${pageText.signIn.text}</p>`,
  });

/** Not a redirect: a SameSite=Strict cookie would be held back on one that a foreign page began. */
const welcomePage = (): PageResponse =>
  renderPage(
    200,
    { title: pageText.signIn.welcomeTitle, content: html`<p><a href="/">${pageText.signIn.welcome}</a></p>` },
    html`<meta http-equiv="refresh" content="0; url=/">
`,
  );
