/** Which of the two sites a request is for, and whether its Host, Origin and Sec-Fetch-Site let it in (architecture.md, "Loopback host"; issue: "tested with hostile Host and Origin values"). */

/** `console` and `secure` are two origins, so that neither's page can read the other's. */
export type Site = 'console' | 'secure';

/** The request headers that are judged. */
export type JudgedHeaders = {
  host?: string | undefined;
  origin?: string | undefined;
  'sec-fetch-site'?: string | string[] | undefined;
};

/** The names of one listener: which sites it serves, and under which names each. */
export type Names = { scheme: 'http' | 'https'; names: readonly (readonly [site: Site, hostName: string])[] };

/** On this machine: `console` lives on 127.0.0.1, `secure` on localhost, on one port. */
export const loopbackNames: Names = { scheme: 'http', names: [['console', '127.0.0.1'], ['secure', 'localhost']] };

/** Over TLS each site has a port of its own, under every name that the operator allows. */
export const tlsNames = (site: Site, hostNames: readonly string[]): Names => ({ scheme: 'https', names: hostNames.map((name) => [site, name] as const) });

/** The Host header of a name; a browser leaves the scheme's own port away. */
const hostOf = ({ scheme }: Names, name: string, port: number): string => (port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`);

/** The first origin of a site, such as `http://127.0.0.1:8080`; `name` chooses another of its names. */
export function originOf(names: Names, site: Site, port: number, name?: string): string {
  const own = names.names.filter(([one]) => one === site).map(([, hostName]) => hostName);
  const chosen = name !== undefined && own.includes(name) ? name : (own[0] ?? 'localhost');
  return `${names.scheme}://${hostOf(names, chosen, port)}`;
}

/** The site and name that a Host header means; null for every other name, so that no foreign name can be rebound to this server. */
export function siteOf(names: Names, host: string | undefined, port: number): { site: Site; hostName: string } | null {
  const found = names.names.find(([, hostName]) => host === hostOf(names, hostName, port));
  return found === undefined ? null : { site: found[0], hostName: found[1] };
}

/**
 * True when the request was not sent by a foreign page. A browser names the origin of everything that can change something,
 * so what is not a GET must carry ours, under the very name that it asked for; a GET may lack it. Calls from another port of this machine are foreign as well.
 */
export function isOwnOrigin(names: Names, port: number, method: string, headers: JudgedHeaders, isApi: boolean): boolean {
  const { origin, host } = headers;
  if (origin === undefined ? method !== 'GET' : origin !== `${names.scheme}://${host ?? ''}`) return false;
  return siteOf(names, host, port) !== null && (!isApi || headers['sec-fetch-site'] === undefined || headers['sec-fetch-site'] === 'same-origin');
}
