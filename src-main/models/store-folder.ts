/** The store's folder and what lies where in it; every path is built here, from checked names, and never through a symbolic link (issue 4, item 3). */
import { lstat, mkdir, readdir, realpath, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import { safeSegments } from './safe-path.ts';

/** Folder of downloads: hidden, and its finished files lie deeper than the engine looks for models. */
export const downloadsName = '.downloads';

/** The store's folder, made if need be. The operator may have linked the folder itself elsewhere; nothing inside it may be a link. */
export async function openRoot(root: string): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  return realpath(root);
}

/** A path below `base` for a checked relative path. @throws AppError models.unsafe_path */
export function below(base: string, path: string): string {
  const segments = safeSegments(path);
  if (segments === null) throw new AppError('models.unsafe_path', { path: path.slice(0, 100) });
  return join(base, ...segments);
}

/** Where a model of this name and commit belongs. */
export const modelFolder = (root: string, repo: string, commit: string): string => below(root, `${repo}/${commit}`);

/** Makes the folders from `root` down to `folder`. @throws AppError models.unsafe_path where a link or a file stands in the way */
export async function makeFolders(root: string, folder: string): Promise<void> {
  const steps = relative(root, folder).split(sep);
  if (steps[0] === '..') throw new AppError('models.unsafe_path', { path: 'outside of the store' });
  let at = root;
  for (const step of steps.filter((one) => one !== '')) {
    at = join(at, step);
    await mkdir(at, { mode: 0o700 }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    await refuseLink(root, at);
  }
}

/** @throws AppError models.unsafe_path when a step from `root` to `path` is not a real folder; absent steps are fine. */
export async function refuseLinks(root: string, path: string): Promise<void> {
  let at = root;
  for (const step of relative(root, path).split(sep)) {
    at = join(at, step);
    if (!(await refuseLink(root, at))) return;
  }
}

/** True when it is a real folder, false when it is absent. */
async function refuseLink(root: string, path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return false;
  if (!found.isDirectory()) throw new AppError('models.unsafe_path', { path: relative(root, path) });
  return true;
}

/** True for a regular file that is no link. */
export const isPlainFile = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null))?.isFile() === true;

/** Folders of models, as deep as `<owner>/<name>/<commit>`; links and hidden folders are passed by. */
export async function modelFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  const search = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    if (entries.some((entry) => entry.isFile() && entry.name === 'store.json')) return void found.push(folder);
    if (depth === 3) return;
    for (const entry of entries) if (entry.isDirectory() && !entry.name.startsWith('.')) await search(join(folder, entry.name), depth + 1);
  };
  await search(root, 0);
  return found.sort();
}

/** Removes folders that became empty, from `folder` up to the root. */
export async function pruneEmpty(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== root && at.startsWith(root + sep); at = dirname(at)) {
    const removed = await rmdir(at).then(() => true, () => false); // not empty: somebody else's model lies there
    if (!removed) return;
  }
}
