/** The headless host over real HTTP: links, cookies, hostile headers, the two sites, events; and that it answers as the desktop host does. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, mkdirSync, writeFileSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topic } from '../../src-shared/bridge/index.ts';
import { fleetSummarySchema } from '../../src-shared/bridge/fleet-calls.ts';
import { createLogger } from '../log/logger.ts';
import { browserName, createBrowserSessions } from './browser-sessions.ts';
import { callCases, caseNames, stubHandlers } from './call-cases.ts';
import { createDispatchCall } from './dispatch-call.ts';
import { createIpcCall, desktopOrigin } from './ipc-call.ts';
import { startLoopbackHost, type LoopbackHost } from './loopback-host.ts';
import type { Readers } from './reader-routes.ts';
import { createRendererFiles } from './renderer-files.ts';
import type { SecureRequest } from './secure-pages.ts';

type Reply = { status: number; headers: Record<string, string | string[] | undefined>; body: string };
type Sent = { method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer };

const lines: string[] = [];
const calls: string[] = [];
const secureRequests: SecureRequest[] = [];
const links: string[] = [];
let topic: (name: Topic) => void = () => undefined;
let host: LoopbackHost;
let session: string;
let served: unknown = null;
let nowMs = 1_000;
const idleMs = 60_000;
const sessions = createBrowserSessions({ randomBytes, now: () => nowMs, idleMs: () => idleMs });
const readers: Readers = { allows: (scope, token) => token === `${scope}-token-0123456789`, metrics: async () => 'console_info 1\n', summary: async () => callCases['fleet.list'].output[0]!.summary!, encode: (summary) => fleetSummarySchema.encode(summary) };

const log = createLogger({ level: 'debug', write: (line) => lines.push(line), now: () => 1 });
const dispatch = createDispatchCall(stubHandlers((name) => calls.push(name)), { log });

/** A bare request: `fetch` would not let a test choose Host and Origin. */
function send({ method = 'GET', path, headers = {}, body }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, method, path, headers: { host: `127.0.0.1:${host.port}`, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const own = (): string => `http://127.0.0.1:${host.port}`;
const signedIn = (): Record<string, string> => ({ cookie: session });
const call = (name: unknown, input: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  send({ method: 'POST', path: '/api/call', headers: { ...signedIn(), origin: own(), 'content-type': 'application/json', ...headers }, body: JSON.stringify({ name, input }) });

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'renderer-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {}');
  writeFileSync(join(folder, 'notes.txt'), 'not served');
  symlinkSync('/etc', join(folder, 'etc'));
  host = await startLoopbackHost(
    { port: 0, tls: null },
    {
      dispatch,
      sessions,
      readers,
      serves: (now) => void (served = now),
      log,
      files: createRendererFiles(folder),
      onTopic: (listener) => {
        topic = listener;
        return () => undefined;
      },
      keepLink: async (url) => void links.push(url),
      securePages: async (incoming) => {
        secureRequests.push(incoming);
        return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: 'secure page', done: false };
      },
    },
  );
  const signIn = await send({ path: new URL(host.link).pathname });
  session = String(signIn.headers['set-cookie']).split(';')[0] ?? '';
});

afterAll(() => host.close());

