/** The store against a host that drops, lies, truncates, stalls and redirects: what is installed is exact, and nothing lies outside the store's folder. */
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors.ts';
import type { Quantisation } from '../../src-shared/bridge/model-calls.ts';
import { modelManifestSchema, verifyModelFolder } from '../inference/model-folder.ts';
import { silentLogger } from '../log/logger.ts';
import { createModelStore } from './create-model-store.ts';
import { startModelHost, type Fault, type ModelHostServer, type ServedFile } from './testing/model-host-server.ts';
import type { ModelStore, StoreOptions } from './types.ts';

const repo = 'acme/tiny';
const commit = 'c'.repeat(40);
const id = `${repo}@${commit}`;
/** Bytes that differ at every place of every file, so that a misplaced range shows. */
const noise = (size: number, seed: string): Uint8Array => {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, index) => createHash('sha256').update(`${seed}:${index}`).digest());
  return new Uint8Array(Buffer.concat(blocks).subarray(0, size));
};
const files: ServedFile[] = [
  { path: 'README.md', bytes: noise(50, 'readme') },
  { path: 'config.json', bytes: new TextEncoder().encode('{"model_type":"llama"}') },
  { path: 'tokenizer.json', bytes: noise(9_000, 'tokenizer') },
  { path: 'empty.txt', bytes: new Uint8Array(0) },
  { path: 'model.safetensors', bytes: noise(70_000, 'weights'), lfs: true },
  { path: 'onnx/model.onnx', bytes: noise(300_001, 'graph'), lfs: true },
  { path: 'onnx/model_q4.onnx', bytes: noise(60_000, 'graph4'), lfs: true },
  { path: 'onnx/model_q4.onnx_data', bytes: noise(40_000, 'data4'), lfs: true },
];
const graph = 'onnx/model.onnx';

let folder: string;
let server: ModelHostServer;
let store: ModelStore;
let token: string | null;
let host: string;
const stores: ModelStore[] = [];
let installedChanges = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
  server = await startModelHost({ repo, commit, files });
  token = null;
  host = server.url;
  installedChanges = 0;
  store = openStore();
});
afterEach(async () => {
  for (const one of stores.splice(0)) await one.stop();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const rootOf = (): string => join(folder, 'models');
function openStore(options: Partial<StoreOptions> = {}, over: { freeBytes?: () => Promise<number>; refuses?: () => string | null } = {}): ModelStore {
  const made = createModelStore(
    { root: rootOf(), segmentBytes: 50_000, flushBytes: 10_000, stallMs: 60_000, reserveBytes: 0, backoff: { baseMs: 1, capMs: 4 }, ...options },
    {
      fetch,
      settings: {
        host: () => host,
        setHost: (url) => void (host = url),
        hasToken: () => token !== null,
        token: async () => token,
        setToken: async (given) => void (token = given),
      },
      freeBytes: async () => 1e12,
      refuses: (manifest) => (modelManifestSchema.safeParse(manifest).success ? null : 'the engine does not read it'),
      installedChanged: () => void (installedChanges += 1),
      now: Date.now,
      random: () => 0,
      schedule: (delayMs, work) => {
        const timer = setTimeout(work, delayMs);
        return () => clearTimeout(timer);
      },
      log: silentLogger,
      ...over,
    },
  );
  stores.push(made);
  return made;
}

const until = (one: ModelStore, reached: () => boolean | Promise<boolean>): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      Promise.resolve(reached()).then((yes) => {
        if (!yes) return;
        leave();
        resolve();
      }, reject);
    };
    const leave = one.onChange(look);
    look();
  });
const download = (one = store, quantisation: Quantisation = 'fp32'): Promise<void> => one.download({ repo, commit, quantisation, role: 0 });
const finished = (one = store): Promise<void> => until(one, () => one.downloads().length === 0);
const failed = async (one = store): Promise<string> => {
  await until(one, () => one.downloads()[0]?.state === 'failed');
  return one.downloads()[0]!.error!.code;
};
const home = (): string => join(rootOf(), repo, commit);
const faults = (list: Record<string, (Fault | null)[]>): void => {
  server.fault = (path, nth) => list[path]?.[nth] ?? null;
};
const asked = (path: string): string[] => server.seen.filter((one) => one.path.endsWith(`/${path}`)).map((one) => one.range ?? 'whole');

