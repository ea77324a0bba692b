/** The models that the store installed: listing, checking every file anew, removing (product.md, Models). */
import { randomUUID } from 'node:crypto';
import { lstat, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import { hashFile } from './check-file.ts';
import { onDisk } from './partial-file.ts';
import { readInstalled, type InstalledRecord } from './records.ts';
import { below, downloadsName, makeFolders, modelFolder, modelFolders, pruneEmpty, refuseLinks } from './store-folder.ts';
import type { InstalledModel } from './types.ts';

/** A model with its record, and where it lies. */
export type Found = { folder: string; record: InstalledRecord };

const idOf = ({ repo, commit }: InstalledRecord): string => `${repo}@${commit}`;

/** Every model with a readable record that lies where its record says. */
export async function findInstalled(root: string): Promise<Found[]> {
  const found = await Promise.all((await modelFolders(root)).map(async (folder) => ({ folder, record: await readInstalled(join(folder, 'store.json')) })));
  return found.filter((one): one is Found => one.record !== null && modelFolder(root, one.record.repo, one.record.commit) === one.folder);
}

/** @throws AppError models.unknown */
export async function needInstalled(root: string, modelId: string): Promise<Found> {
  const found = (await findInstalled(root)).find(({ record }) => idOf(record) === modelId);
  if (found === undefined) throw new AppError('models.unknown');
  await refuseLinks(root, found.folder);
  return found;
}

export const viewOfInstalled = ({ folder, record }: Found): InstalledModel => ({
  id: idOf(record),
  name: record.repo,
  revision: record.commit,
  role: record.role,
  quantisation: record.quantisation,
  sizeBytes: record.files.reduce((sum, file) => sum + file.sizeBytes, 0),
  files: record.files.length,
  vramBytes: record.vramBytes,
  verifiedAtMs: record.verifiedAtMs,
  folder,
});

/** Splits a model's files into those that are what they should be and those that are not; a link is not a file. */
export async function checkInstalled({ folder, record }: Found, signal: AbortSignal, onFile: (path: string) => void): Promise<{ whole: InstalledRecord['files']; damaged: InstalledRecord['files'] }> {
  const whole: InstalledRecord['files'] = [];
  const damaged: InstalledRecord['files'] = [];
  for (const file of record.files) {
    onFile(file.target);
    const path = below(folder, file.target);
    const plain = (await lstat(path).catch(() => null))?.isFile() === true && (await realFoldersTo(folder, path));
    const hashes = plain && (await stat(path)).size === file.sizeBytes ? await hashFile(path, file.sizeBytes, { signal }).catch(() => null) : null;
    signal.throwIfAborted();
    (hashes?.sha256 === file.sha256 ? whole : damaged).push(file);
  }
  return { whole, damaged };
}

const realFoldersTo = (folder: string, path: string): Promise<boolean> =>
  dirname(path) === folder ? Promise.resolve(true) : refuseLinks(folder, dirname(path)).then(() => true, () => false);

/** Takes a model away at once by one rename, then deletes it; links inside are removed, never followed. */
export async function removeInstalled(root: string, { folder }: Found): Promise<void> {
  if (!folder.startsWith(root + sep)) throw new AppError('models.unknown');
  const trash = join(root, downloadsName, `trash-${randomUUID()}`);
  await onDisk(makeFolders(root, dirname(trash)));
  await onDisk(rename(folder, trash));
  await pruneEmpty(root, dirname(folder));
  await onDisk(rm(trash, { recursive: true, force: true }));
}
