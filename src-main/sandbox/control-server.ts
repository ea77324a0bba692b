/** The sandbox's control API: JSON over HTTP on loopback, for the console's process and tests, never for a page (product.md, Network). */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { sandboxViewSchema } from '../../src-shared/bridge/views.ts';
import type { Logger } from '../log/logger.ts';
import { controlInputs, runControl, type ControlPath, type SandboxControls } from './control.ts';
import type { Schedule } from './schedule.ts';

/** A listening control API. */
export type ControlServer = { readonly url: string; stop(): Promise<void> };

const maxBodyBytes = 64 * 1024;
/** Changes closer together than this are told once. */
const tellEveryMs = 250;

const answer = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  response.end(JSON.stringify(body));
};

/** Reads a body of at most 64 KiB; null when it is longer. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBodyBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Why a request is not answered at all: a browser sends an Origin, a rebound name a foreign Host. */
export function refusalOf(headers: { origin?: string | undefined; host?: string | undefined; 'sec-fetch-site'?: unknown }, port: number): string | null {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return 'no browser may drive the sandbox';
  if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) return 'wrong Host';
  return null;
}

async function post(request: IncomingMessage, response: ServerResponse, path: ControlPath, controls: SandboxControls): Promise<void> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return answer(response, 415, { error: 'application/json only' });
  const text = await readBody(request);
  if (text === null) return answer(response, 413, { error: 'body over 64 KiB' });
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return answer(response, 400, { error: 'not JSON' });
  }
  const done = await runControl(controls, path, input);
  if (!done.ok) return answer(response, 400, { error: done.detail });
  answer(response, 200, z.encode(sandboxViewSchema, controls.state()));
}

/** Opens the API on 127.0.0.1. GET /state and /events; POST the paths of {@link controlInputs}, answered with the new state. */
export async function openControlServer(options: { port: number }, deps: { controls: SandboxControls; schedule: Schedule; log: Logger }): Promise<ControlServer> {
  const { controls } = deps;
  const streams = new Set<ServerResponse>();
  let telling = false;
  const unsubscribe = controls.onChange(() => {
    if (telling) return;
    telling = true;
    deps.schedule(tellEveryMs, () => {
      telling = false;
      streams.forEach((stream) => stream.write('event: changed\ndata: {}\n\n'));
    });
  });
  const stream = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('event: changed\ndata: {}\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = refusalOf(request.headers, port);
    if (refusal !== null) return answer(response, 403, { error: refusal });
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const reads = pathname === '/state' || pathname === '/events';
    if (!reads && !Object.hasOwn(controlInputs, pathname)) return answer(response, 404, { error: 'unknown path' });
    if (request.method !== (reads ? 'GET' : 'POST')) return answer(response, 405, { error: 'wrong method' });
    if (pathname === '/state') return answer(response, 200, z.encode(sandboxViewSchema, controls.state()));
    if (pathname === '/events') return stream(response);
    await post(request, response, pathname as ControlPath, controls);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      deps.log.error('sandbox.control_failed', { error });
      if (!response.headersSent) answer(response, 500, { error: error instanceof Error ? error.message : 'failed' });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        unsubscribe();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
