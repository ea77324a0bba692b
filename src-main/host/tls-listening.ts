/** Listening for other machines: TLS alone, under names that the operator gives; all of it or nothing (issue: "Away from the machine only through an SSH tunnel or TLS with an allowed-host list given by the operator"). */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { modeBeyond } from '../platform/files.ts';

/** Where and as whom to listen. */
export type TlsListening = { address: string; cert: string; key: string; /** Names by which a browser may ask; the first stands in links. */ hostNames: readonly string[]; /** Port of the secure pages; 0 lets the system choose. */ securePort: number };

/** What the command line said of it; null for what it did not say. */
export type TlsFlags = { listen: string | null; tlsCert: string | null; tlsKey: string | null; allowHost: string | null; securePort: number | null };

const bad = (detail: string, cause?: unknown): AppError => new AppError('host.bad_flag', { detail }, { cause });

/**
 * Reads certificate and key. Null when nothing of it was asked for.
 * @throws AppError host.bad_flag when something is missing or does not fit, keys.too_open when others can read the key.
 */
export function readTlsListening({ listen, tlsCert, tlsKey, allowHost, securePort }: TlsFlags, port: number): TlsListening | null {
  const given = { '--listen': listen, '--tls-cert': tlsCert, '--tls-key': tlsKey, '--allow-host': allowHost };
  const missing = Object.entries(given).flatMap(([flag, value]) => (value === null ? [flag] : []));
  if (missing.length === 4 && securePort === null) return null;
  if (listen === null || tlsCert === null || tlsKey === null || allowHost === null) throw bad(`listening for other machines needs ${missing.join(', ')} as well`);
  if (isIP(listen) === 0) throw bad('--listen needs the IP address of an interface, such as 192.168.1.20 or 0.0.0.0');
  if (modeBeyond(tlsKey, 0o700) !== 0) throw new AppError('keys.too_open', { command: `chmod 600 ${tlsKey}` });
  const listening = { address: listen, cert: read('--tls-cert', tlsCert), key: read('--tls-key', tlsKey), hostNames: hostNamesOf(allowHost), securePort: securePort ?? (port === 0 ? 0 : port + 1) };
  if (listening.securePort > 65_535 || (listening.securePort !== 0 && listening.securePort === port)) throw bad('--secure-port needs a port of its own');
  check(listening);
  return listening;
}

function read(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw bad(`${flag} ${file} cannot be read`, error);
  }
}

/** Exact names alone: a pattern would let in names that others own. */
function hostNamesOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  for (const name of names) {
    const isName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name);
    const isAddress = isIP(name) === 4 || (/^\[.*\]$/.test(name) && isIP(name.slice(1, -1)) === 6);
    if (!isName && !isAddress) throw bad(`--allow-host takes exact names or addresses with commas between them; "${name}" is neither`);
  }
  return [...new Set(names)];
}

/** Certificate and key belong together, and the certificate names every allowed host: a browser would refuse it otherwise, or teach its user to click through. */
function check({ cert, key, hostNames }: TlsListening): void {
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw bad('the certificate and the key do not belong together, or are not PEM', error);
  }
  const certificate = new X509Certificate(cert);
  for (const name of hostNames) {
    const bare = name.replace(/^\[|\]$/g, '');
    if ((isIP(bare) === 0 ? certificate.checkHost(bare) : certificate.checkIP(bare)) === undefined) throw bad(`the certificate does not name ${name}, which --allow-host allows`);
  }
}

/** A factory of HTTPS servers for fastify. What does not speak TLS is cut off without an answer. */
export function tlsServer({ cert, key }: TlsListening, { requestTimeoutMs, log }: { requestTimeoutMs: number; log: Logger }): (handler: RequestListener) => Server {
  return (handler) => {
    const server = createServer({ cert, key, minVersion: 'TLSv1.2', requestTimeout: requestTimeoutMs, handshakeTimeout: 10_000 }, handler);
    server.on('tlsClientError', (error, socket) => {
      log.debug('host.no_tls', { error });
      socket.destroy();
    });
    // fastify's own type of a server; what it uses of it an HTTPS server has too.
    return server as unknown as Server;
  };
}