describe('signing in', () => {
  it('sets a cookie that scripts and other sites cannot use, once per link', async () => {
    const link = links.at(-1) ?? '';
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/link\/[\w-]{43}$/);
    const first = await send({ path: new URL(link).pathname });
    expect(first.status).toBe(200);
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(new RegExp(`^console-session-${host.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
    expect(first.body).not.toContain(cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';')));
    const second = await send({ path: new URL(link).pathname });
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.body).toContain('used already');
    expect(links.at(-1)).not.toBe(link);
  });

  it.each(['/link/', '/link/x', `/link/${'A'.repeat(43)}`, '/link/../x', '/link/constructor'])('refuses the link %s', async (path) => {
    expect((await send({ path })).headers['set-cookie']).toBeUndefined();
  });

  it.each(['/', '/index.html', '/assets/index-abc.js', '/api/events'])('shows %s to nobody without a session, and no token', async (path) => {
    const answer = await send({ path });
    expect(answer.status).toBe(401);
    for (const link of links) expect(answer.body).not.toContain(link.split('/').at(-1));
  });

  it.each([['a guess', 'console-session-1=x'], ['an empty one', 'console-session='], ['garbage', ';;;=']])('refuses a cookie that is %s', async (_, cookie) => {
    expect((await send({ path: '/', headers: { cookie } })).status).toBe(401);
    expect((await call('app.info', {}, { cookie })).status).toBe(401);
  });

  it('logs no link and no session', () => {
    const all = lines.join('');
    expect(all).toContain('host.signed_in');
    for (const link of links) expect(all).not.toContain(link.split('/').at(-1));
    expect(all).not.toContain(session.split('=')[1]);
  });
});

describe('files', () => {
  it('serves the window with its policy, and a page of it by name', async () => {
    for (const path of ['/', '/stacks', '/index.html?x=1']) {
      const page = await send({ path, headers: signedIn() });
      expect(page, path).toMatchObject({ status: 200, body: '<!doctype html><title>console</title>' });
      const policy = String(page.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).toContain("connect-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin' });
    }
    expect((await send({ path: '/assets/index-abc.js', headers: signedIn() })).headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it.each(['/../package.json', '/..%2f..%2fetc/passwd', '/assets/../../x', '/%2e%2e/x', '/etc/passwd', '//etc/passwd', '/notes.txt', '/assets/', '/assets/missing.js', '/index.html%00', '/\\..\\x'])('does not serve %s', async (path) => {
    const answer = await send({ path, headers: signedIn() });
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toContain('root:');
  });
});

describe('hostile requests', () => {
  it.each(['evil.example', '127.0.0.1', 'localhost', '127.0.0.1:1', '127.0.0.1.evil.example', '0.0.0.0', '[::1]', '127.1', 'LOCALHOST', '127.0.0.1:80@evil'])('refuses the host %s', async (name) => {
    const before = calls.length;
    for (const value of [name, `${name}:${host.port}`].filter((text) => ![own().slice(7), `localhost:${host.port}`].includes(text))) {
      const page = await send({ path: '/', headers: { ...signedIn(), host: value } });
      expect(page.status, value).toBeGreaterThanOrEqual(400);
      expect((await call('node.pause', {}, { host: value })).status, value).toBe(421);
    }
    expect(calls).toHaveLength(before);
  });

  it.each(['null', 'http://evil.example', 'http://localhost:PORT', 'https://127.0.0.1:PORT', 'http://127.0.0.1', 'http://127.0.0.1:1', 'http://127.0.0.1:PORT.evil', 'http://127.0.0.1:PORT/', 'file://', 'app://console', ''])('refuses the origin "%s"', async (text) => {
    const before = calls.length;
    const origin = text.replace('PORT', String(host.port));
    const answer = await call('node.pause', {}, { origin });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'bridge.bad_sender' } });
    expect((await send({ path: '/api/events', headers: { ...signedIn(), origin } })).status).toBe(403);
    expect(calls).toHaveLength(before);
  });

  it('refuses a call without an origin and one that a same-site page began', async () => {
    const headers = { ...signedIn(), 'content-type': 'application/json' };
    expect((await send({ method: 'POST', path: '/api/call', headers, body: '{"name":"node.pause","input":{}}' })).status).toBe(403);
    for (const site of ['same-site', 'cross-site', 'none']) expect((await call('node.pause', {}, { 'sec-fetch-site': site })).status, site).toBe(403);
    expect((await call('node.pause', {}, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it.each([
    ['no JSON', 'application/json', '{', 400],
    ['a form', 'application/x-www-form-urlencoded', 'name=node.pause', 415],
    ['plain text', 'text/plain', '{"name":"node.pause","input":{}}', 415],
    ['a prototype', 'application/json', '{"__proto__":{"name":"node.pause"}}', 400],
    ['over 1 MiB', 'application/json', JSON.stringify({ name: 'app.info', input: 'x'.repeat(1024 * 1024) }), 413],
  ])('answers %s with a refusal', async (_, type, body, status) => {
    const answer = await send({ method: 'POST', path: '/api/call', headers: { ...signedIn(), origin: own(), 'content-type': type }, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'bridge.bad_input' } });
  });

  it.each(['[]', '"x"', 'null', '1', '{}'])('answers the body %s as an unknown call', async (body) => {
    const answer = await send({ method: 'POST', path: '/api/call', headers: { ...signedIn(), origin: own(), 'content-type': 'application/json' }, body });
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'bridge.unknown_call' } });
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('does nothing for %s', async (method) => {
    const answer = await send({ method, path: '/api/call', headers: { ...signedIn(), origin: own() } });
    expect(answer.status).toBe(404);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('secure pages', () => {
  const onSecure = (): Record<string, string> => ({ host: `localhost:${host.port}` });

  it('are served on localhost only, and nothing else is', async () => {
    expect(host.secureUrl('abc')).toBe(`http://localhost:${host.port}/secure/abc`);
    expect(await send({ path: '/secure/abc', headers: onSecure() })).toMatchObject({ status: 200, body: 'secure page' });
    const before = secureRequests.length;
    for (const path of ['/secure/abc', '/%73ecure/abc', '/secure/abc?x']) expect((await send({ path, headers: signedIn() })).status, path).toBe(404);
    expect(secureRequests).toHaveLength(before);
    for (const path of ['/', '/index.html', '/assets/index-abc.js', '/api/events', new URL(links.at(-1) ?? '').pathname]) {
      const answer = await send({ path, headers: { ...onSecure(), ...signedIn() } });
      expect(answer.status, path).toBe(404);
      expect(answer.headers['set-cookie'], path).toBeUndefined();
    }
    expect((await call('node.pause', {}, { ...onSecure(), origin: `http://localhost:${host.port}` })).status).toBe(404);
  });

  it('take forms from their own origin only', async () => {
    const body = 'act=approve';
    const headers = { ...onSecure(), 'content-type': 'application/x-www-form-urlencoded' };
    const before = secureRequests.length;
    for (const origin of ['null', own(), 'http://evil.example']) expect((await send({ method: 'POST', path: '/secure/abc', headers: { ...headers, origin }, body })).status, origin).toBe(403);
    expect((await send({ method: 'POST', path: '/secure/abc', headers, body })).status).toBe(403);
    expect(secureRequests).toHaveLength(before);
    expect((await send({ method: 'POST', path: '/secure/abc', headers: { ...headers, origin: `http://localhost:${host.port}` }, body })).status).toBe(200);
    expect(secureRequests.at(-1)).toEqual({ method: 'POST', token: 'abc', contentType: 'application/x-www-form-urlencoded', body: new TextEncoder().encode(body) });
  });
});

describe('events', () => {
  it('pushes the names of topics', async () => {
    const received = await new Promise<string>((resolve, reject) => {
      const stream = request({ host: '127.0.0.1', port: host.port, path: '/api/events', headers: { host: own().slice(7), ...signedIn() } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.includes('retry') && !text.includes('data')) topic('jobs');
          if (!text.includes('data: jobs\n\n')) return;
          stream.destroy();
          resolve(`${String(response.headers['content-type'])} ${text}`);
        });
      });
      stream.on('error', reject);
      stream.end();
    });
    expect(received).toBe('text/event-stream retry: 1000\n\ndata: jobs\n\n');
  });
});

