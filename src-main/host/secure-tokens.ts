/** One-time random tokens for the host's own pages: each opens one page for ten minutes (issue: keys and confirmations never in the console's window). */
import type { SecurePage } from './secure-api.ts';

/** Where the creation of a key stands. The phrase lives here between the pages, and nowhere else. */
export type CreateStep = { kind: 'start' } | { kind: 'words'; phrase: string } | { kind: 'reentry'; phrase: string; positions: readonly number[] };

/** What is remembered of one open page. */
export type SecureVisit = {
  readonly page: SecurePage;
  readonly expiresMs: number;
  create: CreateStep;
  wrongPassphrases: number;
  /** True while an act runs, so that a form sent twice acts once. */
  busy: boolean;
};

/** The register of open pages. */
export type SecureTokens = {
  /** A new token, 256 random bits as base64url. */
  issue(page: SecurePage): string;
  /** The page behind a token, or null when it is unknown, used or expired. */
  visit(token: string): SecureVisit | null;
  /** Ends a page; its token is worth nothing from here on. */
  end(token: string): void;
};

const lifetimeMs = 10 * 60_000;
const maxOpen = 100;

/** Creates an empty register. `randomBytes` must be cryptographic. */
export function createSecureTokens(deps: { now(): number; randomBytes(count: number): Buffer }): SecureTokens {
  const visits = new Map<string, SecureVisit>();
  const expire = (): void => {
    for (const [token, visit] of visits) if (visit.expiresMs <= deps.now()) visits.delete(token);
  };
  return {
    issue(page) {
      expire();
      const oldest = visits.keys().next();
      if (visits.size >= maxOpen && !oldest.done) visits.delete(oldest.value);
      const token = deps.randomBytes(32).toString('base64url');
      visits.set(token, { page, expiresMs: deps.now() + lifetimeMs, create: { kind: 'start' }, wrongPassphrases: 0, busy: false });
      return token;
    },
    visit(token) {
      expire();
      return visits.get(token) ?? null;
    },
    end: (token) => void visits.delete(token),
  };
}
