/** gRPC-web over plain HTTP/1.1 on loopback: frames, trailers, text and binary form (gRPC-web protocol; stack.md 5). */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../../../log/logger.ts';
import type { ChainFaults } from '../chain-api.ts';
import { NotExecuted } from '../rules/index.ts';
import { GRPC_STATUS, GrpcError } from './grpc-error.ts';
import type { Methods, StreamMethod } from './method.ts';

const HEADER_BYTES = 5;
const TRAILER_FLAG = 0x80;
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

const refusalCodes = { UNAVAILABLE: GRPC_STATUS.unavailable, RESOURCE_EXHAUSTED: GRPC_STATUS.resourceExhausted };

const frame = (flag: number, body: Uint8Array): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = flag;
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_REQUEST_BYTES)
      throw new GrpcError(
        GRPC_STATUS.outOfRange,
        `Error, decoded message length too large: the limit is: ${MAX_REQUEST_BYTES} bytes`,
      );
  }
  return Buffer.concat(chunks);
};

/** The message inside the request's single data frame. */
const messageOf = (body: Buffer, isText: boolean): Uint8Array => {
  const bytes = isText ? Buffer.from(body.toString('latin1'), 'base64') : body;
  if (bytes.length < HEADER_BYTES) throw new GrpcError(GRPC_STATUS.invalidArgument, 'The request has no frame');
  const length = bytes.readUInt32BE(1);
  if (bytes[0] !== 0 || bytes.length < HEADER_BYTES + length) {
    throw new GrpcError(GRPC_STATUS.invalidArgument, 'The request frame is broken');
  }
  return Uint8Array.from(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length));
};

const allowOrigin = (request: IncomingMessage, response: ServerResponse): void => {
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*');
  response.setHeader('access-control-allow-methods', 'POST, OPTIONS');
  response.setHeader('access-control-expose-headers', 'grpc-status,grpc-message');
};

/** A response in progress. What is said within one turn goes out in one piece: a list says a thousand frames at once. */
const createReply = (response: ServerResponse, isText: boolean) => {
  let waiting: Buffer[] = [];
  const encode = (bytes: Buffer): string | Buffer => (isText ? bytes.toString('base64') : bytes);
  const flush = (): void => {
    if (waiting.length > 0) response.write(encode(Buffer.concat(waiting)));
    waiting = [];
  };
  response.writeHead(200, {
    'content-type': isText ? 'application/grpc-web-text+proto' : 'application/grpc-web+proto',
  });
  return {
    data: (message: Uint8Array): void => {
      if (waiting.length === 0) process.nextTick(flush);
      waiting.push(frame(0, message));
    },
    end: (code: number, message: string): void => {
      const trailer = `grpc-status: ${code}\r\ngrpc-message: ${encodeURIComponent(message)}\r\n`;
      const last = Buffer.concat([...waiting, frame(TRAILER_FLAG, Buffer.from(trailer))]);
      waiting = [];
      response.end(encode(last));
    },
  };
};
type Reply = ReturnType<typeof createReply>;

const runStream = (method: StreamMethod, message: Uint8Array, reply: Reply, response: ServerResponse): void => {
  let open = true;
  let leave = (): void => undefined;
  const close = (): void => {
    if (!open) return;
    open = false;
    leave();
  };
  response.flushHeaders();
  leave = method.handle(
    message,
    (answer) => {
      if (open) reply.data(answer);
    },
    () => {
      if (!open) return;
      open = false;
      reply.end(GRPC_STATUS.ok, '');
    },
  );
  response.on('close', close);
};

/** A running server. */
export interface GrpcWebServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts serving. Faults are looked at anew for every request. */
export async function startGrpcWebServer(
  options: { readonly host: '127.0.0.1'; readonly port: number },
  deps: { readonly methods: Methods; readonly faults: () => ChainFaults; readonly log: Logger },
): Promise<GrpcWebServer> {
  const waiting = new Set<NodeJS.Timeout>();
  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        resolve();
      }, delayMs);
      waiting.add(timer);
    });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = (request.url ?? '').slice(1);
    const isText = request.headers['content-type']?.includes('-text') ?? false;
    const reply = createReply(response, isText);
    try {
      const message = messageOf(await readBody(request), isText);
      const { delayMs, refuse } = deps.faults();
      if (delayMs > 0) await pause(delayMs);
      if (refuse !== null) throw new GrpcError(refusalCodes[refuse], 'The sandbox was told to refuse every request');
      const method = Object.hasOwn(deps.methods, name) ? deps.methods[name] : undefined;
      if (!method) throw new GrpcError(GRPC_STATUS.unimplemented, `${name} is not offered by the sandbox`);
      if (method.kind === 'stream') return runStream(method, message, reply, response);
      const answer = await method.handle(message);
      if (deps.faults().loseAnswers && name.endsWith('/ExecuteTransaction')) return void request.socket.destroy();
      reply.data(answer);
      reply.end(GRPC_STATUS.ok, '');
    } catch (error) {
      const known = error instanceof GrpcError || error instanceof NotExecuted;
      if (!known) deps.log.error('sandbox.call_failed', { name, error: String(error) });
      const refused = error instanceof NotExecuted ? GRPC_STATUS.unimplemented : GRPC_STATUS.internal;
      const code = error instanceof GrpcError ? error.code : refused;
      reply.end(code, error instanceof Error ? error.message : String(error));
    }
  };

  const server: Server = createServer((request, response) => {
    if (deps.faults().drop) return void request.socket.destroy();
    allowOrigin(request, response);
    if (request.method === 'OPTIONS') return void response.end();
    if (request.method !== 'POST') return void response.writeHead(405).end();
    answer(request, response).catch((error: unknown) =>
      deps.log.error('sandbox.reply_failed', { error: String(error) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        for (const timer of waiting) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
