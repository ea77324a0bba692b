/** The command line's way into a running console: loopback only, a token of its own, no browser ever let in; confirms by opening the key file once more (decision 0013). */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from '../../src-shared/bridge/index.ts';
import { AppError, toAppError, type ErrorCode } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { dropControlFile, keepControlFile } from '../platform/control-file.ts';
import { refusal, type DispatchCall } from './dispatch-call.ts';

/** How the command line confirms what is signed; structurally a part of node.ts's ConsoleNode. */
export type CommandApi = {
  /** What opens the key file: a passphrase that the operator gives with each confirmation, or the keychain of this system. */
  confirmedBy(): 'passphrase' | 'keychain';
  /** Opens the key file once more as proof, then signs and sends. @throws AppError keys.wrong_passphrase, keys.keychain_unavailable, intent.unknown */
  approve(proposalId: string, passphrase: string | null): Promise<void>;
  decline(proposalId: string): void;
};

type Deps = { dispatch: DispatchCall; command: CommandApi; randomBytes(count: number): Buffer; log: Logger };

/** The open passage. */
export type ControlPassage = { port: number; close(): Promise<void> };

const bodyLimitBytes = 1024 * 1024;
const callSchema = z.strictObject({ name: z.string(), input: z.json() });
const approveSchema = z.strictObject({ proposalId: z.string().max(200), passphrase: z.string().max(10_000).nullable() });
const declineSchema = z.strictObject({ proposalId: z.string().max(200) });

/** Opens the passage on a port that the system chooses, and leaves port and token in the data folder. */
export async function openControlPassage({ dataDir }: { dataDir: string }, deps: Deps): Promise<ControlPassage> {
  const token = deps.randomBytes(32).toString('base64url');
  const server = fastify({ bodyLimit: bodyLimitBytes, exposeHeadRoutes: false, forceCloseConnections: true, requestTimeout: 30_000 });
  const port = (): number => {
    const address = server.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  server.removeContentTypeParser('text/plain');
  guard(server, { port, token }, deps.log);
  addRoutes(server, deps);
  await server.listen({ host: '127.0.0.1', port: 0 });
  await keepControlFile(dataDir, { pid: process.pid, port: port(), token });
  return {
    port: port(),
    async close() {
      dropControlFile(dataDir);
      await server.close();
    },
  };
}

/** Why a request is refused before its body is read; null lets it in. */
function refusedBecause(request: FastifyRequest, expected: { port: number; token: string }): ErrorCode | null {
  const { headers } = request;
  if (headers.host !== `127.0.0.1:${expected.port}`) return 'bridge.bad_sender';
  // Browsers put these on every POST of a page and no page can leave them away; the command line sends none of them.
  if (headers.origin !== undefined || headers.cookie !== undefined || Object.keys(headers).some((name) => name.startsWith('sec-'))) return 'bridge.bad_sender';
  return isSame(headers.authorization ?? '', `Bearer ${expected.token}`) ? null : 'bridge.not_signed_in';
}

/** Compares hashes of equal length, so that the time it takes says nothing about the token. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

function guard(server: FastifyInstance, expected: { port(): number; token: string }, log: Logger): void {
  server.addHook('onRequest', async (request, reply) => {
    const code = refusedBecause(request, { port: expected.port(), token: expected.token });
    if (code === null) return undefined;
    log.warn('control.refused', { code, method: request.method });
    return send(reply, code === 'bridge.bad_sender' ? 403 : 401, refusal(new AppError(code)));
  });
  server.setNotFoundHandler((_request, reply) => send(reply, 404, refusal(new AppError('bridge.unknown_call'))));
  server.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    const shown = status < 500 ? new AppError('bridge.bad_input', { detail: 'the request is malformed or too large' }, { cause: error }) : toAppError(error);
    log[status < 500 ? 'debug' : 'error']('control.request_failed', { status, error: shown });
    return send(reply, status, refusal(shown));
  });
}

function addRoutes(server: FastifyInstance, { dispatch, command, log }: Deps): void {
  const route = (path: string, act: (body: unknown) => Promise<Answer>): void => {
    server.post(path, async (request, reply) => send(reply, 200, await act(request.body).catch((caught: unknown) => refusal(toAppError(caught)))));
  };
  route('/control/hello', async () => ({ ok: true, value: { confirmedBy: command.confirmedBy() } }));
  route('/control/call', async (body) => {
    const { name, input } = read(callSchema, body);
    return dispatch(name, input);
  });
  route('/control/approve', async (body) => {
    const { proposalId, passphrase } = read(approveSchema, body);
    try {
      await command.approve(proposalId, passphrase);
      log.info('control.approved', { proposalId });
      return { ok: true, value: {} };
    } catch (caught) {
      // One try a proposal: guessing means proposing and simulating anew each time.
      if (caught instanceof AppError && caught.code === 'keys.wrong_passphrase') command.decline(proposalId);
      throw caught;
    }
  });
  route('/control/decline', async (body) => {
    command.decline(read(declineSchema, body).proposalId);
    return { ok: true, value: {} };
  });
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new AppError('bridge.bad_input', { detail: 'the request is malformed' }, { cause: parsed.error });
  return parsed.data;
}

const send = (reply: FastifyReply, status: number, answer: Answer): FastifyReply => reply.code(status).header('cache-control', 'no-store').send(answer);
