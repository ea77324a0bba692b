/** Which of the two loopback sites a request is for, and whether its Host, Origin and Sec-Fetch-Site let it in (architecture.md, "Loopback host"). */

/** `console` lives on 127.0.0.1, `secure` on localhost: two origins of one server, so that neither's page can read the other's. */
export type Site = 'console' | 'secure';

/** The request headers that are judged. */
export type JudgedHeaders = {
  host?: string | undefined;
  origin?: string | undefined;
  'sec-fetch-site'?: string | string[] | undefined;
};

const hostNames: Readonly<Record<Site, string>> = { console: '127.0.0.1', secure: 'localhost' };

/** The origin of a site, such as `http://127.0.0.1:8080`. */
export const originOf = (site: Site, port: number): string => `http://${hostNames[site]}:${port}`;

/** The site that a Host header names; null for every other name, so that no foreign name can be rebound to this server. */
export function siteOf(host: string | undefined, port: number): Site | null {
  const sites: readonly Site[] = ['console', 'secure'];
  return sites.find((site) => host === `${hostNames[site]}:${port}`) ?? null;
}

/**
 * True when the request was not sent by a foreign page. A browser names the origin of everything that can change something,
 * so what is not a GET must carry ours; a GET may lack it. Calls from another port of this machine are foreign as well.
 */
export function isOwnOrigin(site: Site, port: number, method: string, headers: JudgedHeaders, isApi: boolean): boolean {
  const { origin } = headers;
  if (origin === undefined ? method !== 'GET' : origin !== originOf(site, port)) return false;
  return !isApi || headers['sec-fetch-site'] === undefined || headers['sec-fetch-site'] === 'same-origin';
}
