/** External engines behind the local engine's own type: a model goes to the engine that has it, and the job pipeline sees no difference (issue 4, item 5). */
import type { ChatRequest, ChatResult, EngineReadyModel, Engines } from './types.ts';

/** The part of the local engine that is shared. */
type Local<M, R> = {
  readyModels(): Promise<M[]>;
  load(modelId: string): Promise<void>;
  run(request: ChatRequest, options: { signal: AbortSignal; onText?: (delta: string) => void }): Promise<R>;
  onStatus(listener: () => void): () => void;
  close(): Promise<void>;
};
type RemoteEngines = Pick<Engines, 'ready' | 'has' | 'run' | 'onChange' | 'close'>;

/** Joins them. Where both have a model, the operator has named the engine for it, so it goes there. */
export function joinEngines<M extends { id: string }, R, T extends Local<M, R>>(local: T & Local<M, R>, engines: RemoteEngines): T {
  const joined: Local<M | EngineReadyModel, R | ChatResult> = {
    readyModels: async () => {
      const remote = engines.ready();
      return [...remote, ...(await local.readyModels()).filter(({ id }) => !remote.some((model) => model.id === id))];
    },
    // What another program holds in memory is that program's to load.
    load: async (modelId) => (engines.has(modelId) ? undefined : local.load(modelId)),
    run: (request, options) => (engines.has(request.model) ? engines.run(request, options) : local.run(request, options)),
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
