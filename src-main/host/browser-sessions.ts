/** Turns a one-time link into a browser session; only hashes are kept, in memory (architecture.md, "Loopback host"). */
import { createHash } from 'node:crypto';

/** Links and sessions of one run of the headless host. */
export type BrowserSessions = {
  /** Makes the link that works next; the one before it ends. */
  newLink(): string;
  /** Uses a link up: the new session's secret, or null when the link is unknown or was used. */
  redeem(link: string): string | null;
  isOpen(session: string): boolean;
};

const maxSessions = 20;

/** Creates the register. `randomBytes` must be cryptographic; links and sessions are 32 of them as base64url. */
export function createBrowserSessions(deps: { randomBytes(count: number): Buffer }): BrowserSessions {
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const fresh = (): string => deps.randomBytes(32).toString('base64url');
  const sessions = new Set<string>();
  let link: string | null = null;
  return {
    newLink() {
      const text = fresh();
      link = hashOf(text);
      return text;
    },
    redeem(text) {
      // Hashes are compared, so the time it takes says nothing about the link.
      if (link === null || hashOf(text) !== link) return null;
      link = null;
      const session = fresh();
      const oldest = sessions.values().next();
      if (sessions.size >= maxSessions && !oldest.done) sessions.delete(oldest.value);
      sessions.add(hashOf(session));
      return session;
    },
    isOpen: (session) => sessions.has(hashOf(session)),
  };
}