describe('parity of the two hosts', () => {
  const ipc = createIpcCall({ dispatch, log });
  const ours = { senderFrame: { url: `${desktopOrigin}/index.html`, parent: null } };
  const hostile: [string, unknown, unknown][] = [
    ['an unknown call', 'keys.export', {}],
    ['an inherited name', 'constructor', {}],
    ['a bad input', 'stacks.settle', { stackSmallId: 12 }],
    ['no input', 'app.info', undefined],
  ];
  const cases: [string, unknown, unknown][] = [...caseNames.map((name): [string, unknown, unknown] => [name, name, callCases[name].input]), ...hostile];

  it.each(cases)('%s', async (_, name, input) => {
    const overHttp = await call(name, input);
    expect(overHttp.status).toBe(200);
    expect(JSON.parse(overHttp.body)).toEqual(await ipc(ours, name, input));
  });

  it.each([
    ['a foreign page', { url: 'https://evil.example/', parent: null }],
    ['a file', { url: 'file:///index.html', parent: null }],
    ['another host', { url: 'https://other.invalid/', parent: null }],
    ['our host without TLS', { url: 'http://console.invalid/', parent: null }],
    ['our host on another port', { url: 'https://console.invalid:8443/', parent: null }],
    ['our name as user', { url: 'https://console.invalid@evil.example/', parent: null }],
    ['a host that begins like ours', { url: 'https://console.invalid.evil.example/', parent: null }],
    ['a frame inside our page', { url: `${desktopOrigin}/index.html`, parent: {} }],
    ['about:blank', { url: 'about:blank', parent: null }],
    ['a secure page', { url: 'https://secure.invalid/x', parent: null }],
    ['no address', { url: '', parent: null }],
    ['a frame that has gone', null],
  ])('refuses %s', async (_, senderFrame) => {
    const before = calls.length;
    expect(await ipc({ senderFrame }, 'node.pause', {})).toMatchObject({ ok: false, error: { code: 'bridge.bad_sender' } });
    expect(calls).toHaveLength(before);
  });
});

