/** One engine over HTTP: bounded answers, no redirects (they would carry the token elsewhere), and each failure as the error it is (issue 4, item 5). */
import { AppError } from '../../src-shared/errors.ts';

/** Asks one engine. Every call rejects with an AppError `engine.…`, or with the signal's reason. */
export type EngineHttp = {
  /** The JSON of a small answer. */
  json(path: string, options: { body?: unknown; signal: AbortSignal }): Promise<unknown>;
  /** A stream of events; the caller reads it to its end. */
  stream(path: string, options: { body: unknown; signal: AbortSignal }): Promise<ReadableStream<Uint8Array>>;
};

type Options = { name: string; base: string; token: string | null };
type Deps = { fetch: typeof fetch; now(): number };

/** More than 16 images of 2 MB in base64 is no answer to anything asked here. */
const maxJsonBytes = 48 * 1024 * 1024;
const maxErrorBytes = 16 * 1024;
const maxDetailChars = 200;

/** Creates it; nothing is asked before a call. */
export function createEngineHttp({ name, base, token }: Options, { fetch, now }: Deps): EngineHttp {
  const ask = async (path: string, body: unknown, signal: AbortSignal): Promise<Response> => {
    const headers: Record<string, string> = { accept: 'application/json, text/event-stream' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    let response: Response;
    try {
      response = await fetch(base + path, { method: body === undefined ? 'GET' : 'POST', headers, signal, redirect: 'error', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    } catch (caught) {
      signal.throwIfAborted();
      throw new AppError('engine.unreachable', { engine: name }, { cause: caught });
    }
    if (!response.ok) throw await refusal(name, response, now());
    return response;
  };
  return {
    json: async (path, { body, signal }) => {
      const response = await ask(path, body, signal);
      try {
        return JSON.parse(await readText(response, maxJsonBytes));
      } catch (caught) {
        signal.throwIfAborted();
        throw new AppError('engine.bad_answer', { engine: name, detail: 'its answer is no JSON, too large, or was cut off' }, { cause: caught });
      }
    },
    stream: async (path, { body, signal }) => {
      const response = await ask(path, body, signal);
      if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream') || response.body === null) {
        await response.body?.cancel().catch(() => undefined);
        throw new AppError('engine.bad_answer', { engine: name, detail: 'it was asked for a stream and sent none' });
      }
      return response.body;
    },
  };
}

/** The error behind a status that is not 2xx. */
async function refusal(engine: string, response: Response, nowMs: number): Promise<AppError> {
  const { status } = response;
  const text = await readText(response, maxErrorBytes).catch(() => '');
  if (status === 401 || status === 403) return new AppError('engine.bad_token', { engine, status });
  if (status === 429 || status === 503) return new AppError('engine.busy', { engine, status, retryAfterMs: retryAfterMs(response.headers.get('retry-after'), nowMs) });
  if (status >= 500) return new AppError('engine.failed', { engine, status });
  return new AppError('engine.refused', { engine, status, detail: detailOf(text) || `status ${status}` });
}

/** Milliseconds that a Retry-After header asks to wait, in seconds or as a date; null without a usable one. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** The sentence in an error's body, in the shapes these engines use; clipped, since it came from the network. */
function detailOf(text: string): string {
  try {
    const { error, message, detail } = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown };
    const inner = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    const found = [inner, message, detail].find((one) => typeof one === 'string');
    return typeof found === 'string' ? found.slice(0, maxDetailChars) : '';
  } catch {
    return '';
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return Buffer.concat(parts).toString('utf8');
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new RangeError('the answer is too large');
    }
    parts.push(value);
  }
}
