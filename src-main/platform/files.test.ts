/** Atomic writes and modes on a real disk, and the lock of a data folder against living, dead and recycled processes. */
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder, makePrivateFolder, modeBeyond, writeFileAtomically } from './files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('writeFileAtomically', () => {
  it('replaces the content with the given mode and leaves nothing beside it', async () => {
    const path = join(folder, 'a');
    await writeFileAtomically(path, bytes('one'));
    await writeFileAtomically(path, bytes('two'));
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777, readdirSync(folder)]).toEqual(['two', 0o600, ['a']]);
  });
  it('leaves nothing behind when it fails', async () => {
    makePrivateFolder(join(folder, 'b'));
    await expect(writeFileAtomically(join(folder, 'b'), bytes('x'))).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(folder)).toEqual(['b']);
  });
});

describe('modes', () => {
  it('makes folders private and tells the bits that are too many', () => {
    const path = join(folder, 'x', 'y');
    makePrivateFolder(path);
    expect([modeBeyond(path, 0o700), modeBeyond(join(folder, 'absent'), 0)]).toEqual([0, 0]);
    chmodSync(path, 0o755);
    expect(modeBeyond(path, 0o700)).toBe(0o055);
  });
});

describe('lockDataFolder', () => {
  const lockPath = (): string => join(folder, 'console.lock');
  const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

  it('is held once, and free again after release', () => {
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(expect.objectContaining({ code: 'store.in_use', fields: { pid: process.pid } }) as Error);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    lockDataFolder(folder).release();
  });
  it.each<[string, () => string]>([
    ['a dead process', () => JSON.stringify({ pid: deadPid(), birth: null })],
    ['a recycled pid', () => JSON.stringify({ pid: process.pid, birth: 'another boot:1' })],
    ['half a file', () => '{"pid":'],
  ])('takes over the lock of %s', (_, content) => {
    writeFileSync(lockPath(), content());
    const lock = lockDataFolder(folder);
    expect(JSON.parse(readFileSync(lockPath(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(folder)).toEqual(['console.lock']);
    lock.release();
  });
  it('leaves the lock of another living process alone', () => {
    writeFileSync(lockPath(), JSON.stringify({ pid: process.ppid, birth: null }));
    expect(() => lockDataFolder(folder)).toThrow(expect.objectContaining({ code: 'store.in_use' }) as Error);
  });
});
