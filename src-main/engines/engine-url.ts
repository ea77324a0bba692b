/** Where an engine may lie: any host over https, and over plain http this machine or its own network alone, since requests and the token cross it in clear (docs/security.md). */
import { isIP } from 'node:net';
import { AppError } from '../../src-shared/errors.ts';

/** An engine's address without a path of the API, and whether what crosses to it could be read on the way. */
export type EngineUrl = { base: string; unencrypted: boolean };

const refuse = (detail: string): AppError => new AppError('engine.bad_settings', { detail });

/** Reads an address as the operator types it; a closing `/v1` is left out. @throws AppError engine.bad_settings */
export function readEngineUrl(typed: string): EngineUrl {
  let url: URL;
  try {
    url = new URL(typed.trim());
  } catch {
    throw refuse('the address is not a URL such as http://192.168.1.20:8000');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('the address begins with http:// or https://');
  if (url.username !== '' || url.password !== '') throw refuse('put the token into its own field, not into the address');
  if (url.search !== '' || url.hash !== '') throw refuse('the address has no ? or # part');
  const loopback = isLoopback(url.hostname);
  if (url.protocol === 'http:' && !loopback && !isOwnNetwork(url.hostname)) throw refuse('a host outside your own network needs https://');
  return { base: url.origin + url.pathname.replace(/\/+$/, '').replace(/\/v1$/, ''), unencrypted: url.protocol === 'http:' && !loopback };
}

/** Whether requests leave this machine on their way to the engine. */
export const isElsewhere = (typed: string): boolean => !isLoopback(new URL(readEngineUrl(typed).base).hostname);

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/** Private and link-local addresses, and names that only a local network resolves. */
function isOwnNetwork(host: string): boolean {
  if (host.startsWith('[')) return /^\[f[cd]|^\[fe80/.test(host);
  if (isIP(host) === 4) return /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(host);
  return !host.includes('.') || /\.(local|lan|internal|home\.arpa)$/.test(host);
}
