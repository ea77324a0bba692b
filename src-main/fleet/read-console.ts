/** Asks one console for its summary: bounded in time and size, no redirect, and nothing is sent before its certificate is known or pinned (issue: "certificate pinning on first use for self-signed TLS"). */
import { request } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fleetSummarySchema, type FleetProblem, type FleetSummary } from '../../src-shared/bridge/fleet-calls.ts';

/** Whom to ask. `pinned` is the SHA-256 of the certificate that was seen first, null before that. */
export type Asked = { origin: string; token: string; pinned: string | null };

/** What came of it. `pin` is a certificate to be pinned from now on; `offered` is another one than the pinned, to which nothing was sent. */
export type Heard = { ok: true; summary: FleetSummary; pin: string | null } | { ok: false; problem: FleetProblem; offered: string | null };

type Limits = { timeoutMs: number; /** Certificates of authorities to trust besides the system's; for tests. */ ca?: string };

const mostBytes = 128 * 1024;
const failed = (problem: FleetProblem, offered: string | null = null): Heard => ({ ok: false, problem, offered });

/** Asks once; never rejects. */
export async function readConsole(asked: Asked, limits: Limits): Promise<Heard> {
  const abort = AbortSignal.timeout(limits.timeoutMs);
  let socket: Socket | null = null;
  try {
    const open = await openSocket(asked, limits, abort);
    if ('problem' in open) return open;
    socket = open.socket;
    const { status, body } = await get(asked, open.socket, abort);
    if (status === 401 || status === 403) return failed('refused_token');
    const summary = status === 200 ? readSummary(body) : null;
    return summary === null ? failed('not_a_console') : { ok: true, summary, pin: open.pin };
  } catch {
    // The reason is the network's, in words that mean nothing to an operator: what counts is whether anybody was there.
    return failed(abort.aborted ? 'timeout' : 'unreachable');
  } finally {
    socket?.destroy();
  }
}

type Opened = { socket: Socket; pin: string | null };

/** Connects and judges the certificate before anything else is said. */
function openSocket({ origin, pinned }: Asked, { ca }: Limits, abort: AbortSignal): Promise<Opened | (Heard & { ok: false })> {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const stop = (socket: Socket): void => {
      socket.once('error', reject);
      abort.addEventListener('abort', () => {
        socket.destroy();
        reject(abort.reason);
      });
    };
    if (protocol === 'http:') {
      const socket = connectPlain({ host, port: Number(port || 80) }, () => resolve({ socket, pin: null }));
      return stop(socket);
    }
    // Judged by ourselves below: a self-signed certificate is taken when it is the pinned one, or the first.
    const isName = !/^[\d.]+$|:/.test(host);
    const socket = connectTls({ host, port: Number(port || 443), rejectUnauthorized: false, ...(isName ? { servername: host } : {}), minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) }, () => {
      const shown = socket.getPeerCertificate().fingerprint256;
      const verdict = judge({ shown, pinned, authorized: socket.authorized, error: String(socket.authorizationError ?? '') });
      if ('pin' in verdict) return resolve({ socket, pin: verdict.pin });
      socket.destroy();
      resolve({ ok: false, ...verdict });
    });
    stop(socket);
  });
}

/** Errors of a certificate that nobody known vouches for; anything else, such as an expired one or one for another name, is no matter of trust on first use. */
const selfSigned = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/;

/** What is to be done with a certificate: a pinned one must come again, to the byte; without a pin, authorities decide, and a self-signed one is pinned. */
export function judge({ shown, pinned, authorized, error }: { shown: string | undefined; pinned: string | null; authorized: boolean; error: string }): { pin: string | null } | { problem: FleetProblem; offered: string | null } {
  if (shown === undefined || shown === '') return { problem: 'bad_certificate', offered: null };
  if (pinned !== null) return shown === pinned ? { pin: pinned } : { problem: 'other_certificate', offered: shown };
  if (authorized) return { pin: null };
  return selfSigned.test(error) ? { pin: shown } : { problem: 'bad_certificate', offered: null };
}

function get({ origin, token }: Asked, socket: Socket, abort: AbortSignal): Promise<{ status: number; body: string }> {
  const { host } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ createConnection: () => socket, method: 'GET', path: '/fleet/summary', headers: { host, authorization: `Bearer ${token}`, accept: 'application/json', connection: 'close' }, signal: abort }, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > mostBytes) response.destroy(new Error('too large'));
        else parts.push(part);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

function readSummary(body: string): FleetSummary | null {
  try {
    return fleetSummarySchema.safeDecode(JSON.parse(body)).data ?? null;
  } catch {
    return null; // no JSON: something else answers there
  }
}
