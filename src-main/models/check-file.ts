/** Hashes a file in one pass: SHA-256 for model.json and LFS files, git's blob SHA-1 where the host has no other (issue 4, item 3). */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileCheck } from './types.ts';

/** What a file's bytes say of themselves, in lower-case hex. */
export type FileHashes = { sha256: string; gitSha1: string; sizeBytes: number };

/** Reads a file whole. `sizeBytes` is what it should have: git hashes the length before the content. @throws the file system's error; the signal's reason */
export async function hashFile(path: string, sizeBytes: number, { signal, onBytes }: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {}): Promise<FileHashes> {
  const sha256 = createHash('sha256');
  const sha1 = createHash('sha1').update(`blob ${sizeBytes}\0`);
  let read = 0;
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024, ...(signal === undefined ? {} : { signal }) })) {
    const bytes = part as Uint8Array;
    sha256.update(bytes);
    sha1.update(bytes);
    read += bytes.length;
    onBytes?.(bytes.length);
  }
  return { sha256: sha256.digest('hex'), gitSha1: sha1.digest('hex'), sizeBytes: read };
}

/** True when size and hash are those of the host's list. */
export const matches = (hashes: FileHashes, sizeBytes: number, check: FileCheck): boolean =>
  hashes.sizeBytes === sizeBytes && (check.kind === 'sha256' ? hashes.sha256 : hashes.gitSha1) === check.hex;
