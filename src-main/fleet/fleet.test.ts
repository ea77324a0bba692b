/** The fleet: which addresses are listed, tokens sealed, certificates pinned before a token is sent, and a dead console that holds up nobody. Real sockets, real TLS. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { FleetSummary } from '../../src-shared/bridge/fleet-calls.ts';
import { AppError } from '../../src-shared/errors.ts';
import { silentLogger } from '../log/logger.ts';
import { readConsoleAddress } from './console-address.ts';
import { createFleet } from './create-fleet.ts';
import { judge, readConsole, type Asked } from './read-console.ts';

const token = 'ocr_0123456789abcdefghijklmnop';
const summary = {
  v: 1, version: '0.1.0', atMs: 5, network: { id: 'sandbox', name: 'Sandbox', kind: 'sandbox' }, nodeSmallId: '1', state: 'READY', reason: 'waiting_for_work', sinceMs: 1, running: 0, subscribedTasks: 1,
  tokensPerSecond: null, coin: { type: '0x2::toma::TOMA', symbol: 'TOMA', decimals: 9 }, earnedToday: '12345678901234567890', earned30Days: null, pending: '0', claimable: '7', alerts: [],
};
const limits = { timeoutMs: 2_000 };

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())));

type Asker = { url: string | undefined; authorization: string | undefined };
function answering(answer: (respond: Parameters<RequestListener>[1]) => void): { listener: RequestListener; asked: Asker[] } {
  const asked: Asker[] = [];
  return { asked, listener: (incoming, response) => (asked.push({ url: incoming.url, authorization: incoming.headers.authorization }), answer(response)) };
}
const good = (): ReturnType<typeof answering> => answering((response) => void response.end(JSON.stringify(summary)));

async function serve(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
const servePlain = async (listener: RequestListener): Promise<string> => `http://127.0.0.1:${await serve(createServer(listener))}`;

const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
function certificate(name: string, days = '30'): { cert: string; key: string } {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', days, '-subj', '/CN=rig', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)], { stdio: 'ignore' });
  return { cert: readFileSync(join(folder, `${name}.pem`), 'utf8'), key: readFileSync(join(folder, `${name}.key`), 'utf8') };
}
const first = certificate('first');
const second = certificate('second');
const serveTls = async (keys: { cert: string; key: string }, listener: RequestListener): Promise<string> => `https://127.0.0.1:${await serve(createTlsServer(keys, listener) as unknown as Server)}`;

describe('addresses', () => {
  it.each(['https://rig.example', 'https://rig.example:4100/', 'https://10.0.0.7:4100', 'http://127.0.0.1:4100', 'http://localhost:4100', 'http://[::1]:4100'])('lists %s', (text) => expect(readConsoleAddress(text)).toBe(new URL(text).origin));
  it.each(['http://rig.example', 'http://10.0.0.7:4100', 'http://127.0.0.1.evil.example', 'ftp://rig.example', 'file:///etc/passwd', 'javascript:alert(1)', 'https://a:b@rig.example', 'https://rig.example/x', 'https://rig.example/?x', 'https://rig.example/#x', 'rig.example', ''])('refuses %s', (text) =>
    expect(() => readConsoleAddress(text)).toThrow(AppError));
});

describe('reading a console', () => {
  it('asks with the token and reads the summary', async () => {
    const { listener, asked } = good();
    const heard = await readConsole({ origin: await servePlain(listener), token, pinned: null }, limits);
    expect(heard).toMatchObject({ ok: true, pin: null, summary: { earnedToday: 12_345_678_901_234_567_890n, claimable: 7n } });
    expect(asked).toEqual([{ url: '/fleet/summary', authorization: `Bearer ${token}` }]);
  });
  it.each([
    ['a refused token', (response: Parameters<RequestListener>[1]) => void response.writeHead(401).end(), 'refused_token'],
    ['a redirect', (response: Parameters<RequestListener>[1]) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'not_a_console'],
    ['a page', (response: Parameters<RequestListener>[1]) => void response.end('<html>'), 'not_a_console'],
    ['another shape', (response: Parameters<RequestListener>[1]) => void response.end(JSON.stringify({ ...summary, v: 2 })), 'not_a_console'],
    ['a flood', (response: Parameters<RequestListener>[1]) => void response.end('x'.repeat(1_000_000)), 'unreachable'],
    ['a cut', (response: Parameters<RequestListener>[1]) => void response.destroy(), 'unreachable'],
  ])('%s is a problem, not a crash', async (_, answer, problem) => {
    const { listener } = answering(answer);
    expect(await readConsole({ origin: await servePlain(listener), token, pinned: null }, limits)).toEqual({ ok: false, problem, offered: null });
  });
  it('gives up on a silent one', async () => {
    const { listener } = answering(() => undefined);
    expect(await readConsole({ origin: await servePlain(listener), token, pinned: null }, { timeoutMs: 50 })).toMatchObject({ ok: false, problem: 'timeout' });
  });
  it('pins a self-signed certificate at first, and sends nothing to another one', async () => {
    const { listener, asked } = good();
    const heard = await readConsole({ origin: await serveTls(first, listener), token, pinned: null }, limits);
    const pin = heard.ok ? heard.pin : null;
    expect(pin).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const other = good();
    const refused = await readConsole({ origin: await serveTls(second, other.listener), token, pinned: pin }, limits);
    expect(refused).toMatchObject({ ok: false, problem: 'other_certificate', offered: expect.stringMatching(/:/) });
    expect([asked.length, other.asked.length]).toEqual([1, 0]);
  });
  it('pins nothing where a known authority vouches', async () => {
    const { listener } = good();
    expect(await readConsole({ origin: await serveTls(first, listener), token, pinned: null }, { ...limits, ca: first.cert })).toMatchObject({ ok: true, pin: null });
  });
  it.each([
    ['an expired one', 'CERT_HAS_EXPIRED'],
    ['one of another name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a revoked one', 'CERT_REVOKED'],
  ])('does not pin %s', (_, error) => expect(judge({ shown: 'AA', pinned: null, authorized: false, error })).toEqual({ problem: 'bad_certificate', offered: null }));
  it('keeps to the pin even where an authority vouches for another', () => expect(judge({ shown: 'BB', pinned: 'AA', authorized: true, error: '' })).toMatchObject({ problem: 'other_certificate' }));
});

/** A list over a map, with a seal that can be locked. */
function fleetOf(read: (asked: Asked) => ReturnType<typeof readConsole>) {
  const kept = new Map<string, unknown>();
  const state = { locked: false, nowMs: 1_000 };
  let wake: () => void = () => undefined;
  const flip = async (bytes: Uint8Array): Promise<Uint8Array> => {
    if (state.locked) throw new AppError('keys.locked');
    return bytes.map((byte) => byte ^ 0x5a);
  };
  const open = () =>
    createFleet({
      settings: { get: <T>(key: string, schema: z.ZodType<T>): T | null => (kept.has(key) ? schema.decode(kept.get(key) as never) : null), set: (key, value) => void kept.set(key, value) },
      seal: flip, open: flip, read, randomBytes, now: () => state.nowMs, changed: () => wake(), log: silentLogger,
    });
  return { open, kept, state, changed: () => new Promise<void>((done) => (wake = done)) };
}
const wire = { ...summary, nodeSmallId: 1n, earnedToday: 5n, pending: 0n, claimable: 7n } as unknown as FleetSummary;

