/** Serves the console to browsers: on loopback, or over TLS under names that the operator allows; one-time link, session cookie, Host and Origin checked, the same dispatch (architecture.md, "Loopback host"; issue: "Headless and remote"). */
import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Answer, Topic } from '../../src-shared/bridge/index.ts';
import type { TokenScope } from '../../src-shared/bridge/remote-calls.ts';
import { AppError, toAppError, type ErrorCode } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { browserName, type BrowserSessions, type Visitor } from './browser-sessions.ts';
import { refusal, type DispatchCall } from './dispatch-call.ts';
import { consoleHeaders } from './page-headers.ts';
import { html, renderPage, type PageResponse } from './page-html.ts';
import { pageText } from './page-text.ts';
import { addReaderRoutes, readerRefusal, type Readers } from './reader-routes.ts';
import type { RendererFiles } from './renderer-files.ts';
import { isOwnOrigin, loopbackNames, originOf, siteOf, tlsNames, type Names, type Site } from './request-guard.ts';
import type { SecurePages } from './secure-pages.ts';
import { tlsServer, type TlsListening } from './tls-listening.ts';
import { createTopicStreams, type TopicStreams } from './topic-stream.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The site a route belongs to. */
    site?: Site;
    /** True for routes that answer with an Answer and need a session. */
    api?: boolean;
    /** True for the one console route that works without a session. */
    signIn?: boolean;
    /** Scope of the token that a route for programs asks for instead of a session. */
    reader?: TokenScope;
  }
  interface FastifyRequest {
    /** Id of the session, once the guard has let the request in. */
    sessionId: string;
  }
}