/** Every file of the folder is what the host has, and the engine takes the folder. */
async function expectWhole(quantisation: Quantisation = 'fp32'): Promise<void> {
  const verified = await verifyModelFolder(home());
  expect(verified).toMatchObject({ id, role: 0 });
  const graphOf = quantisation === 'q4' ? 'onnx/model_q4.onnx' : graph;
  expect(new Uint8Array(await readFile(join(home(), graph)))).toEqual(files.find(({ path }) => path === graphOf)!.bytes);
  expect(await readdir(join(rootOf(), '.downloads'))).toEqual([]);
  expect(await readdir(folder)).toEqual(['models']);
}

describe('download', () => {
  it('installs what the host has, in parallel ranges, as the engine reads it', async () => {
    await download();
    await finished();
    await expectWhole();
    expect(asked(graph).length).toBe(7);
    expect(asked('model.safetensors')).toEqual([]);
    expect((await store.installed())[0]).toMatchObject({ id, quantisation: 'fp32', files: 4 });
    expect(installedChanges).toBe(1);
  });
  it('installs a quantised graph under the one name, with its data beside it', async () => {
    await download(store, 'q4');
    await finished();
    await expectWhole('q4');
    expect((await readdir(join(home(), 'onnx'))).sort()).toEqual(['model.onnx', 'model_q4.onnx_data']);
  });
  it('offers what the repository holds', async () => {
    const offer = await store.look(repo, 'main');
    expect(offer).toMatchObject({ commit, role: 0, installed: false });
    expect(offer.choices.map(({ quantisation, files: count, checkedByLfs, problem }) => [quantisation, count, checkedByLfs, problem])).toEqual([['fp32', 4, 1, null], ['q4', 5, 2, null]]);
  });
  it.each<[string, Record<string, (Fault | null)[]>]>([
    ['a line that drops', { [graph]: [{ kind: 'drop', afterBytes: 30_000 }, { kind: 'drop', afterBytes: 0 }] }],
    ['a body that ends too early', { [graph]: [{ kind: 'truncate', afterBytes: 20_000 }, null, { kind: 'truncate', afterBytes: 1 }] }],
    ['a host that stalls', { [graph]: [{ kind: 'stall', afterBytes: 25_000 }] }],
    ['a host that never answers', { 'config.json': [{ kind: 'stall', afterBytes: 0 }] }],
    ['a host without ranges', { [graph]: Array.from({ length: 30 }, () => ({ kind: 'no_ranges' })) }],
    ['a part that is refused', { [graph]: [{ kind: 'status', status: 416 }] }],
    ['a busy host', { 'config.json': [{ kind: 'status', status: 429, headers: { 'retry-after': '0' } }, { kind: 'status', status: 503 }, { kind: 'status', status: 500 }] }],
    ['wrong bytes once', { [graph]: [{ kind: 'wrong_bytes' }] }],
    ['another range than asked for', { [graph]: [{ kind: 'wrong_range' }] }],
    ['more than was asked for', { [graph]: [{ kind: 'too_long' }] }],
    ['an encoding', { 'tokenizer.json': [{ kind: 'encoded' }] }],
  ])('gets over %s', async (_, list) => {
    faults(list);
    const watchful = openStore({ stallMs: 100 });
    await download(watchful);
    await finished(watchful);
    await expectWhole();
  });
  it.each<[string, Fault, string]>([
    ['wrong bytes for ever', { kind: 'wrong_bytes' }, 'models.hash_mismatch'],
    ['a size that is not the list’s', { kind: 'wrong_total', totalBytes: 299_999 }, 'models.size_mismatch'],
    ['a file that is not there', { kind: 'status', status: 404 }, 'models.not_found'],
    ['a host that wants a token', { kind: 'status', status: 401 }, 'models.needs_token'],
    ['a host that says no', { kind: 'status', status: 451 }, 'models.host_refused'],
    ['a redirect without end', { kind: 'redirect', to: `/${repo}/resolve/${commit}/${graph}` }, 'models.bad_redirect'],
    ['a redirect to another protocol', { kind: 'redirect', to: 'file:///etc/passwd' }, 'models.bad_redirect'],
    ['a redirect to http elsewhere', { kind: 'redirect', to: 'http://192.0.2.1/x' }, 'models.bad_redirect'],
  ])('ends with %s, and installs nothing', async (_, fault, code) => {
    server.fault = (path) => (path === graph ? fault : null);
    await download();
    expect(await failed()).toBe(code);
    expect(await store.installed()).toEqual([]);
    expect(await readdir(rootOf())).toEqual(['.downloads']);
  });
  it('waits as long as the host asks for', async () => {
    faults({ 'config.json': [{ kind: 'status', status: 503, headers: { 'retry-after': '600' } }] });
    await download();
    await until(store, () => store.downloads()[0]?.state === 'waiting');
    const [view] = store.downloads();
    expect(view!.error!.code).toBe('models.host_busy');
    expect(view!.nextAttemptMs! - Date.now()).toBeGreaterThan(500_000);
  });
  it('says that it waits as soon as no connection does anything else', async () => {
    server.fault = (path, _, range) => (path === graph && range !== 'bytes=0-49999' ? { kind: 'status', status: 503, headers: { 'retry-after': '600' } } : null);
    await download();
    await until(store, () => store.downloads()[0]?.state === 'waiting' && store.downloads()[0]!.doneBytes === 9_022 + 50_000);
    expect(store.downloads()[0]!.error!.code).toBe('models.host_busy');
  });
  it('asks a host that is gone again, for ever, and says so', async () => {
    await download();
    await finished();
    await store.remove(id);
    const listed = server.url;
    await download(); // listed while it was there
    host = 'http://127.0.0.1:1';
    await until(store, () => store.downloads()[0]?.error?.code === 'models.host_unreachable');
    host = listed;
    await finished();
    await expectWhole();
  });
  it('says before it begins that there is no room', async () => {
    const full = openStore({ reserveBytes: 1_000 }, { freeBytes: async () => 309_000 });
    await download(full);
    expect(await failed(full)).toBe('models.disk_full');
    expect(asked(graph)).toEqual([]);
  });
  it('fetches nothing that the engine would not read', async () => {
    const strict = openStore({}, { refuses: () => 'no such role here' });
    await expect(download(strict)).rejects.toMatchObject({ code: 'models.unsupported' });
    expect(strict.downloads()).toEqual([]);
  });
  it('is ordered once', async () => {
    await Promise.all([download(), download()]);
    expect(store.downloads().length).toBe(1);
    await finished();
    await expect(download()).rejects.toMatchObject({ code: 'models.exists' });
  });
});

