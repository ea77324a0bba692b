/** The model store with what it needs of the node: settings, the token sealed under the node's keys, the engine's word on a model (decision 0005). */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { base64Schema } from '../../src-shared/domain/ids.ts';
import { modelManifestSchema } from '../inference/model-folder.ts';
import type { Vault } from '../keys/vault.ts';
import type { Logger } from '../log/logger.ts';
import { createModelStore } from '../models/create-model-store.ts';
import type { ModelSettings, ModelStore } from '../models/types.ts';
import { schedule } from '../platform/schedule.ts';
import type { Settings } from '../store/settings.ts';

/** The store as the areas use it. */
export type NodeModels = {
  folder: string;
  store: ModelStore;
  /** The engine is hashing what was just installed. */
  checking(): boolean;
  /** What waited for the keys goes on. */
  keysChanged(): void;
};

/** Where models come from until the operator names a mirror. */
const defaultHost = 'https://huggingface.co';
const hostKey = 'models.host';
const hostSchema = z.string();
const tokenKey = 'models.token';

type Deps = {
  settings: Settings;
  vault: Vault;
  /** Reads the model folders anew and tells the coordinator of a change. */
  rescan(): Promise<void>;
  changed(): void;
  now(): number;
  random(): number;
  log: Logger;
};

/** Creates the store over `<data folder>/models`; call `store.start()` once the node is open. */
export function createNodeModels({ dataDir }: { dataDir: string }, { settings, vault, rescan, changed, now, random, log }: Deps): NodeModels {
  const folder = join(dataDir, 'models');
  let rescans = 0;
  const installedChanged = (): void => {
    rescans += 1;
    // Twice: the first may share a reading of the folders that began before the change.
    rescan()
      .then(rescan)
      .catch((error: unknown) => log.warn('models.unread', { error }))
      .finally(() => {
        rescans -= 1;
        changed();
      });
  };
  const store = createModelStore(
    { root: folder },
    { fetch, settings: sealedSettings(settings, vault), freeBytes, refuses, installedChanged, now, random, schedule, log: log.child({ part: 'models' }) },
  );
  store.onChange(changed);
  return {
    folder,
    store,
    checking: () => rescans > 0,
    keysChanged() {
      for (const { id, error } of store.downloads()) if (error?.code === 'keys.locked') store.resume(id).catch((caught: unknown) => log.warn('models.not_resumed', { error: caught }));
    },
  };
}

function sealedSettings(settings: Settings, vault: Vault): ModelSettings {
  const sealed = (): string | null => settings.get(tokenKey, base64Schema);
  return {
    host: () => settings.get(hostKey, hostSchema) ?? defaultHost,
    setHost: (url) => settings.set(hostKey, url),
    hasToken: () => sealed() !== null,
    async token() {
      const kept = sealed();
      return kept === null ? null : Buffer.from(await vault.signers().openLocal(Buffer.from(kept, 'base64'))).toString('utf8');
    },
    async setToken(token) {
      if (token === null) return settings.remove(tokenKey);
      settings.set(tokenKey, Buffer.from(await vault.signers().sealLocal(Buffer.from(token, 'utf8'))).toString('base64'));
    },
  };
}

/** The engine's schema decides: what it would not read is not fetched. */
function refuses(manifest: unknown): string | null {
  const parsed = modelManifestSchema.safeParse(manifest);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'its files do not fit');
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