type Options = { /** 0 lets the system choose. */ port: number; /** Serves other machines over TLS instead of this one; null listens on 127.0.0.1 only. */ tls: TlsListening | null };
type Deps = {
  dispatch: DispatchCall;
  sessions: BrowserSessions;
  readers: Readers;
  onTopic(listener: (topic: Topic) => void): () => void;
  files: RendererFiles;
  securePages: SecurePages;
  /** Told where the console is served. */
  serves(served: { address: string; tls: boolean; hostNames: readonly string[] }): void;
  /** Told of each new one-time link, so that the newest can be kept for the operator. */
  keepLink(url: string): Promise<void>;
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
const requestTimeoutMs = 30_000;

/** One listener: the names that it answers to, and the server behind them. */
type Listener = { names: Names; server: FastifyInstance; port(): number };

/**
 * Starts listening: on 127.0.0.1 one port serves both sites; over TLS each site has a port of its own.
 * @throws AppError host.port_in_use, host.bad_flag for an address that is not this machine's.
 */
export async function startLoopbackHost(options: Options, deps: Deps): Promise<LoopbackHost> {
  const { tls } = options;
  const { sessions } = deps;
  const streams = createTopicStreams(sessions);
  sessions.onEnd(streams.end);
  const page = await createListener(tls === null ? loopbackNames : tlsNames('console', tls.hostNames), tls, deps);
  const secure = tls === null ? page : await createListener(tlsNames('secure', tls.hostNames), tls, deps);
  const linkUrl = (link: string): string => `${originOf(page.names, 'console', page.port())}/link/${link}`;

  addConsoleRoutes(page, deps, { streams, linkUrl });
  addReaderRoutes(page.server, deps.readers);
  addSecureRoutes(secure.server, deps.securePages);
  await listen(page.server, tls?.address ?? '127.0.0.1', options.port);
  if (secure !== page) await listen(secure.server, tls?.address ?? '127.0.0.1', tls?.securePort ?? 0).catch(async (error: unknown) => {
    await page.server.close();
    throw error;
  });
  const stopTopics = deps.onTopic(streams.push);
  const link = linkUrl(sessions.newLink());
  await deps.keepLink(link);
  deps.serves({ address: originOf(page.names, 'console', page.port()), tls: tls !== null, hostNames: tls?.hostNames ?? [] });
  return {
    port: page.port(),
    link,
    // Under the name by which the page that asks was reached: the operator's machine may not know the others.
    secureUrl: (token) => `${originOf(secure.names, 'secure', secure.port(), tls === null ? undefined : (sessions.hostName() ?? undefined))}/secure/${token}`,
    async close() {
      stopTopics();
      streams.close();
      await page.server.close();
      if (secure !== page) await secure.server.close();
    },
  };
}

async function createListener(names: Names, tls: TlsListening | null, deps: Deps): Promise<Listener> {
  const common = { bodyLimit: bodyLimitBytes, exposeHeadRoutes: false, forceCloseConnections: true, requestTimeout: requestTimeoutMs } as const;
  const server = tls === null ? fastify(common) : fastify({ ...common, serverFactory: tlsServer(tls, { requestTimeoutMs, log: deps.log }) });
  const port = (): number => {
    const address = server.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const listener = { names, server, port };
  server.removeContentTypeParser('text/plain'); // what a foreign form may send without asking first
  server.decorateRequest('sessionId', '');
  await server.register(cookie);
  guardRequests(listener, deps);
  return listener;
}

const cookieName = ({ port }: Listener): string => `console-session-${port()}`; // cookies ignore ports: two consoles must not share one

const visitorOf = (request: FastifyRequest): Visitor => ({ address: request.ip, browser: browserName(request.headers['user-agent'] ?? '') });

function addConsoleRoutes(listener: Listener, deps: Deps, { streams, linkUrl }: { streams: TopicStreams; linkUrl(link: string): string }): void {
  const { server, names } = listener;
  const { sessions } = deps;
  addApiRoutes(listener, deps, streams);
  server.get<{ Params: { link: string } }>('/link/:link', { config: { site: 'console', signIn: true } }, async (request, reply) => {
    const session = sessions.redeem(request.params.link, visitorOf(request));
    if (session === null) return sendPage(reply, signInPage(pageText.signIn.used));
    deps.log.info('host.signed_in', { address: request.ip });
    // Whoever signs in need not wait for the disk.
    deps.keepLink(linkUrl(sessions.newLink())).catch((error: unknown) => deps.log.error('host.link_not_kept', { error: toAppError(error) }));
    void reply.setCookie(cookieName(listener), session, { httpOnly: true, sameSite: 'strict', path: '/', secure: names.scheme === 'https' });
    return sendPage(reply, welcomePage());
  });
  server.get('/*', { config: { site: 'console' } }, async (request, reply) => {
    const file = await deps.files(request.url.split('?')[0] ?? '/');
    return file === null ? sendPage(reply, refusedPage(404)) : reply.headers(file.headers).send(file.body);
  });
}

/** Checks every request before its body is read: site, origin, session or token; and shapes what fails. */
function guardRequests(listener: Listener, { sessions, readers, log }: Deps): void {
  const { server, names, port } = listener;
  server.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions;
    const isApi = config.api === true;
    const refuse = (status: number, code: ErrorCode, page: PageResponse): FastifyReply => {
      log.warn('host.refused', { code, status, method: request.method });
      return isApi ? sendAnswer(reply, status, refusal(new AppError(code))) : sendPage(reply, page);
    };
    const asked = siteOf(names, request.headers.host, port());
    if (asked === null) return refuse(421, 'bridge.bad_sender', refusedPage(421));
    // Nothing here speaks another protocol: a page cannot hold a socket open past these checks.
    if (request.headers.upgrade !== undefined) return refuse(400, 'bridge.bad_sender', refusedPage(400));
    if (!isOwnOrigin(names, port(), request.method, request.headers, isApi)) return refuse(403, 'bridge.bad_sender', refusedPage(403));
    // Each site refuses the other's paths; an unknown path belongs to neither.
    if (config.site !== asked.site) return sendPage(reply, refusedPage(404));
    if (config.reader !== undefined) {
      const problem = readerRefusal(request.headers, (token) => readers.allows(config.reader ?? 'metrics', token));
      if (problem !== null) log.warn('host.refused', { code: problem.code, status: problem.status, method: request.method });
      return problem === null ? undefined : reply.code(problem.status).headers(problem.headers).send(problem.text);
    }
    if (asked.site !== 'console' || config.signIn === true) return undefined;
    // An open page asks by itself: only what it sends while somebody is there counts against the idle time.
    const present = !isApi || request.headers['x-console-present'] === '1';
    const id = sessions.visit(request.cookies[cookieName(listener)] ?? '', { ...visitorOf(request), present });
    if (id === null) return refuse(401, 'bridge.not_signed_in', signInPage(null));
    request.sessionId = id;
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

function addApiRoutes({ server, names, port }: Listener, { dispatch, sessions }: Deps, streams: TopicStreams): void {
  server.post('/api/call', { config: { site: 'console', api: true } }, async (request, reply) => {
    const body = typeof request.body === 'object' && request.body !== null ? request.body : {};
    const call: { name?: unknown; input?: unknown } = body;
    const hostName = siteOf(names, request.headers.host, port())?.hostName ?? '';
    return sendAnswer(reply, 200, await sessions.during({ id: request.sessionId, hostName }, () => dispatch(call.name, call.input)));
  });
  server.get('/api/events', { config: { site: 'console', api: true } }, async (request, reply) => {
    reply.hijack();
    streams.add(reply.raw, request.sessionId);
  });
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

async function listen(server: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') throw new AppError('host.port_in_use', { port }, { cause: error });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new AppError('host.bad_flag', { detail: `--listen ${host} is not an address of this machine` }, { cause: error });
    throw error;
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
