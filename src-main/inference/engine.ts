/** The inside of the inference process: loaded models, running generations, cancelling; it turns every failure into one of the closed codes (coordinator.md 3 and 4). */
import type { z } from 'zod';
import type { RoleResult } from '../../src-shared/link/role-tasks.ts';
import { EngineFailure } from './engine-failure.ts';
import { type LoadedModel, loadModel } from './loaded-model.ts';
import type { FromEngine, ToEngine, failureCode } from './messages.ts';
import { type RoleModel, loadRoleModel } from './role-model.ts';
import { createPicker } from './sampler.ts';
import { createTextStream } from './text-stream.ts';
import { createTextChannel } from './text-channel.ts';
import type { InferenceRequest, InferenceResult, Provider } from './types.ts';

/** Text goes out at most this often, everybody's in one message, so that sending costs no speed. */
const TEXT_EVERY_MS = 25;

type FailureCode = z.infer<typeof failureCode>;

const OUT_OF_MEMORY = /bad_alloc|out of memory|failed to allocate|Array buffer allocation failed|OOM/i;

/** Code and words of anything a load or a run threw. */
function failureOf(caught: unknown): { code: FailureCode; detail: string } {
  if (caught instanceof EngineFailure) return { code: caught.code, detail: caught.message };
  const detail = caught instanceof Error ? caught.message : String(caught);
  return { code: OUT_OF_MEMORY.test(detail) ? 'inference.out_of_memory' : 'inference.model_failed', detail };
}

/** Most tokens an answer may have: min(what the body asks, units − input, room in the model's context); 0 when the input takes all units. */
export function outputLimit(request: InferenceRequest, promptTokens: number, contextTokens: number): number {
  const left = Math.min(request.maxComputeUnits, contextTokens) - promptTokens;
  if (left <= 0) return 0;
  return Math.min(left, request.maxOutputTokens ?? left);
}

/**
 * One generation on a loaded model. Deltas given to `onText` joined equal the content.
 * @throws EngineFailure inference.input_too_large; signal.reason on abort; whatever the session throws
 */
export async function generate(
  model: LoadedModel,
  request: InferenceRequest,
  options: { signal: AbortSignal; onText: ((delta: string) => void) | null; nowMs: () => number },
): Promise<InferenceResult> {
  const { signal, onText, nowMs } = options;
  const promptTokens = model.tokenizer.encode(request.messages);
  // "the input alone exceeds max_compute_units": one that just fits is answered with no output. One that fills the context leaves no room for a token.
  if (promptTokens.length > request.maxComputeUnits || promptTokens.length >= model.contextTokens)
    throw new EngineFailure('inference.input_too_large', `${promptTokens.length} tokens`);
  const text = createTextStream(request.stop);
  let content = '';
  const flush = (): void => {
    const delta = text.take();
    content += delta;
    if (onText && delta !== '') onText(delta);
  };
  const startedAtMs = nowMs();
  const { tokens, end } = await model.decoder.decode({
    promptTokens,
    maxTokens: outputLimit(request, promptTokens.length, model.contextTokens),
    pick: createPicker(request.sampling),
    onToken: (token) => {
      const stop = text.push(model.tokenizer.bytesOf(token));
      flush();
      return stop;
    },
    signal,
    exact: request.exact ?? false,
  });
  text.end();
  flush();
  const elapsedMs = Math.max(nowMs() - startedAtMs, 0.001);
  return {
    content,
    finishReason: end === 'length' ? 'length' : 'stop',
    promptTokens: promptTokens.length,
    completionTokens: tokens,
    fingerprint: model.fingerprint,
    tokensPerSecond: (tokens * 1000) / elapsedMs,
  };
}

/** Takes the node's messages. */
export type Engine = { handle(message: ToEngine): void };