describe('sessions', () => {
  const signInFrom = async (agent: string): Promise<string> => {
    const answer = await send({ path: new URL(links.at(-1) ?? '').pathname, headers: { 'user-agent': agent } });
    return String(answer.headers['set-cookie']).split(';')[0] ?? '';
  };
  const stream = (cookie: string): Promise<{ ended: Promise<void> }> =>
    new Promise((resolve, reject) => {
      const open = request({ host: '127.0.0.1', port: host.port, path: '/api/events', headers: { host: own().slice(7), cookie } }, (response) =>
        resolve({ ended: new Promise((done) => response.resume().once('end', () => done()).once('close', () => done())) }));
      open.on('error', reject);
      open.end();
    });

  it('says where it is served', () => expect(served).toEqual({ address: own(), tls: false, hostNames: [] }));

  it('lists a browser by its name and address, never by its secret, and signs it out with its stream', async () => {
    const cookie = await signInFrom('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    const row = sessions.list().at(-1);
    expect(row).toMatchObject({ browser: 'Firefox 140 on Linux', address: '127.0.0.1', current: false, createdMs: nowMs });
    expect(JSON.stringify(sessions.list())).not.toContain(cookie.split('=')[1]);
    const { ended } = await stream(cookie);
    expect(sessions.end(row?.id ?? '')).toBe(true);
    await ended;
    expect((await call('app.info', {}, { cookie })).status).toBe(401);
    expect((await call('app.info', {})).status).toBe(200);
  });

  it('tells when a browser signs in and when it is signed out', async () => {
    let told = 0;
    sessions.onChange(() => (told += 1));
    await signInFrom('curl/8');
    expect(told).toBe(1);
    sessions.end(sessions.list().at(-1)?.id ?? '');
    expect(told).toBe(2);
  });

  it('marks the browser that asks, and signs out the others', async () => {
    const cookie = await signInFrom('curl/8');
    const other = sessions.list().at(-1)?.id ?? '';
    const mine = sessions.list()[0]?.id ?? '';
    const marked = await new Promise<string[]>((resolve) => sessions.during({ id: mine, hostName: '127.0.0.1' }, () => resolve(sessions.list().filter((one) => one.current).map((one) => one.id))));
    expect(marked).toEqual([mine]);
    sessions.during({ id: mine, hostName: '127.0.0.1' }, () => sessions.endOthers());
    expect(sessions.list().map((one) => one.id)).toEqual([mine]);
    expect(other).not.toBe(mine);
    expect((await call('app.info', {}, { cookie })).status).toBe(401);
  });

  it('ends when nobody was at the page for the idle time, though the page went on asking', async () => {
    const cookie = await signInFrom('curl/8');
    nowMs += idleMs / 2;
    await call('app.info', {}, { 'x-console-present': '1' }); // the test's own session goes on
    expect((await call('app.info', {}, { cookie })).status).toBe(200);
    nowMs += idleMs / 2;
    expect((await call('app.info', {}, { cookie })).status).toBe(401);
    expect((await call('app.info', {}, { 'x-console-present': '1' })).status).toBe(200);
  });

  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0', 'Edge 142 on Windows'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'Safari 18 on macOS'],
    ['<script>alert(1)</script>', 'Another browser'],
    ['', 'Another browser'],
  ])('calls %s by a name of its own', (agent, name) => expect(browserName(agent)).toBe(name));
});

