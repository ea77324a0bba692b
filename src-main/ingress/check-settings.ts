/** Rules for the settings of the ingress: what is announced can be reached, and only over TLS (protocol.md 7.9). */
import type { IngressSettings } from '../../src-shared/bridge/ingress-calls.ts';
import { AppError } from '../../src-shared/errors.ts';

const refuse = (detail: string): AppError => new AppError('ingress.bad_settings', { detail });

/** @throws AppError ingress.bad_settings */
export function checkIngress({ publicUrl, announceTo, country }: IngressSettings): void {
  if (publicUrl !== null) checkUrl(publicUrl, 'the public address');
  if (announceTo === null) return;
  checkUrl(announceTo, 'the address of the list');
  if (publicUrl === null) throw refuse('announcing needs the public address');
  if (country === null) throw refuse('announcing needs the country');
}

function checkUrl(text: string, what: string): void {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse(`${what} is not a URL`);
  }
  const loopback = url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) throw refuse(`${what} begins with https://`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw refuse(`${what} has neither a name and password nor a ? or # part`);
}
