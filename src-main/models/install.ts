/** Puts verified files in their place: a new model by one rename of its whole folder, a mended one file by file (issue 4, item 3: atomic install). */
import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import { syncFolder, writeFileAtomically } from '../platform/files.ts';
import { writeInstalled, type InstalledRecord } from './records.ts';
import { vramEstimate } from './select-files.ts';
import { below, makeFolders, modelFolder, refuseLinks } from './store-folder.ts';
import type { DownloadRecord, ModelManifest, PlannedFile } from './types.ts';

type CheckedFile = PlannedFile & { sha256: string };
type Order = { record: DownloadRecord; files: (CheckedFile & { from: string })[]; root: string; staged: string };

/** What model.json of a revision says. */
export const manifestOf = ({ repo, commit, role }: Pick<DownloadRecord, 'repo' | 'commit' | 'role'>, files: readonly CheckedFile[]): ModelManifest => ({
  name: repo,
  revision: commit,
  role,
  files: files.map(({ target, sizeBytes, sha256 }) => ({ path: target, sizeBytes, sha256 })),
  vramBytes: vramEstimate(files),
});

/** Moves the files in. A stop in between is mended by doing it again: what was moved is found and taken back. */
export async function install(order: Order, { now }: { now(): number }): Promise<void> {
  const { record, root, staged } = order;
  const home = modelFolder(root, record.repo, record.commit);
  const all: CheckedFile[] = [...record.kept, ...order.files];
  if (record.kind === 'repair') {
    await refuseLinks(root, home);
    for (const file of order.files) await moveIn(root, file.from, below(home, file.target));
    await describe(home, record, all, now());
    return;
  }
  await rm(staged, { recursive: true, force: true });
  await makeFolders(root, staged);
  for (const file of order.files) await moveIn(root, file.from, below(staged, file.target));
  await describe(staged, record, all, now());
  await makeFolders(root, dirname(home));
  if ((await lstat(home).catch(() => null)) !== null) throw new AppError('models.exists');
  await rename(staged, home);
  await syncFolder(dirname(home));
}

/** A file that stands in the way is replaced whole; a folder or a link in the way of a folder is refused. */
async function moveIn(root: string, from: string, to: string): Promise<void> {
  await makeFolders(root, dirname(to));
  const handle = await open(from, 'r+');
  await handle.sync().finally(() => handle.close());
  if ((await lstat(to).catch(() => null))?.isDirectory() === true) await rm(to, { recursive: true });
  await rename(from, to);
}

async function describe(folder: string, record: DownloadRecord, files: CheckedFile[], nowMs: number): Promise<void> {
  const { repo, commit, role, quantisation } = record;
  const manifest = manifestOf(record, files);
  const kept: InstalledRecord['files'] = files.map(({ path, target, sizeBytes, check, sha256 }) => ({ path, target, sizeBytes, check, sha256 }));
  await writeInstalled(join(folder, 'store.json'), { version: 1, repo, commit, role, quantisation, verifiedAtMs: nowMs, vramBytes: manifest.vramBytes, files: kept });
  // Last: a folder with a model.json is a model.
  await writeFileAtomically(join(folder, 'model.json'), Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));
}