describe('the list', () => {
  it('keeps tokens sealed, and a dead console beside living ones', async () => {
    const { open, kept } = fleetOf(async ({ origin }) => (origin.includes('dead') ? { ok: false, problem: 'unreachable', offered: null } : { ok: true, summary: wire, pin: null }));
    const fleet = open();
    const dead = await fleet.add({ name: 'dead', url: 'https://dead.example', token });
    const alive = await fleet.add({ name: 'alive', url: 'https://alive.example', token });
    await Promise.all([fleet.refresh(dead.id), fleet.refresh(alive.id)]);
    expect(fleet.list()).toMatchObject([{ name: 'dead', problem: 'unreachable', summary: null, lastSeenMs: null }, { name: 'alive', problem: null, summary: { earnedToday: 5n }, lastSeenMs: 1_000 }]);
    expect(JSON.stringify([...kept])).not.toContain(token);
    expect(JSON.stringify([...kept])).not.toContain(Buffer.from(token).toString('base64'));
    expect(JSON.stringify(fleet.list(), (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))).not.toContain(token);
  });
  it('remembers when a console was last seen over a restart', async () => {
    let alive = true;
    const { open, state } = fleetOf(async () => (alive ? { ok: true, summary: wire, pin: null } : { ok: false, problem: 'timeout', offered: null }));
    const fleet = open();
    const { id } = await fleet.add({ name: 'rig', url: 'https://rig.example', token });
    await fleet.refresh(id);
    state.nowMs = 500_000;
    await fleet.refresh(id);
    alive = false;
    await fleet.refresh(id);
    expect(open().list()).toMatchObject([{ lastSeenMs: 500_000, summary: { claimable: 7n } }]);
  });
  it('says that the keys are locked, and adds nothing then', async () => {
    const { open, state } = fleetOf(async () => ({ ok: true, summary: wire, pin: null }));
    const fleet = open();
    const { id } = await fleet.add({ name: 'rig', url: 'https://rig.example', token });
    await fleet.refresh(id);
    state.locked = true;
    await fleet.refresh(id);
    expect(fleet.list()).toMatchObject([{ problem: 'keys_locked', lastSeenMs: 1_000 }]);
    await expect(fleet.add({ name: 'two', url: 'https://two.example', token })).rejects.toMatchObject({ code: 'keys.locked' });
    await expect(fleet.add({ name: 'two', url: 'http://two.example', token })).rejects.toMatchObject({ code: 'fleet.bad_address' });
    expect(fleet.list()).toHaveLength(1);
  });
  it('takes another certificate only after the operator agreed to that very one', async () => {
    let shown = 'AA';
    const { open } = fleetOf(async ({ pinned }) => (pinned === null || pinned === shown ? { ok: true, summary: wire, pin: shown } : { ok: false, problem: 'other_certificate', offered: shown }));
    const fleet = open();
    const { id } = await fleet.add({ name: 'rig', url: 'https://rig.example', token });
    await fleet.refresh(id);
    expect(fleet.list()).toMatchObject([{ pinned: 'AA' }]);
    shown = 'BB';
    await fleet.refresh(id);
    expect(fleet.list()).toMatchObject([{ problem: 'other_certificate', offered: 'BB', pinned: 'AA' }]);
    await expect(fleet.trust(id, 'CC')).rejects.toMatchObject({ code: 'fleet.unknown' });
    await fleet.trust(id, 'BB');
    expect(fleet.list()).toMatchObject([{ problem: null, offered: null, pinned: 'BB' }]);
    fleet.remove(id);
    expect(fleet.list()).toEqual([]);
    await expect(async () => fleet.refresh(id)).rejects.toMatchObject({ code: 'fleet.unknown' });
  });
});