describe('pause, restart, cancel', () => {
  const half = async (): Promise<void> => {
    server.fault = (path, _, range) => (path === graph && range !== 'bytes=0-49999' ? { kind: 'stall', afterBytes: 20_000 } : null);
    const slow = openStore({ connections: 2 });
    store = slow;
    await download(slow);
    await until(slow, () => slow.downloads()[0]!.file === graph && slow.downloads()[0]!.doneBytes >= 9_022 + 70_000);
  };
  it('resumes after a pause where the durable bytes end', async () => {
    await half();
    const downloadId = store.downloads()[0]!.id;
    await store.pause(downloadId);
    const { doneBytes, state } = store.downloads()[0]!;
    expect(state).toBe('paused');
    const before = server.seen.length;
    server.fault = () => null;
    await store.resume(downloadId);
    await finished();
    await expectWhole();
    const again = server.seen.slice(before).filter((one) => one.path.endsWith(graph)).map((one) => /(\d+)-(\d+)/.exec(one.range!)!.slice(1).map(Number) as [number, number]);
    expect(again.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBe(300_001 - (doneBytes - 9_022));
  });
  it('goes on after a restart, but not with what was paused', async () => {
    await half();
    await store.stop();
    server.fault = () => null;
    const next = openStore();
    await next.start();
    expect(next.downloads()[0]!.doneBytes).toBeGreaterThanOrEqual(79_022);
    await finished(next);
    await expectWhole();
  });
  it('takes up what is left before it begins the same anew, and ends behind that', async () => {
    await half();
    await store.stop();
    server.fault = () => null;
    const next = openStore();
    const starting = next.start();
    await download(next);
    expect(next.downloads()).toHaveLength(1);
    expect(next.downloads()[0]!.doneBytes).toBeGreaterThanOrEqual(79_022);
    await starting;
    await finished(next);
    await expectWhole();
    const last = openStore();
    let isOver = false;
    void last.start().then(() => (isOver = true));
    await last.stop();
    expect(isOver).toBe(true);
  });
  it('stays paused over a restart', async () => {
    await half();
    await store.pause(store.downloads()[0]!.id);
    await store.stop();
    const next = openStore();
    await next.start();
    expect(next.downloads()[0]).toMatchObject({ state: 'paused' });
  });
  it('believes no journal that tells of more than the file holds', async () => {
    await half();
    await store.stop();
    const parts = join(rootOf(), '.downloads', store.downloads()[0]!.id, 'parts');
    for (const name of await readdir(parts)) if (name.endsWith('.json')) await writeFile(join(parts, name), '{"ranges":[[0,99999999]]}');
    server.fault = () => null;
    const next = openStore();
    await next.start();
    await finished(next);
    await expectWhole();
  });
  it('drops what it fetched when it is cancelled', async () => {
    await half();
    await store.cancel(store.downloads()[0]!.id);
    expect(store.downloads()).toEqual([]);
    expect(await readdir(join(rootOf(), '.downloads'))).toEqual([]);
  });
  it('clears away what nobody continues', async () => {
    await mkdir(join(rootOf(), '.downloads', 'trash-1', 'x'), { recursive: true });
    await mkdir(join(rootOf(), '.downloads', 'ab'.repeat(8)), { recursive: true });
    await store.start();
    expect(await readdir(join(rootOf(), '.downloads'))).toEqual([]);
  });
});

describe('repair and removal', () => {
  it('fetches only what is damaged, missing or a link', async () => {
    await download();
    await finished();
    const before = server.seen.length;
    await writeFile(join(home(), 'config.json'), '{"model_type":"llamb"}');
    await rm(join(home(), 'tokenizer.json'));
    await writeFile(join(folder, 'outside'), 'kept');
    await symlink(join(folder, 'outside'), join(home(), 'tokenizer.json'));
    await store.repair(id);
    await finished();
    expect(server.seen.slice(before).map((one) => one.path.split('/').at(-1)).sort()).toEqual(['config.json', 'tokenizer.json']);
    expect(await readFile(join(folder, 'outside'), 'utf8')).toBe('kept');
    await rm(join(folder, 'outside'));
    await expectWhole();
  });
  it('asks nobody when nothing is damaged', async () => {
    await download();
    await finished();
    const before = server.seen.length;
    await store.repair(id);
    await finished();
    expect(server.seen.length).toBe(before);
    await expectWhole();
  });
  it('mends a model.json that is gone', async () => {
    await download();
    await finished();
    await rm(join(home(), 'model.json'));
    await store.repair(id);
    await finished();
    await expectWhole();
  });
  it('removes a model and the folders it leaves empty', async () => {
    await download();
    await finished();
    await store.remove(id);
    expect(await readdir(rootOf())).toEqual(['.downloads']);
    await expect(store.remove(id)).rejects.toMatchObject({ code: 'models.unknown' });
  });
  it('removes nothing through a link', async () => {
    await download();
    await finished();
    const other = join(folder, 'elsewhere');
    await mkdir(other);
    await writeFile(join(other, 'precious'), 'x');
    await rm(join(rootOf(), 'acme'), { recursive: true });
    await symlink(other, join(rootOf(), 'acme'));
    await expect(store.remove(id)).rejects.toMatchObject({ code: 'models.unknown' });
    await download();
    expect(await failed()).toBe('models.unsafe_path');
    expect(await readdir(other)).toEqual(['precious']);
  });
});

describe('what a host may not do', () => {
  const bend = (change: (sibling: Record<string, unknown>) => Record<string, unknown>): void => {
    server.bendList = (list) => ({ ...list, siblings: (list['siblings'] as Record<string, unknown>[]).map((one) => (one['rfilename'] === 'config.json' ? change(one) : one)) });
  };
  it.each(['../config.json', '/etc/config.json', 'C:/config.json', 'a\\config.json', 'a\0.json', 'con.json', 'NUL', 'a/../../b.json', './a.json', 'a//b.json', 'a.json.', 'TOKENIZER.JSON', 'onnx', 'onnx/model.onnx/x.json', 'x'.repeat(300)])(
    'name a file %j',
    async (path) => {
      bend((one) => ({ ...one, rfilename: path }));
      await expect(download()).rejects.toMatchObject({ code: 'models.unsafe_path' });
      expect(await readdir(folder)).toEqual(['models']);
      expect(await readdir(rootOf())).toEqual([]);
    },
  );
  it.each<[string, (list: Record<string, unknown>) => unknown]>([
    ['another commit', (list) => ({ ...list, sha: 'd'.repeat(40) })],
    ['no list', () => 'no'],
    ['a file without a hash', (list) => ({ ...list, siblings: [{ rfilename: 'config.json', size: 3 }] })],
  ])('answer with %s', async (_, change) => {
    server.bendList = change;
    await expect(download()).rejects.toMatchObject({ code: 'models.bad_listing' });
  });
  it('lie about a hash', async () => {
    bend((one) => ({ ...one, blobId: 'a'.repeat(40) }));
    await download();
    expect(await failed()).toBe('models.hash_mismatch');
  });
  it.each(['http://models.example', 'ftp://127.0.0.1', 'https://me:secret@models.example', 'models.example', 'https://models.example/?x=1'])('be set as %s', async (url) => {
    await expect(store.setSettings({ host: url })).rejects.toBeInstanceOf(AppError);
    expect(host).toBe(server.url);
  });
  it.each(['..', 'a/b/c', 'acme/../x', 'a b', ''])('be asked for %j', async (name) => {
    await expect(store.look(name, 'main')).rejects.toMatchObject({ code: 'models.bad_repo' });
  });
});

describe('the token', () => {
  it('goes to the configured host and to no other that it redirects to', async () => {
    const other = await startModelHost({ repo, commit, files });
    token = 'hf_secret';
    server.fault = (path) => (path === graph ? { kind: 'redirect', to: `${other.url}/${repo}/resolve/${commit}/${graph}` } : null);
    await download();
    await finished();
    await expectWhole();
    expect(server.seen.every((one) => one.authorization === 'Bearer hf_secret')).toBe(true);
    expect(other.seen.length).toBe(7);
    expect(other.seen.every((one) => one.authorization === null)).toBe(true);
    await other.close();
  });
  it('is forgotten when the host changes, unless a new one is given', async () => {
    token = 'hf_secret';
    await store.setSettings({ host: `${server.url}/mirror/` });
    expect([token, host]).toEqual(['hf_secret', `${server.url}/mirror`]);
    await store.setSettings({ host: 'https://mirror.example' });
    expect(token).toBeNull();
    await store.setSettings({ host: 'https://other.example', token: 'new' });
    expect([store.settings(), token]).toEqual([{ host: 'https://other.example', hasToken: true }, 'new']);
  });
  it('is on no file of the store', async () => {
    token = 'hf_secret';
    await download();
    await finished();
    for (const name of await readdir(folder, { recursive: true })) {
      const path = join(folder, name);
      if ((await stat(path)).isFile()) expect((await readFile(path)).includes('hf_secret')).toBe(false);
    }
  });
});
