/** A model of the roles 1, 2, 4 and 5 in memory: verified, then loaded through transformers.js by what its config says (protocol.md 5.1; stack.md 7). */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { RoleOutput, RoleRequest, RoleTaskKind } from '../../src-shared/link/role-tasks.ts';
import { fingerprintOf } from './loaded-model.ts';
import { graphFiles, verifyModelFolder } from './model-folder.ts';
import { loadEmbedder } from './perform-embed.ts';
import { loadListener } from './perform-hear.ts';
import { loadViewer } from './perform-see.ts';
import { loadSpeaker } from './perform-speak.ts';
import { readModelJson } from './read-model-json.ts';
import { loadTransformers, sessionOptions } from './runtime.ts';
import type { Provider, ReadyModel } from './types.ts';

/** How a performer is asked; text of a stream goes to `onText`. */
export type PerformOptions = { signal: AbortSignal; onText: ((delta: string) => void) | null };
/** Does one kind of work with a loaded model. @throws EngineFailure; the signal's reason on abort; whatever the session throws */
export type Performer<K extends RoleTaskKind> = {
  perform(task: Extract<RoleRequest, { kind: K }>, options: PerformOptions): Promise<Extract<RoleOutput, { kind: K }>>;
  release(): Promise<void>;
};

/** What every loader of transformers.js takes. */
export type LoadOptions = { local_files_only: true; device: 'cpu'; dtype: 'fp32'; session_options: object };
/** What a loader gets: the folder, config.json and the options. `random`: the graph draws numbers of its own. */
export type RoleFolder = { folder: string; config: RoleConfig; load: LoadOptions; random: boolean };

const configSchema = z.looseObject({
  model_type: z.string(),
  max_position_embeddings: z.number().int().positive().optional(),
  vocab_size: z.number().int().positive().optional(),
  text_config: z.looseObject({ max_position_embeddings: z.number().int().positive().optional() }).optional(),
});
export type RoleConfig = z.infer<typeof configSchema>;

/** A model ready for its role's work. */
export type RoleModel = {
  ready: ReadyModel;
  fingerprint: string;
  /** @throws as Performer; EngineFailure inference.bad_input for work of another role */
  perform(request: RoleRequest, options: PerformOptions): Promise<RoleOutput>;
  release(): Promise<void>;
};

const loaders: { [K in RoleTaskKind]?: { role: number; load(folder: RoleFolder): Promise<Performer<K>> } } = {
  embed: { role: 1, load: loadEmbedder },
  see: { role: 2, load: loadViewer },
  speak: { role: 4, load: loadSpeaker },
  hear: { role: 5, load: loadListener },
};

/** Verifies the folder, then loads it. @returns the model, or the reason why its files are not what its model.json says */
export async function loadRoleModel(folder: string, provider: Provider, index = 0): Promise<RoleModel | { detail: string }> {
  const ready = await verifyModelFolder(folder);
  if ('detail' in ready) return ready;
  const found = (Object.entries(loaders) as [RoleTaskKind, { role: number; load(folder: RoleFolder): Promise<Performer<RoleTaskKind>> }][]).find(([, { role }]) => role === ready.role);
  if (found === undefined) return { detail: `there is no pipeline for role ${ready.role}` };
  const [kind, { load }] = found;
  const performer = await load(await describe(folder, provider, index));
  const { env } = await loadTransformers();
  return {
    ready,
    fingerprint: fingerprintOf(env.version, provider, process.arch, ready.sha256, 'transformers.js'),
    perform: async (request, options) => {
      if (request.kind !== kind) throw new Error(`the model does ${kind}, not ${request.kind}`);
      return performer.perform(request as never, options);
    },
    release: () => performer.release(),
  };
}

async function describe(folder: string, provider: Provider, index: number): Promise<RoleFolder> {
  const config = await readModelJson(folder, 'config.json', configSchema);
  const graphs = await graphFiles(folder);
  const largest = Math.max(...(await Promise.all(graphs.map(async (path) => (await stat(path)).size))));
  let random = false;
  // Names of operators stand in a graph as they are.
  for (const path of graphs) random ||= /Random(Normal|Uniform)|Multinomial|Bernoulli/.test((await readFile(path)).toString('latin1'));
  // The provider stands alone in the session's options, so that nothing falls back in silence; `device` is overruled by it.
  // A path that is no model's name is taken as it is.
  return { folder: resolve(folder), config, random, load: { local_files_only: true, device: 'cpu', dtype: 'fp32', session_options: sessionOptions(provider, index, largest, availableParallelism()) } };
}
