/** Which addresses of consoles may be listed: https anywhere, http on this machine alone, as through an SSH tunnel (issue: "addresses only https or loopback"). */
import { AppError } from '../../src-shared/errors.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The origin of an address that may be listed. @throws AppError fleet.bad_address */
export function readConsoleAddress(text: string): string {
  const bad = (detail: string): AppError => new AppError('fleet.bad_address', { detail });
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw bad('it is not an address; it looks like https://rig.example:4100');
  if (url.username !== '' || url.password !== '') throw bad('it must not carry a name or password');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw bad('only scheme, name and port belong to it');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.test(url.hostname))) throw bad('it must begin with https://, or be on this machine, for example through an SSH tunnel');
  return url.origin;
}
