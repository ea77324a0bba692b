/** Typed client over window.bridge or the loopback host, chosen once; encodes inputs, decodes answers, turns refusals into AppError (architecture.md, "The bridge"). */
import { z } from 'zod';
import { answerSchema, calls, topicSchema } from '../src-shared/bridge/index.ts';
import type { CallInput, CallName, CallOutput, RawBridge, Topic } from '../src-shared/bridge/index.ts';
import { AppError, isErrorCode } from '../src-shared/errors.ts';

/** What the window's code uses to reach the node. */
export type Client = {
  /** Ends with the decoded output, or with an AppError. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Told each pushed topic; `null` means "the stream was interrupted, anything may have changed". Returns the way to stop. */
  subscribe(listener: (topic: Topic | null) => void): () => void;
};

/** The bare minimum of EventSource that the loopback bridge needs. */
export type EventStream = {
  onmessage: ((event: { data: string }) => void) | null;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  close(): void;
};

/** What the loopback bridge needs of the browser. */
export type LoopbackDeps = {
  fetch(url: string, init: RequestInit): Promise<{ status: number; json(): Promise<unknown> }>;
  openEvents(url: string): EventStream;
  /** True when somebody used the page a moment ago; the console signs out a browser with nobody at it. */
  isPresent?(): boolean;
  /** This browser was signed out, or its console started anew: what is on the screen is no longer its to see. */
  onSignedOut?(): void;
};

/** Name of the message that stands for a broken or reopened stream; no topic has it. */
const interrupted = 'interrupted';

/** JSON form of a call's input; AppError `bridge.bad_input` when it does not fit the contract. */
export function encodeInput<N extends CallName>(name: N, input: CallInput<N>): unknown {
  const encoded = z.safeEncode(calls[name].input as unknown as z.ZodType<CallInput<N>>, input);
  if (encoded.success) return encoded.data;
  throw new AppError('bridge.bad_input', { detail: z.prettifyError(encoded.error) });
}

/** Error of an answer, rebuilt; a code this build does not know becomes `bug.unexpected` with what was said kept as the cause. */
function errorOf(error: {
  code: string;
  message: string;
  fields: Record<string, string | number | boolean | null>;
}): AppError {
  if (isErrorCode(error.code)) return new AppError(error.code, error.fields);
  return new AppError('bug.unexpected', { code: error.code }, { cause: error.message });
}

/** Makes the typed client of a raw bridge. */
export function createClient(raw: RawBridge): Client {
  return {
    async call(name, input) {
      const answer = answerSchema.safeParse(await raw.call(name, encodeInput(name, input)));
      if (!answer.success) throw new AppError('bridge.bad_output', {}, { cause: answer.error });
      if (!answer.data.ok) throw errorOf(answer.data.error);
      const output = z.safeDecode(
        calls[name].output as unknown as z.ZodType<CallOutput<typeof name>>,
        answer.data.value as never,
      );
      if (!output.success) throw new AppError('bridge.bad_output', { call: name }, { cause: output.error });
      return output.data;
    },
    subscribe(listener) {
      return raw.subscribe((text) => {
        const topic = topicSchema.safeParse(text);
        if (topic.success) listener(topic.data);
        else if (text === interrupted) listener(null);
      });
    },
  };
}

/** The raw bridge of a browser tab: one POST per call and one event stream, both of this origin. */
export function createLoopbackBridge(deps: LoopbackDeps): RawBridge {
  return {
    async call(name, input) {
      const response = await deps
        .fetch('./api/call', {
          method: 'POST',
          credentials: 'same-origin',
          headers: {
            'content-type': 'application/json',
            ...(deps.isPresent?.() === true ? { 'x-console-present': '1' } : {}),
          },
          body: JSON.stringify({ name, input }),
        })
        .catch((cause: unknown) => {
          throw new AppError('bridge.unreachable', {}, { cause });
        });
      if (response.status === 401) {
        deps.onSignedOut?.();
        throw new AppError('bridge.not_signed_in');
      }
      return response.json().catch((cause: unknown) => {
        throw new AppError('bridge.unreachable', { status: response.status }, { cause });
      });
    },
    subscribe(listener) {
      const events = deps.openEvents('./api/events');
      let opened = false;
      let down = false;
      events.onmessage = (event) => listener(event.data);
      events.onopen = () => {
        if (opened) listener(interrupted);
        opened = true;
        down = false;
      };
      // Told once when it breaks, so that what is on screen is read again and marked old if the node is gone.
      events.onerror = () => {
        if (opened && !down) listener(interrupted);
        down = true;
      };
      return () => events.close();
    },
  };
}

/** The one choice between the hosts: the preload's object where there is one, else loopback. */
export function chooseBridge(host: { bridge?: RawBridge }, loopback: LoopbackDeps): RawBridge {
  return host.bridge ?? createLoopbackBridge(loopback);
}