describe('readers', () => {
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const metricsToken = 'metrics-token-0123456789';
  const fleetToken = 'fleet-token-0123456789';

  it('get what their token is for, and nothing else', async () => {
    expect(await send({ path: '/metrics', headers: bearer(metricsToken) })).toMatchObject({ status: 200, body: 'console_info 1\n' });
    const summary = await send({ path: '/fleet/summary', headers: bearer(fleetToken) });
    expect(JSON.parse(summary.body)).toMatchObject({ v: 1, earnedToday: '12345678901234567890' });
    expect((await send({ path: '/metrics', headers: bearer(fleetToken) })).status).toBe(401);
    expect((await send({ path: '/fleet/summary', headers: bearer(metricsToken) })).status).toBe(401);
  });

  it('reach no call, no event, no file and no secure page with any token', async () => {
    const before = calls.length;
    for (const token of [metricsToken, fleetToken]) {
      const headers = { ...bearer(token), origin: own(), 'content-type': 'application/json' };
      expect((await send({ method: 'POST', path: '/api/call', headers, body: '{"name":"node.pause","input":{}}' })).status).toBe(401);
      for (const path of ['/', '/api/events', '/assets/index-abc.js']) expect((await send({ path, headers: bearer(token) })).status, path).toBe(401);
      for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) expect((await send({ method, path: '/metrics', headers: headers })).status, method).toBeGreaterThanOrEqual(400);
    }
    expect(calls).toHaveLength(before);
  });

  it.each<[string, Record<string, string>]>([
    ['no token', {}],
    ['a wrong one', bearer('wrong-token-0123456789abc')],
    ['another scheme', { authorization: `Basic ${metricsToken}` }],
    ['a session', { cookie: 'SESSION' }],
    ['a page', { ...bearer(metricsToken), origin: 'http://evil.example' }],
    ['a browser', { ...bearer(metricsToken), 'sec-fetch-site': 'none' }],
    ['a rebound name', { ...bearer(metricsToken), host: 'evil.example' }],
  ])('are refused with %s', async (_, headers) => {
    const given = headers['cookie'] === undefined ? headers : signedIn();
    const answer = await send({ path: '/metrics', headers: given });
    expect([401, 403, 421]).toContain(answer.status);
    expect(answer.body).not.toContain('console_info');
  });

  it.each(['websocket', 'h2c', 'anything'])('and nobody upgrades to %s', async (protocol) => {
    const before = calls.length;
    for (const path of ['/', '/api/events', '/metrics']) expect((await send({ path, headers: { ...signedIn(), connection: 'Upgrade', upgrade: protocol, 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' } })).status, path).toBe(400);
    expect(calls).toHaveLength(before);
  });
});
