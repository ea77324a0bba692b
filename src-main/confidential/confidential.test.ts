/** Detection over a folder tree, evidence with a kernel and tools of the test's own, sealed requests and their refusals, and the key's life. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src-shared/bridge/intents.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import type { Tee } from '../core/tee.ts';
import { createConfidentialKey } from '../keys/confidential-key.ts';
import { silentLogger } from '../log/logger.ts';
import { createRotation } from './create-rotation.ts';
import { detectTee, type RunTool } from './detect-tee.ts';
import { collectEvidence, reportNonce, simulatedNotice } from './evidence.ts';
import { openConfidentialRequest } from './open-request.ts';
import { sealRequest } from './testing/buyer.ts';
import type { RotationFacts } from './types.ts';
import { uploadEvidence } from './upload-evidence.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tee-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const absent: RunTool = async () => {
  throw Object.assign(new Error('not found'), { code: 'ENOENT' });
};
const says = (output: string): RunTool => async () => output;
const simulated: Exclude<Tee, { kind: 'none' }> = { kind: 'simulated', deviceType: 15_999 };
const hardware: Exclude<Tee, { kind: 'none' }> = { kind: 'hardware', guest: 'tdx_guest', deviceType: 300 };
const sandbox = { id: 'sandbox-g2', kind: 'sandbox', endpoints: ['http://127.0.0.1:1'], coordinatorUrl: null, sandboxControlUrl: 'http://127.0.0.1:2' } as unknown as NetworkProfile;

describe('detection', () => {
  it('finds nothing on a machine without any of it, and says where it looked', async () => {
    const signs = await detectTee({ devices: folder, reports: join(folder, 'report') }, absent);
    expect(signs.map(({ what, found }) => [what, found])).toEqual([['sev_guest', 'no'], ['tdx_guest', 'no'], ['tsm_reports', 'no'], ['nvidia_cc', 'no']]);
    expect(signs[0]?.proof).toContain(`${folder}/sev-guest`);
  });

  it('finds devices by both names, reports and the mode of the GPU', async () => {
    writeFileSync(join(folder, 'sev-guest'), '');
    writeFileSync(join(folder, 'tdx-guest'), '');
    mkdirSync(join(folder, 'report'));
    const signs = await detectTee({ devices: folder, reports: join(folder, 'report') }, says('CC status: ON\n'));
    expect(signs.map(({ found }) => found)).toEqual(['yes', 'yes', 'yes', 'yes']);
  });

  it.each([['CC status: OFF', 'no'], ['CC status: ON', 'yes'], ['Option is not recognized: CC ON', 'no'], ['', 'no']])('reads %j as %s', async (output, found) => {
    expect((await detectTee({ devices: folder, reports: folder }, says(output))).at(-1)).toMatchObject({ what: 'nvidia_cc', found });
  });
});

describe('evidence', () => {
  const publicKey = 'ab'.repeat(32);
  const read = (bytes: Uint8Array): unknown => JSON.parse(inflateSync(bytes).toString());

  it('binds the report to the key, the network’s nonce and the kind of device', () => {
    const nonce = (changes: object): string => Buffer.from(reportNonce({ publicKey, nonce: 7n, tee: hardware, ...changes })).toString('hex');
    expect(nonce({})).toHaveLength(64);
    expect(new Set([nonce({}), nonce({ nonce: 8n }), nonce({ tee: simulated }), nonce({ publicKey: 'cd'.repeat(32) })]).size).toBe(4);
  });

  it('says of a rehearsal what it is, on the sandbox alone', async () => {
    const deps = { profile: sandbox, reports: folder, tool: absent };
    expect(read(await collectEvidence({ publicKey, nonce: 1n, tee: simulated }, deps))).toEqual([expect.objectContaining({ evidence_type: 'simulated', notice: simulatedNotice, network: 'sandbox-g2' })]);
    for (const kind of ['testnet', 'mainnet', 'custom'] as const) {
      await expect(collectEvidence({ publicKey, nonce: 1n, tee: simulated }, { ...deps, profile: { ...sandbox, kind } })).rejects.toMatchObject({ code: 'confidential.refused' });
    }
    await expect(collectEvidence({ publicKey, nonce: 1n, tee: simulated }, { ...deps, profile: { ...sandbox, endpoints: ['https://fullnode.example'] } })).rejects.toMatchObject({ code: 'confidential.refused' });
  });

  it('asks the kernel for a report over the nonce, and NVIDIA’s tool for those of the GPUs', async () => {
    const asked: (readonly string[])[] = [];
    const tool: RunTool = async (_file, args) => (asked.push(args), JSON.stringify({ evidences: [{ arch: 'HOPPER', evidence: 'RVY=', certificate: 'Q0VSVA==' }], result_code: 0 }));
    let made = '';
    const kernel = async (path: string): Promise<void> => {
      made = path;
      mkdirSync(path);
      writeFileSync(join(path, 'outblob'), 'quote');
      writeFileSync(join(path, 'provider'), 'tdx_guest\n');
    };
    const nonce = Buffer.from(reportNonce({ publicKey, nonce: 1n, tee: hardware }));
    const evidence = await collectEvidence({ publicKey, nonce: 1n, tee: hardware }, { profile: sandbox, reports: folder, tool, makeFolder: kernel });
    expect(read(evidence)).toEqual([{ evidence_type: 'cpu', provider: 'tdx_guest', evidence: 'cXVvdGU=' }, { evidence_type: 'device', arch: 'HOPPER', evidence: 'RVY=', certificate: 'Q0VSVA==' }]);
    expect(asked[0]).toContain(nonce.toString('hex'));
    expect(readFileSync(join(made, 'inblob')).equals(Buffer.concat([nonce, Buffer.alloc(32)]))).toBe(true);
    await expect(collectEvidence({ publicKey, nonce: 1n, tee: hardware }, { profile: sandbox, reports: folder, tool: says('{"evidences":[]}'), makeFolder: async (path) => kernel(`${path}`) })).rejects.toMatchObject({ code: 'confidential.no_evidence' });
    const large: RunTool = async () => JSON.stringify({ evidences: [{ evidence: createHash('shake256', { outputLength: 20_000 }).update('x').digest('base64'), certificate: 'x' }] });
    await expect(collectEvidence({ publicKey, nonce: 1n, tee: hardware }, { profile: sandbox, reports: folder, tool: large, makeFolder: kernel })).rejects.toThrow(/a transaction takes/);
  });

  it('gives none where the kernel gives none', async () => {
    await expect(collectEvidence({ publicKey, nonce: 1n, tee: hardware }, { profile: sandbox, reports: join(folder, 'absent'), tool: absent })).rejects.toMatchObject({ code: 'confidential.no_evidence' });
  });
});

describe('a sealed request', () => {
  const key = createConfidentialKey();
  const publicKey = key.rotate();
  const body = '{"model":"m","messages":[{"role":"user","content":"grüß"}]}';

  it('opens to the buyer’s body, and its answers open for the buyer alone, each under its own nonce', async () => {
    const { text, open } = await sealRequest({ body, nodePublicKey: publicKey, stackSmallId: 7n });
    const opened = openConfidentialRequest(text, 7n, key);
    if (opened.kind === 'refused') throw new Error(opened.message);
    expect(opened.body).toBe(body);
    const pieces = ['{"id":"a","usage":{"total_tokens":3}}', '{"id":"b"}', '{"id":"b"}'].map((json) => opened.answer(json, { hash: 'aGFzaA==', signature: 'c2ln' }));
    expect(pieces.map((piece) => JSON.parse(piece).usage)).toEqual([{ total_tokens: 3 }, undefined, undefined]);
    expect(new Set(pieces.map((piece) => JSON.parse(piece).nonce)).size).toBe(3);
    expect(pieces.join('')).not.toContain('"id"');
    expect(await Promise.all(pieces.map(open))).toEqual(['{"id":"a","usage":{"total_tokens":3}}', '{"id":"b"}', '{"id":"b"}']);
  });

  it.each<[string, { [field: string]: unknown }, string]>([
    ['without a field', { salt: undefined }, 'INVALID_BODY'],
    ['with a nonce of another size', { nonce: 'AAAA' }, 'INVALID_BODY'],
    ['for another stack', { stack_small_id: 8 }, 'INVALID_HEADER'],
    ['to an old key', { node_dh_public_key: Buffer.alloc(32).toString('base64') }, 'INVALID_BODY'],
    ['with another body than was signed', { plaintext_body_hash: Buffer.from(blake2b256(new Uint8Array(1))).toString('base64') }, 'AUTH_ERROR'],
    ['with another ciphertext', { ciphertext: Buffer.alloc(64).toString('base64') }, 'INVALID_BODY'],
    ['from a point of low order', { client_dh_public_key: Buffer.alloc(32).toString('base64') }, 'INVALID_BODY'],
  ])('is refused %s', async (_what, change, code) => {
    const { text } = await sealRequest({ body, nodePublicKey: publicKey, stackSmallId: 7n });
    expect(openConfidentialRequest(JSON.stringify({ ...JSON.parse(text), ...change }), 7n, key)).toMatchObject({ kind: 'refused', code });
  });

  it.each(['', '[]', 'null', '{"ciphertext":1}'])('is refused when it is %j', (text) => {
    expect(openConfidentialRequest(text, 7n, key)).toMatchObject({ kind: 'refused', code: 'INVALID_BODY' });
  });

  it('is refused before there is a key', async () => {
    const { text } = await sealRequest({ body, nodePublicKey: publicKey, stackSmallId: 7n });
    expect(openConfidentialRequest(text, 7n, createConfidentialKey())).toMatchObject({ kind: 'refused', code: 'MODEL_ERROR' });
  });
});

describe('evidence for the proxy', () => {
  const answers = (status: number) => async () => new Response(null, { status });
  const give = (over: object, fetched: typeof fetch = answers(200)) =>
    uploadEvidence({ nodeSmallId: 5n, compressed: Uint8Array.of(0x78, 1, 255), proxy: 'https://proxy.example/', simulated: false, ...over }, { signEvidence: async (id, bytes) => `${id}:${bytes.length}`, fetch: fetched });

  it('goes with its signature, bytes as numbers', async () => {
    const asked: unknown[] = [];
    await give({}, async (url, init) => {
      asked.push([url, init?.method, new Headers(init?.headers).get('x-signature'), JSON.parse(String(init?.body))]);
      return new Response(null, { status: 200 });
    });
    expect(asked).toEqual([['https://proxy.example/v1/update_node_attestation', 'PUT', '5:3', { node_small_id: 5, compressed_evidence: [0x78, 1, 255] }]]);
  });
  it.each<[string, object, typeof fetch, string]>([
    ['refused', {}, answers(401), 'confidential.not_uploaded'],
    ['not answered', {}, () => Promise.reject(new TypeError('fetch failed')), 'confidential.not_uploaded'],
    ['of a number that JSON cannot carry', { nodeSmallId: 2n ** 60n }, answers(200), 'confidential.not_uploaded'],
    ['of a rehearsal, off this machine', { simulated: true }, answers(200), 'confidential.refused'],
  ])('is an error when it is %s', async (_, over, fetched, code) => {
    await expect(give(over, fetched)).rejects.toMatchObject({ code });
  });
});

describe('the key’s life', () => {
  const done: Outcome = { digest: 'd', status: 'success', gasMist: 1n, error: null, effects: null };
  const setUp = (outcomes: (Outcome | Error)[] = []) => {
    const state = { tee: simulated as Tee, facts: { counter: 3n, nonce: 9n, serves: true } as RotationFacts, nowMs: 0 };
    const published: { evidence: Uint8Array; simulated: boolean }[] = [];
    const sent: { publicKey: string; counter: bigint; deviceType: number }[] = [];
    const keys = createConfidentialKey();
    const rotation = createRotation({
      tee: () => state.tee,
      keys,
      chain: {
        facts: () => state.facts,
        execute: async ({ publicKey, counter, deviceType }) => {
          sent.push({ publicKey, counter, deviceType });
          const outcome = outcomes.shift() ?? done;
          if (outcome instanceof Error) throw outcome;
          return outcome;
        },
      },
      collect: async () => Uint8Array.of(1),
      publish: async (subject) => {
        published.push(subject);
        throw new Error('the proxy is away');
      },
      changed: () => undefined,
      now: () => state.nowMs,
      random: () => 0,
      log: silentLogger,
    });
    return { state, sent, published, keys, rotation };
  };

  it('announces a new key once, and another one when the network’s counter has risen', async () => {
    const { state, sent, published, keys, rotation } = setUp();
    await Promise.all([rotation.advance(), rotation.advance()]);
    await rotation.advance();
    expect(sent).toEqual([{ publicKey: keys.publicKey(), counter: 3n, deviceType: 15_999 }]);
    state.facts = { counter: 2n, nonce: 1n, serves: true };
    await rotation.advance();
    expect(sent).toHaveLength(1);
    state.facts = { counter: 4n, nonce: 2n, serves: true };
    await rotation.advance();
    expect([sent.length, sent[1]?.counter, sent[1]?.publicKey === sent[0]?.publicKey, rotation.announced()?.publicKey === keys.publicKey()]).toEqual([2, 4n, false, true]);
    // It goes to the proxy once for each key on chain; that the proxy is away is no problem of the key.
    expect([published, rotation.problem()]).toEqual([[1, 2].map(() => ({ evidence: Uint8Array.of(1), simulated: true })), null]);
  });

  it.each<[string, Outcome | Error]>([
    ['failed on chain', { ...done, status: 'failed', error: { code: 'chain.aborted', message: 'no' } }],
    ['is in doubt', { ...done, status: 'in_doubt' }],
    ['could not be sent', new Error('unreachable')],
  ])('repeats the same key later when its announcement %s', async (_what, outcome) => {
    const { state, sent, published, rotation } = setUp([outcome]);
    await rotation.advance();
    expect(published).toEqual([]);
    expect([rotation.announced(), rotation.problem() === null]).toEqual([null, false]);
    await rotation.advance();
    expect(sent).toHaveLength(1);
    state.nowMs = 1e9;
    await rotation.advance();
    expect([sent.length, sent[1]?.publicKey === sent[0]?.publicKey, rotation.problem(), rotation.announced()?.counter]).toEqual([2, true, null, 3n]);
  });

  it('has none without hardware, before the chain was read, or without a confidential task; and forgets it', async () => {
    const { state, sent, keys, rotation } = setUp();
    for (const facts of [null, { counter: 3n, nonce: 9n, serves: false }]) {
      state.facts = facts;
      await rotation.advance();
    }
    state.facts = { counter: 3n, nonce: 9n, serves: true };
    state.tee = { kind: 'none', why: 'no_guest' };
    await rotation.advance();
    expect([sent, keys.publicKey()]).toEqual([[], null]);
    state.tee = simulated;
    await rotation.advance();
    expect(keys.publicKey()).not.toBeNull();
    state.tee = { kind: 'none', why: 'no_guest' };
    await rotation.advance();
    expect([keys.publicKey(), rotation.announced()]).toEqual([null, null]);
    await rotation.stop();
  });
});
