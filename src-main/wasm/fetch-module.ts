/** Gets a module by its address: https, bounded, and of the bytes that the request names (coordinator.md 4, wasm.run). */
import { createHash } from 'node:crypto';
import { AppError } from '../../src-shared/errors.ts';
import { wasmLimits } from './parse-module.ts';

const maxRedirects = 3;

type Deps = {
  fetch: typeof globalThis.fetch;
  /** Also http and https on this machine: where the whole network is on this machine. A buyer elsewhere must not reach the node's neighbours. */
  allowLoopback: boolean;
};

/** @throws AppError wasm.bad_module (address, size, hash, not there), wasm.module_unavailable (no answer); the signal's reason */
export async function fetchModule({ url, sha256 }: { url: string; sha256: string }, signal: AbortSignal, deps: Deps): Promise<Uint8Array> {
  const response = await follow(new URL(url), signal, deps);
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const part of response.body ?? []) {
      total += part.length;
      if (total > wasmLimits.moduleBytes) throw new AppError('wasm.bad_module', { detail: 'it is too large' });
      parts.push(part);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof AppError ? cause : new AppError('wasm.module_unavailable', {}, { cause });
  }
  const bytes = new Uint8Array(Buffer.concat(parts));
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new AppError('wasm.bad_module', { detail: 'it does not match its SHA-256' });
  return bytes;
}

async function follow(first: URL, signal: AbortSignal, { fetch, allowLoopback }: Deps): Promise<Response> {
  let url = first;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    if (!mayAsk(url, allowLoopback)) throw new AppError('wasm.bad_module', { detail: 'its address is not one that may be asked' });
    let response: Response;
    try {
      response = await fetch(url, { signal, redirect: 'manual' });
    } catch (cause) {
      signal.throwIfAborted();
      throw new AppError('wasm.module_unavailable', {}, { cause });
    }
    if (response.status === 200) return response;
    await response.body?.cancel();
    if (response.status === 429 || response.status >= 500) throw new AppError('wasm.module_unavailable');
    const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
    if (location === null || !URL.canParse(location, url.href)) throw new AppError('wasm.bad_module', { detail: `its address answers ${response.status}` });
    url = new URL(location, url);
  }
  throw new AppError('wasm.bad_module', { detail: 'its address leads on and on' });
}

/** Names and numbers of this machine and of private networks are asked only where loopback is allowed; a name that leads there still has to show a certificate. */
function mayAsk({ protocol, hostname, username, password }: URL, allowLoopback: boolean): boolean {
  if (username !== '' || password !== '') return false;
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return allowLoopback && (protocol === 'https:' || protocol === 'http:');
  const isNumber = /^\d+\.\d+\.\d+\.\d+$/.test(hostname) || hostname.startsWith('[');
  return protocol === 'https:' && !isNumber && !hostname.endsWith('.local') && !hostname.endsWith('.localhost');
}
