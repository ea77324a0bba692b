/** A file that is being fetched: its bytes, and a journal beside it of the ranges that are durable (issue 4, item 3: a restart continues where durable bytes end). */
import { open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import { writeFileAtomically } from '../platform/files.ts';
import { addRange, bytesIn, within, type ByteRange } from './byte-ranges.ts';

const journalSchema = z.object({ ranges: z.array(z.tuple([z.number().int().min(0), z.number().int().min(0)])).max(100_000) });

/** A file being written. */
export type PartialFile = {
  readonly path: string;
  durable(): readonly ByteRange[];
  durableBytes(): number;
  /** Writes bytes at a place; they count once they are kept. @throws AppError models.disk_full, models.disk_failed */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Flushes the file and notes the range as durable; tells how many bytes of it are new. */
  keep(range: ByteRange): Promise<number>;
  /** Forgets all bytes. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

/** Opens or creates a partial file; a journal that is damaged, or that tells of more than the file holds, counts for nothing. */
export async function openPartialFile(path: string, sizeBytes: number): Promise<PartialFile> {
  const journal = `${path}.ranges.json`;
  const held = await stat(path).then((found) => found.size, () => 0);
  let ranges: ByteRange[] = within(await readJournal(journal), Math.min(sizeBytes, held));
  const handle = await onDisk(open(path, held > 0 ? 'r+' : 'w+', 0o600));
  // Journal writes one after the other, each with all ranges known by then.
  let last: Promise<void> = Promise.resolve();
  const note = (): Promise<void> => (last = last.catch(() => undefined).then(() => onDisk(writeFileAtomically(journal, Buffer.from(JSON.stringify({ ranges }))))));
  return {
    path,
    durable: () => ranges,
    durableBytes: () => bytesIn(ranges),
    write: (bytes, at) => writeAll(handle, bytes, at),
    async keep(range) {
      if (range[1] <= range[0]) return 0;
      await onDisk(handle.datasync());
      const before = bytesIn(ranges);
      ranges = addRange(ranges, range);
      const added = bytesIn(ranges) - before;
      await note();
      return added;
    },
    async reset() {
      ranges = [];
      await note();
      await onDisk(handle.truncate(0));
    },
    close: () => handle.close(),
  };
}

/** Removes a partial file and its journal. */
export async function removePartialFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.ranges.json`, { force: true });
}

/** Bytes of a partial file that its journal holds for durable, without opening it. */
export const keptBytes = async (path: string, sizeBytes: number): Promise<number> =>
  bytesIn(within(await readJournal(`${path}.ranges.json`), Math.min(sizeBytes, await stat(path).then((found) => found.size, () => 0))));

async function readJournal(path: string): Promise<ByteRange[]> {
  const text = await readFile(path, 'utf8').catch(() => null);
  try {
    const parsed = journalSchema.safeParse(text === null ? null : JSON.parse(text));
    return parsed.success ? parsed.data.ranges.reduce<ByteRange[]>(addRange, []) : [];
  } catch {
    return []; // half a journal: nothing is known to be durable, so it is fetched again
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await onDisk(handle.write(bytes, done, bytes.length - done, at + done))).bytesWritten;
}

/** What the disk refuses, in the operator's words. */
export async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('models.disk_full', { needed: null, available: 0 }, { cause });
    throw new AppError('models.disk_failed', { detail: code }, { cause });
  }
}
