/** What programs may read with a token of their own: /metrics for Prometheus and /fleet/summary for other consoles; nothing can be changed here (issue: "/metrics behind a token", "read-only scope enforced on the server side"). */
import type { FastifyInstance } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { FleetSummary } from '../../src-shared/bridge/fleet-calls.ts';
import type { TokenScope } from '../../src-shared/bridge/remote-calls.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';

/** What the node gives to readers. */
export type Readers = {
  /** True for a token that was made for this scope and not revoked; notes the use. */
  allows(scope: TokenScope, token: string): boolean;
  /** Prometheus text format. */
  metrics(): Promise<string>;
  /** As JSON carries it. */
  summary(): Promise<FleetSummary>;
  /** JSON form of a summary. */
  encode(summary: FleetSummary): unknown;
};

/** Why a reader's request is refused; null lets it in. Pages of a browser have no business here: whatever a browser adds is refused, a session is worth nothing. */
export function readerRefusal(headers: IncomingHttpHeaders, allows: (token: string) => boolean): { status: number; code: ErrorCode; headers: Record<string, string>; text: string } | null {
  const plain = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (headers.origin !== undefined || headers.cookie !== undefined || Object.keys(headers).some((name) => name.startsWith('sec-'))) return { status: 403, code: 'bridge.bad_sender', headers: plain, text: 'Not for browsers.\n' };
  const token = /^Bearer ([\w-]{20,200})$/.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined && allows(token)) return null;
  return { status: 401, code: 'bridge.not_signed_in', headers: { ...plain, 'www-authenticate': 'Bearer' }, text: 'A token made for this is needed. Make one in Settings, or with: console token create\n' };
}

/** Adds both routes; the guard has asked for the token before they run. */
export function addReaderRoutes(server: FastifyInstance, readers: Readers): void {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  server.get('/metrics', { config: { site: 'console', reader: 'metrics' } }, async (_request, reply) =>
    reply.headers({ ...headers, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).send(await readers.metrics()));
  server.get('/fleet/summary', { config: { site: 'console', reader: 'fleet' } }, async (_request, reply) =>
    reply.headers({ ...headers, 'content-type': 'application/json' }).send(JSON.stringify(readers.encode(await readers.summary()))));
}
