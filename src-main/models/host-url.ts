/** Which addresses the model store may ask: https, or http on this machine where the operator named one there (issue 4, item 3). */
import { AppError } from '../../src-shared/errors.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const isLoopback = ({ hostname }: URL): boolean => loopback.test(hostname);

/** Reads the operator's setting. @throws AppError models.bad_host */
export function readHostUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw new AppError('models.bad_host', { detail: 'it is not an address' });
  if (url.username !== '' || url.password !== '') throw new AppError('models.bad_host', { detail: 'it must not carry a name or password' });
  if (url.search !== '' || url.hash !== '') throw new AppError('models.bad_host', { detail: 'it must end with its path' });
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) throw new AppError('models.bad_host', { detail: 'it must begin with https://' });
  return url;
}

/**
 * True when a request that began at `base` may go on to `next`: https anywhere, and http only to this machine and only where the operator's own
 * host is on this machine. A host elsewhere cannot send the console to services of this machine or its network in clear.
 */
export function mayFollow(next: URL, base: URL): boolean {
  if (next.username !== '' || next.password !== '') return false;
  if (isLoopback(next)) return isLoopback(base) && (next.protocol === 'http:' || next.protocol === 'https:');
  return next.protocol === 'https:';
}