/** Creates the engine of one provider. `send` carries its answers; each call is answered exactly once, texts before it aside. */
export function createEngine(
  options: { provider: Provider; index: number },
  deps: {
    send: (message: FromEngine) => void;
    nowMs: () => number;
    schedule: (delayMs: number, work: () => void) => void;
    probe: (provider: Provider, folder: string) => Promise<number>;
  },
): Engine {
  const models = new Map<string, LoadedModel>();
  const roleModels = new Map<string, RoleModel>();
  const running = new Map<number, AbortController>();
  const texts = createTextChannel(TEXT_EVERY_MS, { send: (pieces) => deps.send({ kind: 'texts', texts: pieces }), schedule: deps.schedule });

  const load = async (id: string, folder: string, role: number): Promise<LoadedModel['batching']> => {
    const known = models.get(id);
    if (known) return known.batching;
    if (roleModels.has(id)) return 'none';
    const model = role === 0 ? await loadModel(folder, options.provider, options.index) : await loadRoleModel(folder, options.provider, options.index);
    if ('detail' in model) throw new EngineFailure('inference.model_unavailable', model.detail);
    if (model.ready.id !== id)
      throw new EngineFailure('inference.model_unavailable', `the folder holds ${model.ready.id}`);
    if ('decoder' in model) {
      models.set(id, model);
      return model.batching;
    }
    roleModels.set(id, model);
    return 'none';
  };
  const unload = async (id: string): Promise<void> => {
    const model = models.get(id) ?? roleModels.get(id);
    models.delete(id);
    roleModels.delete(id);
    await model?.release();
  };

  const run = async ({ call, request, stream }: Extract<ToEngine, { kind: 'run' }>): Promise<InferenceResult> => {
    const model = models.get(request.model);
    if (!model) throw new EngineFailure('inference.model_unavailable', `${request.model} is not loaded`);
    return whileRunning(call, stream, (signal, onText) => generate(model, request, { signal, onText, nowMs: deps.nowMs }));
  };
  const perform = async ({ call, request, stream }: Extract<ToEngine, { kind: 'perform' }>): Promise<RoleResult> => {
    const model = roleModels.get(request.model);
    if (!model) throw new EngineFailure('inference.model_unavailable', `${request.model} is not loaded`);
    const output = await whileRunning(call, stream, (signal, onText) => model.perform(request, { signal, onText }));
    return { ...output, fingerprint: model.fingerprint };
  };
  /** Work that a cancel reaches by its call, with its text in everybody's messages. */
  const whileRunning = async <T>(call: number, stream: boolean, work: (signal: AbortSignal, onText: ((delta: string) => void) | null) => Promise<T>): Promise<T> => {
    const abort = new AbortController();
    running.set(call, abort);
    try {
      return await work(abort.signal, stream ? (delta) => texts.add(call, delta) : null);
    } finally {
      running.delete(call);
    }
  };

  const answer = (call: number, work: Promise<FromEngine>): void => {
    const send = (message: FromEngine): void => {
      texts.flush();
      deps.send(message);
    };
    work.then(send, (caught: unknown) => send({ kind: 'failed', call, ...failureOf(caught) }));
  };

  return {
    handle: (message) => {
      const { call } = message;
      if (message.kind === 'cancel') running.get(call)?.abort(new EngineFailure('cancelled', ''));
      else if (message.kind === 'load')
        answer(
          call,
          load(message.model, message.folder, message.role).then((batching) => ({ kind: 'loaded', call, batching })),
        );
      else if (message.kind === 'unload')
        answer(
          call,
          unload(message.model).then(() => ({ kind: 'unloaded', call })),
        );
      else if (message.kind === 'run')
        answer(
          call,
          run(message).then((result) => ({ kind: 'done', call, result })),
        );
      else if (message.kind === 'perform')
        answer(
          call,
          perform(message).then((result) => ({ kind: 'performed', call, result })),
        );
      else
        answer(
          call,
          deps
            .probe(message.provider, message.folder)
            .then((tokensPerSecond) => ({ kind: 'probed', call, tokensPerSecond })),
        );
    },
  };
}
