/** External engines behind the local engine's own type: a model goes to the engine that has it, and the job pipeline sees no difference (issue 4, item 5). */
import { AppError } from '../../src-shared/errors.ts';
import type { RoleRequest, RoleResult } from '../../src-shared/link/role-tasks.ts';
import type { ChatRequest, ChatResult, EngineReadyModel, Engines } from './types.ts';

/** `here`: the request may not leave this machine (protocol.md 7.7). */
type Options = { signal: AbortSignal; onText?: (delta: string) => void; here?: boolean };

/** The part of the local engine that is shared. */
type Local<M, R> = {
  readyModels(): Promise<M[]>;
  load(modelId: string): Promise<void>;
  run(request: ChatRequest, options: Options): Promise<R>;
  /** Work of the roles 1 to 5. */
  perform(request: RoleRequest, options: Options): Promise<RoleResult>;
  onStatus(listener: () => void): () => void;
  close(): Promise<void>;
};
type RemoteEngines = Pick<Engines, 'ready' | 'has' | 'run' | 'embed' | 'image' | 'onChange' | 'close'>;

/** Embeddings and images go to engines; the other kinds of work have no engine behind them yet. */
async function remotely(engines: RemoteEngines, request: RoleRequest, { signal }: { signal: AbortSignal }): Promise<RoleResult> {
  const { model, maxComputeUnits, exact } = request;
  switch (request.kind) {
    case 'embed': {
      const { dimensions } = request;
      const inputs = request.inputs.filter((input) => typeof input === 'string');
      // Its tokenizer is the engine's own: numbers of another one would mean something else.
      if (inputs.length < request.inputs.length) throw new AppError('inference.bad_input', { detail: 'an external engine takes texts, not token ids' });
      const { vectors, promptTokens, fingerprint } = await engines.embed({ model, inputs, maxComputeUnits, exact }, { signal });
      if (dimensions !== null && vectors[0]?.length !== dimensions) throw new AppError('inference.bad_input', { detail: `the model gives ${vectors[0]?.length ?? 0} dimensions` });
      return { kind: 'embed', vectors: vectors.map((vector) => Float32Array.from(vector)), promptTokens, fingerprint };
    }
    case 'draw': {
      // Nothing compares pictures byte for byte yet.
      if (exact === true) throw new AppError('engine.not_deterministic', { engine: model });
      const { prompt, count, width, height } = request;
      // "for images n × width × height": nothing is begun that cannot be paid.
      if (count * width * height > maxComputeUnits) throw new AppError('inference.input_too_large');
      return { kind: 'draw', ...(await engines.image({ model, prompt, count, width, height }, { signal })) };
    }
    default:
      throw new AppError('inference.no_pipeline', { work: request.kind === 'see' ? 'vision on an external engine' : 'speech on an external engine' });
  }
}

/** Joins them. Where both have a model, the operator has named the engine for it, so it goes there. */
export function joinEngines<M extends { id: string }, R, T extends Local<M, R>>(local: T & Local<M, R>, engines: RemoteEngines): T {
  // Asked again when it runs: an engine elsewhere may have come up since the request was taken.
  const goesOut = ({ model }: { model: string }, { here }: Options): boolean => engines.has(model) && !(here === true && engines.ready().some(({ id, elsewhere }) => id === model && elsewhere));
  const joined: Local<M | EngineReadyModel, R | ChatResult> = {
    readyModels: async () => {
      const remote = engines.ready();
      return [...remote, ...(await local.readyModels()).filter(({ id }) => !remote.some((model) => model.id === id))];
    },
    // What another program holds in memory is that program's to load.
    load: async (modelId) => (engines.has(modelId) ? undefined : local.load(modelId)),
    run: (request, options) => (goesOut(request, options) ? engines.run(request, options) : local.run(request, options)),
    perform: (request, options) => (goesOut(request, options) ? remotely(engines, request, options) : local.perform(request, options)),
    onStatus: (listener) => {
      const stops = [local.onStatus(listener), engines.onChange(listener)];
      return () => stops.forEach((stop) => stop());
    },
    close: async () => {
      engines.close();
      await local.close();
    },
  };
  return { ...local, ...joined };
}
