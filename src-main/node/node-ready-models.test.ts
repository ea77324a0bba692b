/** What a start waits for, and what comes behind the open window (decision 0025). */
import { describe, expect, it } from 'vitest';
import type { ReadyModel } from '../inference/types.ts';
import { silentLogger } from '../log/logger.ts';
import { createReadyModels } from './node-ready-models.ts';

const model: ReadyModel = { id: 'owner/model@0123456789ab', name: 'owner/model', revision: '0123456789ab', sizeBytes: 1, sha256: 'ab', folder: '/models/owner/model', role: 0, vramBytes: 1 };

/** A list over an engine whose answer the test gives. */
function openList() {
  let give: (models: ReadyModel[]) => void = () => undefined;
  const answer = new Promise<ReadyModel[]>((resolve) => (give = resolve));
  let changes = 0;
  let tell: () => void = () => undefined;
  const changed = new Promise<void>((resolve) => (tell = resolve));
  const list = createReadyModels({ inference: { readyModels: () => answer, load: async () => undefined }, started: () => true, changed: () => {
      changes += 1;
      tell();
    }, log: silentLogger });
  return { list, give: () => give([model]), changes: () => changes, changed };
}

describe('createReadyModels', () => {
  it('has the models after the first read', async () => {
    const { list, give, changes } = openList();
    const read = list.read(60_000);
    give();
    await read;
    expect(list.list()).toEqual([model]);
    expect(changes()).toBe(0);
  });

  it('lets the start go on while a model is still being verified, and tells when it is there', async () => {
    const { list, give, changes, changed } = openList();
    await list.read(1);
    expect(list.list()).toEqual([]);
    give();
    await changed;
    expect(list.list()).toEqual([model]);
    expect(changes()).toBe(1);
    await list.rescan();
    expect(changes()).toBe(1);
  });

  it('fails when the models cannot be read at all', async () => {
    const list = createReadyModels({ inference: { readyModels: () => Promise.reject(new Error('no folder')), load: async () => undefined }, started: () => true, changed: () => undefined, log: silentLogger });
    await expect(list.read(60_000)).rejects.toThrow('no folder');
  });
});
