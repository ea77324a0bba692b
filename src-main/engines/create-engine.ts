/** One external engine: what it said of itself last, its lane, and requests to it (issue 4, item 5). */
import { createHash } from 'node:crypto';
import type { EngineCheck, EngineModel, EngineProbe, EngineSettings } from '../../src-shared/bridge/engine-calls.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { createEngineHttp, type EngineHttp } from './engine-http.ts';
import { askFacts } from './engine-kinds.ts';
import { createEngineLane, type Attempt, type EngineLane } from './engine-lane.ts';
import { readEngineUrl } from './engine-url.ts';
import { probeChat, probeDeterminism, probeText } from './probe-determinism.ts';
import { runChat, type ChatAnswer } from './run-chat.ts';
import { runEmbed, runImage } from './run-other.ts';
import type { ChatRequest, ChatResult, EmbedRequest, EmbedResult, EngineFacts, EnginesDeps, ImageRequest, ImageResult } from './types.ts';

type Deps = Pick<EnginesDeps, 'fetch' | 'now' | 'random' | 'schedule' | 'log'> & { token(): Promise<string | null>; changed(): void };

export type Engine = {
  lane: Pick<EngineLane, 'running' | 'waiting' | 'pausedUntilMs'>;
  /** The newest check, whose problem may be none. */
  lastCheck(): EngineCheck | null;
  lastError(): { code: string; message: string } | null;
  /** Asks it what it is; never rejects. */
  check(): Promise<EngineCheck>;
  /** It answered, and lists the model. */
  serves(model: EngineModel): boolean;
  /** What equal bytes can depend on, as far as it tells; null while it does not serve the model. */
  fingerprint(model: EngineModel): string | null;
  chat(model: EngineModel, request: ChatRequest, options: { signal: AbortSignal; onText?: ((delta: string) => void) | undefined }): Promise<ChatResult>;
  embed(model: EngineModel, request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult>;
  image(model: EngineModel, request: ImageRequest, signal: AbortSignal): Promise<ImageResult>;
  probe(model: EngineModel, signal: AbortSignal): Promise<EngineProbe>;
};

/** An engine that says nothing for so long to so small a question is down. */
const checkTimeoutMs = 10_000;

/** Asks an engine once; what is wrong with it stands in the check. */
export async function checkEngine({ name, kind, url, token }: Pick<EngineSettings, 'name' | 'kind' | 'url'> & { token: string | null }, { fetch, now }: Pick<Deps, 'fetch' | 'now'>): Promise<{ check: EngineCheck; facts: EngineFacts | null }> {
  const startedMs = now();
  const http = createEngineHttp({ name, base: readEngineUrl(url).base, token }, { fetch, now });
  const ended = (facts: EngineFacts | null, problem: EngineCheck['problem']): { check: EngineCheck; facts: EngineFacts | null } => ({
    facts,
    check: { atMs: now(), tookMs: Math.max(0, now() - startedMs), version: facts?.version ?? null, models: (facts?.models ?? []).map(({ id, contextTokens }) => ({ id, contextTokens })), problem },
  });
  try {
    return ended(await askFacts(kind, { name, http, signal: AbortSignal.timeout(checkTimeoutMs) }), null);
  } catch (caught) {
    const error = caught instanceof AppError ? caught : new AppError('engine.unreachable', { engine: name }, { cause: caught });
    return ended(null, { code: error.code, message: error.message });
  }
}

/** Creates it over settings that do not change; nothing is asked before `check`. */
export function createEngine(settings: EngineSettings, deps: Deps): Engine {
  const { name, kind } = settings;
  const { now, changed } = deps;
  const { base } = readEngineUrl(settings.url);
  const lane = createEngineLane(() => settings, deps);
  let last: { check: EngineCheck; facts: EngineFacts | null } | null = null;
  let lastError: Engine['lastError'] extends () => infer E ? E : never = null;

  const http = async (): Promise<EngineHttp> => createEngineHttp({ name, base, token: await deps.token() }, deps);
  const listed = ({ engineModel }: EngineModel) =>
    // Ollama calls `name` what it lists as `name:latest`.
    last?.facts?.models.find(({ id }) => id === engineModel || (kind === 'ollama' && id === `${engineModel}:latest`)) ?? null;
  const fingerprint = (model: EngineModel): string | null => {
    const found = listed(model);
    if (found === null) return null;
    const hash = createHash('sha256').update(found.identity).digest('hex');
    return `${kind}/${(last?.facts?.version ?? 'unknown').replaceAll(/\s/g, '_')} remote unknown ${hash.slice(0, 12)}`;
  };
  const through = async <T>(model: EngineModel, signal: AbortSignal, attempt: (context: { http: EngineHttp; final(): void }) => Promise<T>): Promise<T & { fingerprint: string }> => {
    const at = fingerprint(model);
    if (at === null) throw new AppError('inference.model_unavailable', { model: model.id });
    try {
      const asking: Attempt<T> = async ({ final }) => attempt({ http: await http(), final });
      const answer = await lane.through(signal, asking);
      return { ...answer, fingerprint: at };
    } catch (caught) {
      if (!signal.aborted) {
        const { code, message } = toAppError(caught);
        lastError = { code, message };
        deps.log.warn('engine.failed', { engine: settings.id, code });
        changed();
      }
      throw caught;
    }
  };
  const ask = (model: EngineModel, request: ChatRequest, signal: AbortSignal, onText?: (delta: string) => void): Promise<ChatAnswer & { fingerprint: string }> =>
    through(model, signal, ({ http, final }) => {
      const target = { name, kind, http, engineModel: model.engineModel, contextTokens: model.contextTokens ?? listed(model)?.contextTokens ?? null };
      const pass = (delta: string): void => {
        if (onText !== undefined) final(); // the buyer has seen it: another try would say it twice
        onText?.(delta);
      };
      return runChat(target, request, { signal, onText: pass });
    });

  return {
    lane,
    lastCheck: () => last?.check ?? null,
    lastError: () => lastError,
    check: async () => {
      let token: string | null;
      try {
        token = await deps.token();
      } catch (caught) {
        const { code, message } = toAppError(caught);
        last = { facts: null, check: { atMs: now(), tookMs: 0, version: null, models: [], problem: { code, message } } };
        changed();
        return last.check;
      }
      last = await checkEngine({ ...settings, token }, deps);
      changed();
      return last.check;
    },
    serves: (model) => listed(model) !== null,
    fingerprint,
    chat: async (model, request, { signal, onText }) => {
      const startedMs = now();
      const answer = await ask(model, request, signal, onText);
      const seconds = (now() - startedMs) / 1_000;
      return { ...answer, tokensPerSecond: seconds > 0 ? answer.completionTokens / seconds : 0 };
    },
    embed: (model, request, signal) => through(model, signal, ({ http }) => runEmbed({ name, http, engineModel: model.engineModel }, request, signal)),
    image: (model, request, signal) => through(model, signal, async ({ http }) => ({ images: await runImage({ name, http, engineModel: model.engineModel }, request, signal) })),
    probe: async (model, signal) => {
      const before = fingerprint(model);
      const chat = async (variant: number): Promise<string> => {
        const { content, promptTokens, completionTokens, finishReason } = await ask(model, probeChat(model.id, variant), signal);
        return JSON.stringify([content, promptTokens, completionTokens, finishReason]);
      };
      const embedding = async (variant: number): Promise<string> => {
        const request = { model: model.id, inputs: [probeText(variant)], maxComputeUnits: 100_000 };
        const { vectors, promptTokens } = await through(model, signal, ({ http }) => runEmbed({ name, http, engineModel: model.engineModel }, request, signal));
        return JSON.stringify([vectors, promptTokens]);
      };
      const found = await probeDeterminism(model.role === 1 ? embedding : chat, { concurrency: settings.concurrency });
      const fingerprintNow = fingerprint(model) ?? '';
      return { modelId: model.id, ...found, equal: found.equal && before === fingerprintNow, atMs: now(), fingerprint: fingerprintNow };
    },
  };
}
