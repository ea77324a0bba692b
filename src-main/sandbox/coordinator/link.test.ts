/** The link through the real socket: every refusal, every protocol fault, silence, duplicate sessions (coordinator.md 2 and 3). */
import { request } from 'node:http';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startBench, vectorKeys } from './coordinator-bench.ts';
import { connectNode, identityOf, makeManifest, type NodeKeys, type StrictNode } from './strict-node.ts';

let bench: Awaited<ReturnType<typeof startBench>>;
beforeEach(async () => void (bench = await startBench()));
afterEach(() => bench.stop());

const stranger = Secp256k1Keypair.fromSecretKey(randomBytes(32));
const now = () => bench.clock.now();
const manifest = (changes = {}, after = {}) => makeManifest(vectorKeys, now(), changes, after);
/** A second RSA key under the same operator key. */
const otherNode: NodeKeys = { ...vectorKeys, rsaPem: generateKeyPairSync('rsa', { modulusLength: 3072, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey };

describe('door', () => {
  const upgrade = (path: string, protocol: string | null): Promise<number> =>
    new Promise((resolve, reject) => {
      const url = new URL(bench.coordinator.url.replace('ws:', 'http:'));
      const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64'), ...(protocol === null ? {} : { 'sec-websocket-protocol': protocol }) };
      const call = request({ host: url.hostname, port: url.port, path, headers });
      call.on('response', (response) => resolve(response.statusCode ?? 0));
      call.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve(101);
      });
      call.on('error', reject);
      call.end();
    });
  it.each([['/v1/link', 'node-link.v1', 101], ['/v1/link', 'other, node-link.v1', 101], ['/v1/link', null, 400], ['/v1/link', 'node-link.v2', 400], ['/v2/link', 'node-link.v1', 404]] as const)('%s with %s answers %i', async (path, protocol, status) =>
    expect(await upgrade(path, protocol)).toBe(status));

  it('listens on loopback, without compression, with the subprotocol', async () => {
    expect(bench.coordinator.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/link$/);
    const socket = new WebSocket(bench.coordinator.url, ['node-link.v1']);
    await new Promise((resolve) => socket.once('open', resolve));
    expect([socket.protocol, socket.extensions]).toEqual(['node-link.v1', '']);
    socket.terminate();
  });

  it('drops everything while told to', async () => {
    const node = await bench.connect();
    await node.enter();
    bench.coordinator.setDropped(true);
    expect((await node.closed).code).toBe(1006);
    await expect(connectNode(bench.coordinator.url, vectorKeys, bench.clock)).rejects.toThrow();
    bench.coordinator.setDropped(false);
    await (await bench.connect()).enter();
  });
});

