/** All external engines: kept, checked each half minute, probed, and chosen for a request by which of them has the model (issue 4, item 5). */
import { createHash } from 'node:crypto';
import type { EngineModel, EngineProbe, EngineSettings, EngineView } from '../../src-shared/bridge/engine-calls.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { checkEngine, createEngine, type Engine } from './create-engine.ts';
import { isElsewhere, readEngineUrl } from './engine-url.ts';
import type { EngineReadyModel, Engines, EnginesDeps } from './types.ts';

type Entry = { settings: EngineSettings; engine: Engine; probing: Set<string>; stop: AbortController };

const checkEveryMs = 30_000;
const maxEngines = 32;
const probeTimeoutMs = 600_000;

/** Creates them over what is kept; nothing is asked before `start`. */
export function createEngines(deps: EnginesDeps): Engines {
  const { store, schedule, log } = deps;
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  let closed = false;
  let stopTimer: () => void = () => undefined;
  let readyBefore = '';

  const tell = (): void => {
    listeners.forEach((listener) => listener());
    const ready = JSON.stringify(readyModels().map(({ id, exact, engine, elsewhere }) => [id, exact, engine, elsewhere]));
    if (ready === readyBefore || closed) return;
    readyBefore = ready;
    deps.changed();
  };
  const build = (settings: EngineSettings): Entry => ({
    settings,
    engine: createEngine(settings, { ...deps, token: () => store.token(settings.id), changed: tell }),
    probing: new Set(),
    stop: new AbortController(),
  });
  const enabled = (): Entry[] => [...entries.values()].filter(({ settings }) => settings.enabled);

  /** The kept probe, if it is of what runs there now. */
  const probeOf = ({ engine }: Entry, model: EngineModel): EngineProbe | null => {
    const fingerprint = engine.fingerprint(model);
    return store.probes().find((probe) => probe.modelId === model.id && probe.fingerprint === fingerprint) ?? null;
  };
  const isExact = (entry: Entry, model: EngineModel): boolean => probeOf(entry, model)?.equal === true;

  const readyModels = (): EngineReadyModel[] => {
    const ready: EngineReadyModel[] = [];
    for (const entry of enabled()) {
      for (const model of entry.settings.models.filter(entry.engine.serves)) {
        const exact = isExact(entry, model);
        const known = ready.find(({ id }) => id === model.id);
        // Two engines may share a model: it is exact where one of them is, and that one takes such tasks.
        const elsewhere = isElsewhere(entry.settings.url);
        // It is anywhere where one of them is: nobody knows which one takes a request.
        if (known !== undefined) [known.exact, known.elsewhere] = [known.exact || exact, known.elsewhere || elsewhere];
        else ready.push(readyModel(entry.settings.name, model, entry.engine.fingerprint(model) ?? '', { exact, elsewhere }));
      }
    }
    return ready;
  };

  /** The one with the least to do among those that have it. */
  const place = (modelId: string, role: number, exact: boolean): { entry: Entry; model: EngineModel } => {
    const having = enabled().flatMap((entry) => entry.settings.models.filter((model) => model.id === modelId && model.role === role && entry.engine.serves(model)).map((model) => ({ entry, model })));
    if (having.length === 0) throw new AppError('inference.model_unavailable', { model: modelId });
    const fitting = having.filter(({ entry, model }) => !exact || isExact(entry, model));
    const load = ({ settings, engine: { lane } }: Entry): number => (lane.running() + lane.waiting()) / settings.concurrency;
    const [best] = fitting.sort((a, b) => load(a.entry) - load(b.entry));
    if (best === undefined) throw new AppError('engine.not_deterministic', { engine: having[0]?.entry.settings.name ?? '?' });
    return best;
  };

  const checkAll = async (): Promise<void> => {
    await Promise.all(enabled().map(({ engine }) => engine.check()));
  };
  const again = (): void => {
    if (closed) return;
    stopTimer = schedule(checkEveryMs, () => void checkAll().finally(again));
  };
  const need = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new AppError('engine.unknown');
    return entry;
  };
  const keep = (): void => store.setList([...entries.values()].map(({ settings }) => settings));

  const probe = async (entry: Entry, model: EngineModel): Promise<void> => {
    entry.probing.add(model.id);
    tell();
    try {
      const found = await entry.engine.probe(model, AbortSignal.any([entry.stop.signal, AbortSignal.timeout(probeTimeoutMs)]));
      store.setProbes([...store.probes().filter((kept) => kept.modelId !== found.modelId || kept.fingerprint !== found.fingerprint), found].slice(-200));
      log.info('engine.probed', { engine: entry.settings.id, model: model.id, equal: found.equal });
    } finally {
      entry.probing.delete(model.id);
      tell();
    }
  };

  for (const settings of store.list()) entries.set(settings.id, build(settings));

  return {
    view: () => ({ keysUnlocked: store.keysUnlocked(), engines: [...entries.values()].map((entry) => viewOf(entry, store.hasToken(entry.settings.id), (model) => probeOf(entry, model))) }),
    save: async (settings, token) => {
      readEngineUrl(settings.url);
      checkModels(settings);
      if (!entries.has(settings.id) && entries.size >= maxEngines) throw new AppError('engine.bad_settings', { detail: `there are ${maxEngines} already` });
      if (token !== undefined) await store.setToken(settings.id, token);
      // What runs at the old one ends there; only new requests go to the new one.
      entries.get(settings.id)?.stop.abort();
      const entry = build(settings);
      entries.set(settings.id, entry);
      keep();
      if (settings.enabled) await entry.engine.check();
      tell();
    },
    remove: async (id) => {
      need(id).stop.abort();
      entries.delete(id);
      keep();
      await store.setToken(id, null);
      tell();
    },
    test: async ({ kind, url, token, id }) => {
      const kept = token === undefined && id !== null ? await keptFor(id, url) : (token ?? null);
      return (await checkEngine({ name: new URL(readEngineUrl(url).base).host, kind, url, token: kept }, deps)).check;
    },
    check: async (id) => void (await need(id).engine.check()),
    probe: (id, modelId) => {
      const entry = need(id);
      const model = entry.settings.models.find((one) => one.id === modelId && one.role !== 3);
      if (model === undefined) throw new AppError('engine.unknown');
      if (entry.probing.has(modelId)) return;
      probe(entry, model).catch((caught: unknown) => log.warn('engine.not_probed', { engine: id, code: toAppError(caught).code }));
    },
    ready: readyModels,
    has: (modelId) => enabled().some(({ settings, engine }) => settings.models.some((model) => model.id === modelId && engine.serves(model))),
    run: async (request, options) => {
      const { entry, model } = place(request.model, 0, request.exact === true);
      return entry.engine.chat(model, request, options);
    },
    embed: async (request, { signal }) => {
      const { entry, model } = place(request.model, 1, request.exact === true);
      return entry.engine.embed(model, request, signal);
    },
    image: async (request, { signal }) => {
      const { entry, model } = place(request.model, 3, false);
      return entry.engine.image(model, request, signal);
    },
    running: () => [...entries.values()].reduce((sum, { engine }) => sum + engine.lane.running(), 0),
    start: async () => {
      await checkAll();
      again();
    },
    keysChanged: () => {
      const waiting = enabled().filter(({ settings }) => store.hasToken(settings.id));
      void Promise.all(waiting.map(({ engine }) => engine.check()));
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      closed = true;
      stopTimer();
      for (const { stop } of entries.values()) stop.abort();
    },
  };

  /** A kept token goes to the origin it was given for, and nowhere else. */
  async function keptFor(id: string, url: string): Promise<string | null> {
    const entry = entries.get(id);
    if (entry === undefined || new URL(readEngineUrl(entry.settings.url).base).origin !== new URL(readEngineUrl(url).base).origin) return null;
    return store.token(id);
  }
}

