/** Tests of model folders: a full match is ready; any other size, hash, path or manifest is not (a mismatch is never loaded). */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { findModelFolders, verifyModelFolder } from './model-folder.ts';
import { createReadyModels, noMemory, type VerifiedMemory } from './ready-models.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'models-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const GRAPH = 'not really a graph';
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const manifest = {
  name: 'owner/model',
  revision: '0123456789ab',
  role: 0,
  vramBytes: 100,
  files: [
    { path: 'onnx/model.onnx', sizeBytes: GRAPH.length, sha256: sha(GRAPH) },
    { path: 'config.json', sizeBytes: 2, sha256: sha('{}') },
  ],
};
function write(change: object = {}): string {
  const folder = join(root, 'owner', 'model');
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'onnx/model.onnx'), GRAPH);
  writeFileSync(join(folder, 'config.json'), '{}');
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...manifest, ...change }));
  return folder;
}

describe('verifyModelFolder', () => {
  it('gives the model of a folder that matches', async () => {
    const folder = write();
    expect(await verifyModelFolder(folder)).toEqual({
      id: 'owner/model@0123456789ab',
      name: 'owner/model',
      revision: '0123456789ab',
      role: 0,
      vramBytes: 100,
      sizeBytes: GRAPH.length + 2,
      sha256: sha(GRAPH),
      folder,
    });
  });
  it.each([
    ['another byte', (f: string) => writeFileSync(join(f, 'onnx/model.onnx'), GRAPH.replace('n', 'N')), /SHA-256/],
    ['a byte more', (f: string) => writeFileSync(join(f, 'config.json'), '{} '), /3 bytes, not 2/],
    ['a missing file', (f: string) => rmSync(join(f, 'config.json')), /missing/],
    ['no manifest', (f: string) => rmSync(join(f, 'model.json')), /model.json/],
    ['a manifest that is not JSON', (f: string) => writeFileSync(join(f, 'model.json'), '{'), /not JSON/],
  ])('refuses %s', async (_, damage, detail) => {
    const folder = write();
    damage(folder);
    expect(await verifyModelFolder(folder)).toEqual({ folder, detail: expect.stringMatching(detail) });
  });
  it.each(['../outside', '/etc/passwd', 'a/../../outside', 'C:/outside'])('refuses the path %s', async (path) => {
    const folder = write({ files: [...manifest.files, { path, sizeBytes: 1, sha256: sha('x') }] });
    expect(await verifyModelFolder(folder)).toEqual({
      folder,
      detail: expect.stringMatching(/inside the model folder/),
    });
  });
  it('refuses a manifest without the graph', async () => {
    const folder = write({ files: manifest.files.slice(1) });
    expect(await verifyModelFolder(folder)).toHaveProperty('detail');
  });
});

describe('createReadyModels', () => {
  it('finds folders below the roots, and sees a change and its repair', async () => {
    const folder = write();
    expect(await findModelFolders([root, join(root, 'absent')])).toEqual([folder]);
    const refused: unknown[] = [];
    const log = { ...silentLogger, warn: (event: string) => refused.push(event) };
    const models = createReadyModels([root], { memory: noMemory, log });
    expect((await models.list()).map((m) => m.id)).toEqual(['owner/model@0123456789ab']);
    writeFileSync(join(folder, 'config.json'), '{} ');
    expect(await models.list()).toEqual([]);
    expect(await models.list()).toEqual([]);
    expect(refused).toEqual(['inference.model_refused']);
    writeFileSync(join(folder, 'config.json'), '{}');
    expect(await models.list()).toHaveLength(1);
  });

  it('remembers over a restart what it verified, and hashes what has changed since', async () => {
    const folder = write();
    let kept: ReturnType<VerifiedMemory['read']> = [];
    const memory: VerifiedMemory = { read: () => kept, keep: (folders) => (kept = folders) };
    const first = await createReadyModels([root], { memory, log: silentLogger }).list();
    expect(kept).toEqual([{ folder, stamp: expect.stringMatching(/^[0-9a-f]{64}$/), ready: first[0] }]);
    // What the memory says is taken without a hash: another name shows where the answer came from.
    kept = kept.map((one) => ({ ...one, ready: { ...one.ready, name: 'from/memory' } }));
    expect(await createReadyModels([root], { memory, log: silentLogger }).list()).toEqual([{ ...first[0], name: 'from/memory' }]);
    // Other bytes of the same length, with the old time put back.
    const { atime, mtime } = statSync(join(folder, 'config.json'));
    writeFileSync(join(folder, 'config.json'), '[]');
    utimesSync(join(folder, 'config.json'), atime, mtime);
    expect(await createReadyModels([root], { memory, log: silentLogger }).list()).toEqual([]);
    expect(kept).toEqual([]);
  });
});
