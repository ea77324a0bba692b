/** Files that must survive a crash and must not be read by others: atomic writes, mode checks, one process per data folder (architecture.md, "Persistence"; coordinator.md 1). */
import { chmodSync, linkSync, mkdirSync, openSync, closeSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';

const onWindows = process.platform === 'win32';

/** Makes a folder (and its parents) that only its owner may enter; an existing one is left as it is. */
export function makePrivateFolder(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 });
  // mkdir's mode passes through the umask, which can only narrow it; parents that were made are private as well.
  if (made !== undefined && !onWindows) chmodSync(path, 0o700);
}

/** The mode bits of a file or folder that go beyond `allowed`; 0 when none do, when it is absent, and on Windows. */
export function modeBeyond(path: string, allowed: number): number {
  if (onWindows) return 0;
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 0 : found.mode & 0o777 & ~allowed;
}

/** Replaces a file in one step: written beside it, flushed, renamed, and the folder flushed, so that a crash leaves the old or the new content whole. */
export async function writeFileAtomically(path: string, content: Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Flushes a folder's entries; Windows has no such call and orders them itself. */
export async function syncFolder(path: string): Promise<void> {
  if (onWindows) return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const holderSchema = z.object({ pid: z.number().int().positive(), birth: z.string().nullable() });
type Holder = z.infer<typeof holderSchema>;

/** A held data folder. */
export type FolderLock = { release(): void };

/**
 * Takes the data folder for this process by creating its lock file with O_EXCL; a lock whose process has gone is taken over.
 * @throws AppError store.in_use with the other process's id.
 */
export const lockDataFolder = (folder: string): FolderLock => lockFile(folder, 'console.lock', (pid) => new AppError('store.in_use', { pid }));

/**
 * Takes a file of a folder for this process, as {@link lockDataFolder} does.
 * @throws what `inUse` makes of the other process's id
 */
export function lockFile(folder: string, name: string, inUse: (pid: number | null) => AppError): FolderLock {
  makePrivateFolder(folder);
  const path = join(folder, name);
  const own = JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) } satisfies Holder);
  // A second attempt follows a takeover; a third would mean that somebody else was faster twice.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (createExclusively(path, own)) return { release: () => releaseLock(path, own) };
    const found = readIfThere(path);
    if (found !== null) {
      const holder = parseHolder(found);
      if (holder !== null && isAlive(holder)) throw inUse(holder.pid);
      setAside(path, found);
    }
  }
  throw inUse(null);
}

/** Id of the living process that holds a data folder; null when none does. */
export function folderHolder(folder: string): number | null {
  const found = readIfThere(join(folder, 'console.lock'));
  const holder = found === null ? null : parseHolder(found);
  return holder !== null && isAlive(holder) ? holder.pid : null;
}

function createExclusively(path: string, content: string): boolean {
  // Written beside and linked into place, so that nobody ever reads a lock that is half written.
  const temporary = `${path}.${randomUUID()}`;
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(file, content);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Removes a dead process's lock. Two may try at once: who moved a lock that is not the dead one puts it back. */
function setAside(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function releaseLock(path: string, own: string): void {
  if (readIfThere(path) === own) rmSync(path, { force: true });
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null; // not a lock that this program wrote whole: nobody holds it
  }
}

/** Alive means that the pid exists and, where the system tells, that it is still the same process. */
function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    if (!hasCode(error, 'EPERM')) throw error;
  }
  return holder.birth === null || holder.birth === birthOf(holder.pid);
}

/** Boot and start time of a process on Linux, so that a recycled pid is not taken for the old process; null elsewhere. */
function birthOf(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields count from behind the command's closing bracket, which may itself hold spaces; start time is the 22nd of all.
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startTicks}`;
  } catch {
    return null; // /proc is hidden here: the pid alone decides
  }
}

const hasCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;
