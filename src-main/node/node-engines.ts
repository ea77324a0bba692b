/** External engines with what they need of the node: settings, tokens sealed under the node's keys, a new manifest when what they serve changes (decision 0005). */
import { z } from 'zod';
import { engineProbeSchema, engineSettingsSchema } from '../../src-shared/bridge/engine-calls.ts';
import { base64Schema } from '../../src-shared/domain/ids.ts';
import { createEngines } from '../engines/create-engines.ts';
import type { Engines, EngineStore } from '../engines/types.ts';
import type { Vault } from '../keys/vault.ts';
import type { Logger } from '../log/logger.ts';
import { schedule } from '../platform/schedule.ts';
import type { Settings } from '../store/settings.ts';

const listKey = 'engines.list';
const probesKey = 'engines.probes';
const listSchema = z.array(engineSettingsSchema);
const probesSchema = z.array(engineProbeSchema);
const tokenKey = (id: string): string => `engines.token.${id}`;

type Deps = {
  settings: Settings;
  vault: Vault;
  /** Reads which models are ready anew and tells the coordinator of a change. */
  rescan(): Promise<void>;
  now(): number;
  random(): number;
  log: Logger;
};

/** Creates them; call `start()` once the node is open. */
export const createNodeEngines = ({ settings, vault, rescan, now, random, log }: Deps): Engines =>
  createEngines({
    fetch,
    store: sealedStore(settings, vault),
    changed: () => void rescan().catch((error: unknown) => log.warn('engines.not_offered', { error })),
    now, random, schedule,
    log: log.child({ part: 'engines' }),
  });

function sealedStore(settings: Settings, vault: Vault): EngineStore {
  const sealed = (id: string): string | null => settings.get(tokenKey(id), base64Schema);
  return {
    list: () => settings.get(listKey, listSchema) ?? [],
    setList: (list) => settings.set(listKey, listSchema.encode([...list])),
    probes: () => settings.get(probesKey, probesSchema) ?? [],
    setProbes: (probes) => settings.set(probesKey, [...probes]),
    hasToken: (id) => sealed(id) !== null,
    async token(id) {
      const kept = sealed(id);
      return kept === null ? null : Buffer.from(await vault.signers().openLocal(Buffer.from(kept, 'base64'))).toString('utf8');
    },
    async setToken(id, token) {
      if (token === null) return settings.remove(tokenKey(id));
      settings.set(tokenKey(id), Buffer.from(await vault.signers().sealLocal(Buffer.from(token, 'utf8'))).toString('base64'));
    },
    keysUnlocked: () => vault.status().unlocked,
  };
}
