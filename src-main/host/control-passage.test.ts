/** The control passage over real HTTP: hostile headers, no token, a browser's cookie; calls, confirmations and the file that names it. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors.ts';
import { createLogger } from '../log/logger.ts';
import { controlFilePath, readControlFile, type ControlFile } from '../platform/control-file.ts';
import { lockDataFolder, type FolderLock } from '../platform/files.ts';
import { callCases, stubHandlers } from './call-cases.ts';
import { openControlPassage, type ControlPassage } from './control-passage.ts';
import { createDispatchCall } from './dispatch-call.ts';

type Reply = { status: number; body: string; headers: Record<string, unknown> };

const dataDir = mkdtempSync(join(tmpdir(), 'passage-'));
const lines: string[] = [];
const acts: string[] = [];
const log = createLogger({ level: 'debug', write: (line) => lines.push(line), now: () => 1 });
let lock: FolderLock;
let passage: ControlPassage;
let file: ControlFile;

beforeAll(async () => {
  lock = lockDataFolder(dataDir);
  passage = await openControlPassage(
    { dataDir },
    {
      dispatch: createDispatchCall(stubHandlers((name) => acts.push(name)), { log }),
      command: {
        confirmedBy: () => 'passphrase',
        approve: async (id, passphrase) => {
          if (passphrase !== 'right') throw new AppError('keys.wrong_passphrase');
          acts.push(`approve ${id}`);
        },
        decline: (id) => void acts.push(`decline ${id}`),
      },
      randomBytes,
      log,
    },
  );
  const read = readControlFile(dataDir);
  if (read === null) throw new Error('no control file');
  file = read;
});
beforeEach(() => void acts.splice(0));
afterAll(async () => {
  await passage.close();
  lock.release();
});

type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: unknown; raw?: string };
function send({ method = 'POST', path = '/control/call', headers = {}, body, raw }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: file.port, method, path, headers: { host: `127.0.0.1:${file.port}`, 'content-type': 'application/json', ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(raw ?? (body === undefined ? undefined : JSON.stringify(body)));
  });
}
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${file.token}` });
const call = { name: 'node.get', input: {} };

describe('the control file', () => {
  it('is its owner\'s alone and names the process that holds the folder', () => {
    expect(statSync(controlFilePath(dataDir)).mode & 0o777).toBe(0o600);
    expect(file).toEqual({ pid: process.pid, port: passage.port, token: expect.stringMatching(/^[\w-]{43}$/) });
  });

  it('is passed over when another process holds the folder, none does, or it is not whole', () => {
    const other = mkdtempSync(join(tmpdir(), 'passage-'));
    expect(readControlFile(other)).toBeNull();
    writeFileSync(controlFilePath(other), JSON.stringify(file), { mode: 0o600 });
    expect(readControlFile(other)).toBeNull();
    const held = lockDataFolder(other);
    expect(readControlFile(other)).toEqual(file);
    writeFileSync(controlFilePath(other), JSON.stringify({ ...file, pid: 1 }));
    expect(readControlFile(other)).toBeNull();
    writeFileSync(controlFilePath(other), '{');
    expect(readControlFile(other)).toBeNull();
    held.release();
  });

  it.skipIf(process.platform === 'win32')('is refused when others can read it', () => {
    const other = mkdtempSync(join(tmpdir(), 'passage-'));
    writeFileSync(controlFilePath(other), JSON.stringify(file));
    chmodSync(controlFilePath(other), 0o644);
    expect(() => readControlFile(other)).toThrow(expect.objectContaining({ code: 'keys.too_open' }));
  });
});

describe('who is let in', () => {
  it.each([
    ['no token', {}, 401],
    ['another token', { authorization: `Bearer ${'x'.repeat(43)}` }, 401],
    ['the token in another scheme', { authorization: 'Basic x' }, 401],
    ['a browser session\'s cookie instead', { cookie: 'console-session-1=abc' }, 403],
  ])('refuses %s', async (_name, headers, status) => {
    expect(await send({ headers: headers as Record<string, string>, body: call })).toMatchObject({ status });
    expect(acts).toEqual([]);
  });

  it.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['the other loopback name', { host: 'localhost:PORT' }],
    ['a rebound Host', { host: 'evil.example:80' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['its own Origin: no page lives here', { origin: 'http://127.0.0.1:PORT' }],
    ['the null Origin', { origin: 'null' }],
    ['a browser\'s fetch metadata', { 'sec-fetch-site': 'same-origin' }],
    ['a cookie beside the token', { cookie: 'a=b' }],
  ])('refuses %s even with the token', async (_name, headers) => {
    const here = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(file.port))]));
    expect(await send({ headers: { ...bearer(), ...here }, body: call })).toMatchObject({ status: 403 });
    expect(acts).toEqual([]);
  });

  it('answers no preflight and no other method or path, and never allows another origin', async () => {
    for (const sent of [{ method: 'OPTIONS' }, { method: 'GET' }, { path: '/api/call', body: call }, { path: '/' }]) {
      const reply = await send({ ...sent, headers: bearer() });
      expect([400, 404]).toContain(reply.status);
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(await send({ method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-headers': 'authorization' } })).toMatchObject({ status: 403 });
  });

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'name=node.get', 415],
    ['plain text', { 'content-type': 'text/plain' }, JSON.stringify(call), 415],
    ['half a document', {}, '{"name":', 400],
    ['a body over a megabyte', {}, JSON.stringify({ name: 'x'.repeat(1_100_000), input: {} }), 413],
  ])('refuses %s', async (_name, headers, raw, status) => {
    expect((await send({ headers: { ...bearer(), ...headers }, raw })).status).toBe(status);
  });
});

describe('what it takes', () => {
  const post = async (path: string, body: unknown): Promise<unknown> => JSON.parse((await send({ path, headers: bearer(), body })).body);

  it('answers calls as the bridge does', async () => {
    const answer = await post('/control/call', { name: 'stacks.list', input: {} });
    expect(answer).toMatchObject({ ok: true, value: [expect.objectContaining({ stackSmallId: String(callCases['stacks.list'].output[0]?.stackSmallId) })] });
    expect(acts).toEqual(['stacks.list']);
    expect(await post('/control/call', { name: 'constructor', input: {} })).toMatchObject({ ok: false, error: { code: 'bridge.unknown_call' } });
    expect(await post('/control/call', { name: 'node.get', input: { a: 1 } })).toMatchObject({ ok: false, error: { code: 'bridge.bad_input' } });
  });

  it.each([[null], ['x'], [{}], [{ name: 1, input: {} }], [{ name: 'node.get' }], [{ ...call, extra: 1 }]])('refuses the call %j', async (body) => {
    expect(await post('/control/call', body)).toMatchObject({ ok: false, error: { code: 'bridge.bad_input' } });
    expect(acts).toEqual([]);
  });

  it('says what confirms, and approves and declines', async () => {
    expect(await post('/control/hello', {})).toEqual({ ok: true, value: { confirmedBy: 'passphrase' } });
    expect(await post('/control/approve', { proposalId: 'a', passphrase: 'right' })).toEqual({ ok: true, value: {} });
    expect(await post('/control/decline', { proposalId: 'b' })).toEqual({ ok: true, value: {} });
    expect(acts).toEqual(['approve a', 'decline b']);
  });

  it('declines a proposal after one wrong passphrase', async () => {
    expect(await post('/control/approve', { proposalId: 'a', passphrase: 'wrong' })).toMatchObject({ ok: false, error: { code: 'keys.wrong_passphrase' } });
    expect(await post('/control/approve', { proposalId: 'b', passphrase: null })).toMatchObject({ ok: false, error: { code: 'keys.wrong_passphrase' } });
    expect(acts).toEqual(['decline a', 'decline b']);
    expect(await post('/control/approve', { proposalId: 1, passphrase: null })).toMatchObject({ ok: false, error: { code: 'bridge.bad_input' } });
  });

  it('writes neither token nor passphrase to the log', () => {
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) for (const secret of [file.token, 'right', 'wrong']) expect(line).not.toContain(`"${secret}"`);
  });
});

it('takes its file away when it closes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'passage-'));
  const opened = await openControlPassage({ dataDir: folder }, { dispatch: async () => ({ ok: true, value: null }), command: { confirmedBy: () => 'keychain', approve: async () => undefined, decline: () => undefined }, randomBytes, log });
  expect(JSON.parse(readFileSync(controlFilePath(folder), 'utf8'))).toMatchObject({ port: opened.port });
  await opened.close();
  expect(existsSync(controlFilePath(folder))).toBe(false);
});