describe('hello', () => {
  it('welcomes a good node and takes its heartbeats', async () => {
    const node = await bench.connect();
    const welcome = await node.enter();
    expect(welcome).toMatchObject({ heartbeat_interval_ms: 30_000, missed_heartbeats_allowed: 2, awaiting: [] });
    await node.heartbeat({ state: 'EXECUTING', running: 1, free: 1 });
    expect(await node.next('heartbeat_ack')).toMatchObject({ seq: 2 });
    expect(bench.coordinator.nodes()).toMatchObject([{ nodeId: node.nodeId, heartbeat: { state: 'EXECUTING' } }]);
  });
  it('takes unknown fields of a manifest as part of what was signed', async () => {
    const node = await bench.connect();
    await node.enter(await manifest({ future: { b: 1, a: ['é', 1e21] } }));
  });

  const refusals: [string, string, (node: StrictNode) => Promise<void>][] = [
    ['a field missing', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({ region: undefined }) })],
    ['a class that v1 refuses', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({ workload_classes: ['ai.training'] }) })],
    ['a foreign node_id', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({ node_id: `0x${'1'.repeat(64)}` }) })],
    ['a changed field', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({}, { hardware_tier: 4 }) })],
    ['a field added later', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({}, { extra: 1 }) })],
    ['a foreign wallet_sig', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({ wallet_address: stranger.toSuiAddress() }) })],
    ['an old manifest', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({ issued_at: new Date(now() - 25 * 3_600_000).toISOString() }) })],
    ['a manifest from the future', 'bad_manifest', async (n) => n.hello({ manifest: await manifest({ issued_at: new Date(now() + 120_000).toISOString() }) })],
    ['a clock far off', 'clock_skew', (n) => n.hello({ ts: now() - 90_001 })],
    ['another nonce', 'bad_signature', (n) => n.hello({ nonce: '0'.repeat(64) })],
    ['another liveness key', 'bad_signature', (n) => n.hello({ signer: stranger })],
    ['an unregistered wallet', 'not_registered', async (n) => (bench.chain.standings.delete(bench.wallet), n.hello())],
    ['a disabled node', 'disabled', async (n) => (bench.chain.standings.set(bench.wallet, { kind: 'disabled' }), n.hello())],
    ['a node in cooldown', 'in_cooldown', async (n) => (bench.chain.standings.set(bench.wallet, { kind: 'in_cooldown' }), n.hello())],
    ['an old client', 'version_unsupported', async (n) => n.hello({ manifest: await manifest({ client_version: '0.0.9' }) })],
  ];
  it.each(refusals)('refuses %s: %s', async (_, code, act) => {
    const node = await bench.connect();
    await act(node);
    expect(await node.next('refused')).toMatchObject({ code });
    expect((await node.closed).code).toBe(1000);
    expect(bench.coordinator.nodes()).toEqual([]);
  });

  it('refuses a second node_id of a wallet while the first is connected, and binds it afterwards', async () => {
    const first = await bench.connect();
    await first.enter();
    const second = await bench.connect(otherNode);
    await second.hello();
    expect(await second.next('refused')).toMatchObject({ code: 'sybil' });
    first.leave();
    await first.closed;
    await expect.poll(() => bench.coordinator.nodes().length).toBe(0);
    const third = await bench.connect(otherNode);
    await third.enter();
    expect(third.nodeId).toBe(identityOf(otherNode).nodeId);
  });

  it('keeps an older session that answers a ping, and replaces one that does not', async () => {
    const older = await bench.connect();
    await older.enter();
    const newcomer = await bench.connect();
    await newcomer.hello();
    expect(await newcomer.next('refused')).toMatchObject({ code: 'duplicate_session' });
    older.hang();
    const pinged = new Promise((resolve) => older.socket.once('ping', resolve));
    const again = await bench.connect();
    const entering = again.hello();
    await pinged;
    bench.clock.advance(5_000);
    await entering;
    expect((await older.closed).code).toBe(1006);
    expect((await again.next('welcome')).awaiting).toEqual([]);
  });
});

