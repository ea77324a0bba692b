/** The models on disk that were verified; a folder is hashed again only when one of its files has changed, also over a restart (product.md, Models). */
import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../log/logger.ts';
import { findModelFolders, verifyModelFolder } from './model-folder.ts';
import type { ReadyModel } from './types.ts';

/** Lists ready models. */
export type ReadyModels = { list(): Promise<ReadyModel[]> };

/** Folders that matched, each with the stamp it had then. */
export const verifiedFoldersSchema = z.array(
  z.object({
    folder: z.string(),
    stamp: z.string(),
    ready: z.object({ id: z.string(), name: z.string(), revision: z.string(), sizeBytes: z.number(), sha256: z.string(), folder: z.string(), role: z.number(), vramBytes: z.number() }),
  }),
);
type VerifiedFolders = z.infer<typeof verifiedFoldersSchema>;

/** What was verified, kept over a restart: hashing the models of a rig takes minutes, and its window would wait for it. */
export type VerifiedMemory = { read(): VerifiedFolders; keep(folders: VerifiedFolders): void };

/** Hash over names, sizes and times of all files: equal stamps mean that nothing was written in between. */
async function stampOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const facts = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs, ctimeMs } = await stat(join(folder, name));
      return `${name}:${size}:${mtimeMs}:${ctimeMs}`; // a copied or restored file can carry an old mtime; nobody sets the ctime
    }),
  );
  return createHash('sha256').update(`${await readFile(join(folder, 'model.json'), 'utf8')}\n${facts.join('\n')}`).digest('hex');
}

/** Creates the list over model roots. A folder that does not match is left out and logged once per change. */
export function createReadyModels(roots: readonly string[], { memory, log }: { memory: VerifiedMemory; log: Logger }): ReadyModels {
  const known = new Map<string, { stamp: string; ready: ReadyModel | null }>(memory.read().map(({ folder, stamp, ready }) => [folder, { stamp, ready }]));
  const kept = (): string => JSON.stringify([...known.keys()].sort().map((folder) => [folder, known.get(folder)?.stamp]));
  let inMemory = kept();

  const check = async (folder: string): Promise<ReadyModel | null> => {
    const stamp = await stampOf(folder).catch(() => null);
    const before = known.get(folder);
    if (stamp !== null && before?.stamp === stamp) return before.ready;
    const found = await verifyModelFolder(folder);
    const ready = 'detail' in found ? null : found;
    if ('detail' in found) log.warn('inference.model_refused', { folder, detail: found.detail });
    if (stamp !== null) known.set(folder, { stamp, ready });
    return ready;
  };

  /** Only what matched: a folder that did not is read again after a restart. */
  const keep = (): void => {
    if (kept() === inMemory) return;
    inMemory = kept();
    memory.keep([...known].flatMap(([folder, { stamp, ready }]) => (ready === null ? [] : [{ folder, stamp, ready }])));
  };

  let listing: Promise<ReadyModel[]> | null = null;
  const listOnce = async (): Promise<ReadyModel[]> => {
    const ready: ReadyModel[] = [];
    const folders = await findModelFolders(roots);
    for (const folder of known.keys()) if (!folders.includes(folder)) known.delete(folder);
    for (const folder of folders) {
      const model = await check(folder);
      if (model && !ready.some((other) => other.id === model.id)) ready.push(model);
    }
    keep();
    return ready;
  };
  return {
    // Calls that come while one runs share it: hashing a large model twice at once helps nobody.
    list: () => (listing ??= listOnce().finally(() => (listing = null))),
  };
}

/** Remembers nothing: every folder is hashed once. */
export const noMemory: VerifiedMemory = { read: () => [], keep: () => undefined };
