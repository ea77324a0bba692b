/** The console over TLS for other machines: refused unless all of it is given, and deaf to names, origins, schemes and protocols that the operator did not allow. Real TLS. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../log/logger.ts';
import { createBrowserSessions } from './browser-sessions.ts';
import { stubHandlers } from './call-cases.ts';
import { createDispatchCall } from './dispatch-call.ts';
import { startLoopbackHost, type LoopbackHost } from './loopback-host.ts';
import { createRendererFiles } from './renderer-files.ts';
import { readTlsListening, type TlsFlags } from './tls-listening.ts';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
const file = (name: string): string => join(folder, name);
function certificate(name: string, names: string): void {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=rig', '-addext', `subjectAltName=${names}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)], { stdio: 'ignore' });
  chmodSync(file(`${name}.key`), 0o600);
}
certificate('rig', 'DNS:rig.example,DNS:other.example,IP:127.0.0.1');
certificate('else', 'DNS:else.example');
const flags: TlsFlags = { listen: '127.0.0.1', tlsCert: file('rig.pem'), tlsKey: file('rig.key'), allowHost: 'rig.example,other.example', securePort: null };

describe('flags for listening elsewhere', () => {
  it('are left alone as a whole', () => expect(readTlsListening({ listen: null, tlsCert: null, tlsKey: null, allowHost: null, securePort: null }, 0)).toBeNull());
  it('are taken as a whole', () => expect(readTlsListening({ ...flags, allowHost: 'RIG.example, 127.0.0.1' }, 4100)).toMatchObject({ address: '127.0.0.1', hostNames: ['rig.example', '127.0.0.1'], securePort: 4101 }));
  it.each(['listen', 'tlsCert', 'tlsKey', 'allowHost'] as const)('are refused without %s', (missing) => expect(() => readTlsListening({ ...flags, [missing]: null }, 0)).toThrow(expect.objectContaining({ code: 'host.bad_flag' })));
  it.each([
    ['a certificate alone', { listen: null, tlsKey: null, allowHost: null }],
    ['a secure port alone', { listen: null, tlsCert: null, tlsKey: null, allowHost: null, securePort: 4101 }],
    ['a name to listen on', { listen: 'rig.example' }],
    ['a pattern', { allowHost: '*.example' }],
    ['everything', { allowHost: '*' }],
    ['an empty name', { allowHost: 'rig.example,' }],
    ['a name with a port', { allowHost: 'rig.example:4100' }],
    ['an origin', { allowHost: 'https://rig.example' }],
    ['a name that the certificate lacks', { allowHost: 'rig.example,evil.example' }],
    ['a key of another certificate', { tlsKey: file('else.key') }],
    ['a file that is not there', { tlsCert: file('none.pem') }],
    ['one port for both sites', { securePort: 4100 }],
  ])('are refused with %s', (_, change) => expect(() => readTlsListening({ ...flags, ...change }, 4100)).toThrow(expect.objectContaining({ code: 'host.bad_flag' })));
  it.skipIf(process.platform === 'win32')('are refused with a key that others can read', () => {
    writeFileSync(file('open.key'), readFileSync(file('rig.key')));
    chmodSync(file('open.key'), 0o644);
    expect(() => readTlsListening({ ...flags, tlsKey: file('open.key') }, 0)).toThrow(expect.objectContaining({ code: 'keys.too_open' }));
  });
});

type Reply = { status: number; headers: Record<string, string | string[] | undefined>; body: string };
type Sent = { method?: string; path: string; headers?: Record<string, string>; body?: string; port?: number };
const calls: string[] = [];
const log = createLogger({ level: 'debug', write: () => undefined, now: () => 1 });
const sessions = createBrowserSessions({ randomBytes, now: () => 1, idleMs: () => 60_000 });
const opened: string[] = [];
let host: LoopbackHost;
let securePort: number;
let served: unknown = null;
let cookie: string;
let setCookie: string;

function send({ method = 'GET', path, headers = {}, body, port = host.port }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, rejectUnauthorized: false, agent: false, headers: { host: `rig.example:${port}`, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const call = (headers: Record<string, string> = {}): Promise<Reply> =>
  send({ method: 'POST', path: '/api/call', headers: { cookie, origin: `https://rig.example:${host.port}`, 'content-type': 'application/json', ...headers }, body: '{"name":"node.pause","input":{}}' });

beforeAll(async () => {
  mkdirSync(file('renderer'));
  writeFileSync(join(file('renderer'), 'index.html'), '<!doctype html><title>console</title>');
  const tls = readTlsListening(flags, 0);
  const stubs = stubHandlers((name) => calls.push(name));
  host = await startLoopbackHost(
    { port: 0, tls },
    {
      dispatch: createDispatchCall({ ...stubs, 'keys.open': async () => (opened.push(host.secureUrl('abc')), { url: null }) }, { log }),
      sessions,
      readers: { allows: (scope, token) => token === `${scope}-token-0123456789`, metrics: async () => 'console_info 1\n', summary: () => Promise.reject(new Error('not asked here')), encode: () => null },
      serves: (now) => void (served = now),
      files: createRendererFiles(file('renderer')),
      securePages: async () => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: 'secure page', done: false }),
      onTopic: () => () => undefined,
      keepLink: async () => undefined,
      log,
    },
  );
  securePort = Number(new URL(host.secureUrl('x')).port);
  const answer = await send({ path: new URL(host.link).pathname });
  setCookie = String(answer.headers['set-cookie']);
  cookie = setCookie.split(';')[0] ?? '';
});
afterAll(() => host.close());

describe('the console over TLS', () => {
  it('says where it is served, and under which names', () =>
    expect(served).toEqual({ address: `https://rig.example:${host.port}`, tls: true, hostNames: ['rig.example', 'other.example'] }));

  it('signs in by a link under an allowed name, with a cookie for TLS alone', async () => {
    expect(host.link).toMatch(new RegExp(`^https://rig\\.example:${host.port}/link/[\\w-]{43}$`));
    expect(setCookie).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
    expect((await call()).status).toBe(200);
    expect((await call({ host: `other.example:${host.port}`, origin: `https://other.example:${host.port}` })).status).toBe(200);
    expect(await send({ path: '/', headers: { cookie } })).toMatchObject({ status: 200, body: '<!doctype html><title>console</title>' });
  });

  it.each(['evil.example', '127.0.0.1', 'localhost', 'rig.example', 'rig.example.evil.example', 'evil.example.rig.example', 'RIG.EXAMPLE', 'rig.example.', 'rig.example:1', '[::1]', '0.0.0.0', 'rig.example:80@evil.example', '1.0.0.127.nip.example'])('refuses the host %s, with and without the port', async (name) => {
    const before = calls.length;
    for (const value of [name, `${name}:${host.port}`].filter((text) => text !== `rig.example:${host.port}`)) {
      expect((await call({ host: value })).status, value).toBeGreaterThanOrEqual(400);
      // A rebound name with an origin that agrees with it: the page of an attacker.
      expect((await call({ host: value, origin: `https://${value}` })).status, value).toBeGreaterThanOrEqual(400);
      expect((await send({ path: '/metrics', headers: { host: value, authorization: 'Bearer metrics-token-0123456789' } })).body, value).not.toContain('console_info');
    }
    expect(calls).toHaveLength(before);
  });

  it.each(['null', 'https://evil.example', 'http://rig.example:PORT', 'https://rig.example', 'https://rig.example:SECURE', 'https://other.example:PORT', 'https://rig.example:PORT.evil', 'https://rig.example:PORT/', 'wss://rig.example:PORT', ''])('refuses the origin "%s"', async (text) => {
    const before = calls.length;
    const origin = text.replace('PORT', String(host.port)).replace('SECURE', String(securePort));
    expect((await call({ origin })).status).toBe(403);
    expect((await send({ path: '/api/events', headers: { cookie, origin } })).status).toBe(403);
    expect(calls).toHaveLength(before);
  });

  it('refuses calls that another site of the same name began', async () => {
    for (const site of ['same-site', 'cross-site', 'none']) expect((await call({ 'sec-fetch-site': site })).status, site).toBe(403);
  });

  it('serves the secure pages on a port of their own, under the name that was asked for, and nothing else there', async () => {
    const ask = { host: `other.example:${host.port}`, origin: `https://other.example:${host.port}`, cookie, 'content-type': 'application/json' };
    await send({ method: 'POST', path: '/api/call', headers: ask, body: '{"name":"keys.open","input":{"page":"unlock"}}' });
    expect(opened).toEqual([`https://other.example:${securePort}/secure/abc`]);
    expect(await send({ path: '/secure/abc', port: securePort })).toMatchObject({ status: 200, body: 'secure page' });
    for (const path of ['/', '/api/events', '/metrics', '/fleet/summary', new URL(host.link).pathname]) expect((await send({ path, port: securePort, headers: { cookie } })).status, path).toBe(404);
    expect((await send({ path: '/secure/abc', headers: { cookie } })).status).toBe(404);
    expect((await send({ path: '/secure/abc', port: securePort, headers: { host: `evil.example:${securePort}` } })).status).toBe(421);
    expect((await send({ method: 'POST', path: '/secure/abc', port: securePort, headers: { origin: `https://rig.example:${host.port}` } })).status).toBe(403);
  });

  it('does not answer plain HTTP', async () => {
    const answer = new Promise<string>((resolve) => {
      const sent = requestPlain({ host: '127.0.0.1', port: host.port, path: '/', headers: { host: `rig.example:${host.port}`, cookie } }, (response) => resolve(`answered ${response.statusCode}`));
      sent.on('error', () => resolve('cut off'));
      sent.end();
    });
    expect(await answer).toBe('cut off');
    const bytes = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(host.port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
      socket.on('data', (part) => (text += part.toString('latin1')));
      socket.on('error', () => undefined).on('close', () => resolve(text));
    });
    expect(bytes).not.toContain('HTTP/');
    expect((await call()).status).toBe(200);
  });

  it('does not speak old versions of TLS', async () => {
    const old = await new Promise<string>((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port: host.port, rejectUnauthorized: false, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }, () => resolve(String(socket.getProtocol())));
      socket.on('error', () => resolve('refused'));
    });
    expect(old).toBe('refused');
  });

  it.each(['websocket', 'h2c'])('upgrades nobody to %s', async (protocol) => {
    const headers = { cookie, connection: 'Upgrade', upgrade: protocol, 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    for (const path of ['/', '/api/events', '/metrics']) expect((await send({ path, headers })).status, path).toBe(400);
  });

  it('lets readers in by their token over TLS as well', async () => {
    expect(await send({ path: '/metrics', headers: { authorization: 'Bearer metrics-token-0123456789' } })).toMatchObject({ status: 200, body: 'console_info 1\n' });
    expect((await send({ path: '/metrics', headers: { authorization: 'Bearer fleet-token-0123456789' } })).status).toBe(401);
  });
});
