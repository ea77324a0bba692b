/** The models on disk that were verified; a folder is hashed again only when one of its files has changed (product.md, Models). */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log/logger.ts';
import { findModelFolders, verifyModelFolder } from './model-folder.ts';
import type { ReadyModel } from './types.ts';

/** Lists ready models. */
export type ReadyModels = { list(): Promise<ReadyModel[]> };

/** Names, sizes and times of all files: equal stamps mean that nothing was written in between. */
async function stampOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const facts = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return `${name}:${size}:${mtimeMs}`;
    }),
  );
  return `${await readFile(join(folder, 'model.json'), 'utf8')}\n${facts.join('\n')}`;
}

/** Creates the list over model roots. A folder that does not match is left out and logged once per change. */
export function createReadyModels(roots: readonly string[], deps: { log: Logger }): ReadyModels {
  const known = new Map<string, { stamp: string; ready: ReadyModel | null }>();

  const check = async (folder: string): Promise<ReadyModel | null> => {
    const stamp = await stampOf(folder).catch(() => null);
    const before = known.get(folder);
    if (stamp !== null && before?.stamp === stamp) return before.ready;
    const found = await verifyModelFolder(folder);
    const ready = 'detail' in found ? null : found;
    if ('detail' in found) deps.log.warn('inference.model_refused', { folder, detail: found.detail });
    if (stamp !== null) known.set(folder, { stamp, ready });
    return ready;
  };

  let listing: Promise<ReadyModel[]> | null = null;
  const listOnce = async (): Promise<ReadyModel[]> => {
    const ready: ReadyModel[] = [];
    for (const folder of await findModelFolders(roots)) {
      const model = await check(folder);
      if (model && !ready.some((other) => other.id === model.id)) ready.push(model);
    }
    return ready;
  };
  return {
    // Calls that come while one runs share it: hashing a large model twice at once helps nobody.
    list: () => (listing ??= listOnce().finally(() => (listing = null))),
  };
}
