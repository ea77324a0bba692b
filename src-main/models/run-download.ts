/** Carries one download through: room, files, hashes, installation; can be stopped and begun again at any point (issue 4, item 3). */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import { hashFile, matches } from './check-file.ts';
import { fetchFile, type FetchDeps, type FetchLimits } from './fetch-file.ts';
import { install } from './install.ts';
import { keptBytes, onDisk, openPartialFile, removePartialFile } from './partial-file.ts';
import { below, isPlainFile, makeFolders } from './store-folder.ts';
import type { DownloadRecord, ModelHost, PlannedFile, StoreDeps } from './types.ts';

/** Told as it goes; the store shows it. */
export type DownloadEvents = {
  file(path: string | null, state: 'downloading' | 'verifying'): void;
  durable(bytes: number): void;
  verified(files: number): void;
} & Pick<FetchDeps, 'onBytes' | 'onWaiting'>;

export type RunDeps = Pick<StoreDeps, 'freeBytes' | 'schedule' | 'random' | 'now' | 'log'> & { host: ModelHost; signal: AbortSignal; events: DownloadEvents };
export type RunOptions = { root: string; folder: string; limits: FetchLimits; reserveBytes: number };

/** A download's partial file: its name is made of the target's, so that it means the same file in every order of files. */
export const partPath = (folder: string, { target }: PlannedFile): string => join(folder, 'parts', createHash('sha256').update(target).digest('hex').slice(0, 32));
/** Where finished files are put together before the folder takes its place. */
export const stagedFolder = (folder: string): string => join(folder, 'made', 'files');

/** Bytes of a download that survived the last stop. */
export async function durableBytes(record: DownloadRecord, folder: string): Promise<number> {
  const sizes = await Promise.all(record.files.map(async (file) => (await isPlainFile(below(stagedFolder(folder), file.target))) ? file.sizeBytes : keptBytes(partPath(folder, file), file.sizeBytes)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Returns when the model is installed, or mended.
 * @throws AppError what the operator has to mend; the signal's reason. Durable bytes stay for the next time.
 */
export async function runDownload(record: DownloadRecord, options: RunOptions, deps: RunDeps): Promise<void> {
  const { folder } = options;
  await onDisk(makeFolders(options.root, join(folder, 'parts')));
  await takeBack(record, folder);
  await requireRoom(record, options, deps);
  const sha256: string[] = [];
  for (const file of record.files) {
    sha256.push(await fetchAndCheck(record, file, partPath(folder, file), options, deps));
    deps.events.verified(sha256.length);
  }
  deps.signal.throwIfAborted();
  deps.events.file(null, 'verifying');
  const files = record.files.map((file, index) => ({ ...file, sha256: sha256[index]!, from: partPath(folder, file) }));
  await onDisk(install({ record, files, root: options.root, staged: stagedFolder(folder) }, deps));
}

/** A stop between staging and installing leaves files in the staging folder: they become parts again, to be hashed once more. */
async function takeBack(record: DownloadRecord, folder: string): Promise<void> {
  for (const file of record.files) {
    const staged = below(stagedFolder(folder), file.target);
    if (!(await isPlainFile(staged))) continue;
    await onDisk(rename(staged, partPath(folder, file)));
    const partial = await openPartialFile(partPath(folder, file), file.sizeBytes);
    await partial.keep([0, file.sizeBytes]).finally(() => partial.close());
  }
  await rm(join(folder, 'made'), { recursive: true, force: true });
  await onDisk(mkdir(join(folder, 'parts'), { recursive: true }));
}

/** @throws AppError models.disk_full before anything is asked for, rather than half way */
async function requireRoom(record: DownloadRecord, { folder, reserveBytes }: RunOptions, { freeBytes }: RunDeps): Promise<void> {
  const missing = record.files.reduce((sum, file) => sum + file.sizeBytes, 0) - (await durableBytes(record, folder));
  const available = await onDisk(freeBytes(folder));
  if (missing > 0 && missing + reserveBytes > available) throw new AppError('models.disk_full', { needed: missing + reserveBytes, available });
}

/** SHA-256 of a file once its bytes are those of the host's list. A file that does not match is fetched once more, whole. */
async function fetchAndCheck(record: DownloadRecord, file: PlannedFile, path: string, { limits }: RunOptions, deps: RunDeps): Promise<string> {
  const { events, signal } = deps;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const partial = await openPartialFile(path, file.sizeBytes);
    try {
      events.file(file.target, 'downloading');
      const open: FetchDeps['open'] = (range, asked) => deps.host.open(record.repo, record.commit, file.path, range, asked);
      await fetchFile(file, partial, limits, { ...deps, ...events, open, onDurable: events.durable });
    } finally {
      await partial.close();
    }
    events.file(file.target, 'verifying');
    const hashes = await onDisk(hashFile(path, file.sizeBytes, { signal })).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
    if (matches(hashes, file.sizeBytes, file.check)) return hashes.sha256;
    deps.log.warn('models.damaged', { file: file.target, attempt });
    events.durable(-file.sizeBytes);
    await removePartialFile(path);
  }
  throw new AppError('models.hash_mismatch', { file: file.target });
}