function checkModels({ models, kind }: EngineSettings): void {
  const refuse = (detail: string): AppError => new AppError('engine.bad_settings', { detail });
  if (new Set(models.map(({ id }) => id)).size !== models.length) throw refuse('two of its models have the same name');
  if (kind === 'tei' && models.some(({ role }) => role !== 1)) throw refuse('Text Embeddings Inference serves embeddings alone');
}

const readyModel = (engine: string, { id, role }: EngineModel, fingerprint: string, promises: { exact: boolean; elsewhere: boolean }): EngineReadyModel => {
  const at = id.lastIndexOf('@');
  const sha256 = createHash('sha256').update(fingerprint).digest('hex');
  return { id, name: id.slice(0, at), revision: id.slice(at + 1), sizeBytes: 0, sha256, folder: '', role, vramBytes: 0, engine, ...promises };
};

function viewOf({ settings, engine, probing }: Entry, hasToken: boolean, probeOf: (model: EngineModel) => EngineProbe | null): EngineView {
  const check = engine.lastCheck();
  return {
    settings,
    hasToken,
    unencrypted: readEngineUrl(settings.url).unencrypted,
    state: !settings.enabled ? 'off' : check === null ? 'unchecked' : check.problem === null ? 'up' : 'down',
    check,
    models: settings.models.map((model) => {
      const probe = probeOf(model);
      return { id: model.id, ready: settings.enabled && engine.serves(model), probe, probing: probing.has(model.id), exact: settings.enabled && probe?.equal === true };
    }),
    running: engine.lane.running(),
    waiting: engine.lane.waiting(),
    pausedUntilMs: engine.lane.pausedUntilMs(),
    lastError: engine.lastError(),
  };
}