describe('protocol faults close 1008 with a reason', () => {
  const faults: [string, (node: StrictNode) => Promise<void> | void][] = [
    ['an unknown type', (n) => n.send({ type: 'nonsense' })],
    ['a frame of the wrong side', (n) => n.send({ type: 'failure_ack', task_id: '01M7XPG0PVERF7HENE4K5HTVH9' })],
    ['a binary frame', (n) => n.socket.send(Buffer.from('{"type":"bye","code":"x"}'), { binary: true })],
    ['text that is not JSON', (n) => n.socket.send('{')],
    ['broken UTF-8', (n) => n.socket.send(Buffer.from([0x7b, 0xff, 0x7d]), { binary: false })],
    ['an array', (n) => n.socket.send('[]')],
    ['a field of a wrong type', (n) => n.send({ type: 'accepted', task_id: 12 })],
    ['a number as text', (n) => n.send({ type: 'heartbeat', seq: '2', ts: now(), state: 'READY', running: 0, free_slots: 1, gpu: [], sig: 'x' })],
    ['a second hello', (n) => n.hello()],
    ['a repeated seq', (n) => n.heartbeat({ seq: 1 })],
    ['a skipped seq', (n) => n.heartbeat({ seq: 3 })],
    ['ts 90 s behind', (n) => n.heartbeat({ ts: now() - 90_001 })],
    ['ts 90 s ahead', (n) => n.heartbeat({ ts: now() + 90_001 })],
    ['a forged heartbeat', (n) => n.heartbeat({ signer: stranger })],
    ['a forged failure', (n) => n.failure('01M7XPG0PVERF7HENE4K5HTVH9', 'internal', { signer: stranger })],
    ['an old failure', (n) => n.failure('01M7XPG0PVERF7HENE4K5HTVH9', 'internal', { ts: now() - 90_001 })],
    ['a forged history request', (n) => n.requestHistory(12, -1, stranger)],
  ];
  it.each(faults)('%s', async (_, act) => {
    const node = await bench.connect();
    await node.enter();
    await act(node);
    const { code, reason } = await node.closed;
    expect(code).toBe(1008);
    expect(reason).not.toBe('');
    // Nothing is lost: the same node comes back at once.
    await (await bench.connect()).enter();
  });

  it.each<[string, (node: StrictNode) => Promise<void> | void]>([
    ['a heartbeat before welcome', (n) => n.heartbeat()],
    ['a result before welcome', (n) => n.send({ type: 'accepted', task_id: '01M7XPG0PVERF7HENE4K5HTVH9' })],
    ['a frame on the heels of hello', async (n) => (await n.hello(), n.send({ type: 'accepted', task_id: '01M7XPG0PVERF7HENE4K5HTVH9' }))],
  ])('%s', async (_, act) => {
    const node = await bench.connect();
    await act(node);
    expect((await node.closed).code).toBe(1008);
  });

  it('closes 1009 over 4 MiB', async () => {
    const node = await bench.connect();
    await node.enter();
    node.socket.send(JSON.stringify({ type: 'bye', code: 'x', pad: 'x'.repeat(4 * 1024 * 1024) }));
    expect((await node.closed).code).toBe(1009);
  });
  it('closes when no hello comes within 10 s', async () => {
    const node = await bench.connect();
    await expect.poll(() => bench.clock.waiting()).toBe(1);
    bench.clock.advance(9_999);
    expect(node.socket.readyState).toBe(WebSocket.OPEN);
    bench.clock.advance(1);
    expect((await node.closed).code).toBe(1008);
  });
});

describe('silence and leaving', () => {
  it('says bye/heartbeat_timeout after two and a half intervals of silence', async () => {
    const node = await bench.connect();
    await node.enter();
    bench.clock.advance(74_999);
    await node.heartbeat();
    await node.next('heartbeat_ack');
    bench.clock.advance(74_999);
    expect(bench.coordinator.nodes()).toHaveLength(1);
    bench.clock.advance(1);
    expect(await node.next('bye')).toMatchObject({ code: 'heartbeat_timeout' });
    expect((await node.closed).code).toBe(1000);
  });
  it('counts from welcome before the first heartbeat', async () => {
    const node = await bench.connect();
    await node.hello();
    await node.next('welcome');
    bench.clock.advance(75_000);
    expect(await node.next('bye')).toMatchObject({ code: 'heartbeat_timeout' });
  });
  it('says bye with the refused code to a node disabled meanwhile', async () => {
    const node = await bench.connect();
    await node.enter();
    await bench.coordinator.recheckNodes();
    expect(bench.coordinator.nodes()).toHaveLength(1);
    bench.chain.standings.set(bench.wallet, { kind: 'in_cooldown' });
    await bench.coordinator.recheckNodes();
    expect(await node.next('bye')).toMatchObject({ code: 'in_cooldown' });
    expect((await node.closed).code).toBe(1000);
  });
  it('closes 1013, not 1008, when the chain does not answer', async () => {
    const node = await bench.connect();
    bench.chain.standing = () => Promise.reject(new Error('no answer'));
    await node.hello();
    expect((await node.closed).code).toBe(1013);
  });
  it('lets a node go that says bye', async () => {
    const node = await bench.connect();
    await node.enter();
    node.send({ type: 'bye', code: 'manifest_changed' });
    expect((await node.closed).code).toBe(1000);
    expect(bench.coordinator.nodes()).toEqual([]);
  });
  it('keeps its identity over a restart', async () => {
    const before = bench.coordinator.coordinatorId;
    await bench.restart();
    expect(bench.coordinator.coordinatorId).toBe(before);
    await (await bench.connect()).enter();
  });
});
