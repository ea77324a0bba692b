/** Turns a one-time link into a browser session, lists and ends sessions, and lets idle ones expire; only hashes are kept, in memory (architecture.md, "Loopback host"; issue: "list and revoke sessions, idle expiry"). */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { BrowserSession } from '../../src-shared/bridge/remote-calls.ts';

/** Where a request came from. */
export type Visitor = { address: string; browser: string };

/** Links and sessions of one run of the headless host. */
export type BrowserSessions = {
  /** Makes the link that works next; the one before it ends. */
  newLink(): string;
  /** Uses a link up: the new session's secret, or null when the link is unknown or was used. */
  redeem(link: string, visitor: Visitor): string | null;
  /** Notes a request of a session: its id, or null when it is unknown, ended or was idle for too long. `present` says that somebody is at the page. */
  visit(session: string, visitor: Visitor & { present: boolean }): string | null;
  isOpen(id: string): boolean;
  list(): BrowserSession[];
  /** False when there is none by that id. */
  end(id: string): boolean;
  /** Ends every session but the one that asks. */
  endOthers(): void;
  /** Runs an act in the name of a session that reached the console by a host name. */
  during<T>(caller: { id: string; hostName: string }, act: () => T): T;
  /** Host name by which the session that asks reached the console; null outside of a request. */
  hostName(): string | null;
  /** Told the id of each session that ends. */
  onEnd(listener: (id: string) => void): void;
  /** Told when a session begins or ends. */
  onChange(listener: () => void): void;
};

type Kept = Omit<BrowserSession, 'current'>;
type Deps = {
  randomBytes(count: number): Buffer;
  now(): number;
  /** Longest time without anybody at the page. */
  idleMs(): number;
};

const maxSessions = 20;

/** Creates the register. `randomBytes` must be cryptographic; links and sessions are 32 of them as base64url. */
export function createBrowserSessions({ randomBytes, now, idleMs }: Deps): BrowserSessions {
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const fresh = (): string => randomBytes(32).toString('base64url');
  /** By hash of the secret, oldest first. */
  const sessions = new Map<string, Kept>();
  const callers = new AsyncLocalStorage<{ id: string; hostName: string }>();
  const listeners: ((id: string) => void)[] = [];
  const changeListeners: (() => void)[] = [];
  let link: string | null = null;

  const drop = (hash: string): void => {
    const id = sessions.get(hash)?.id;
    if (id === undefined) return;
    sessions.delete(hash);
    for (const listener of listeners) listener(id);
    for (const listener of changeListeners) listener();
  };
  const expire = (): void => {
    for (const [hash, { lastActiveMs }] of [...sessions]) if (now() - lastActiveMs >= idleMs()) drop(hash);
  };
  const hashById = (id: string): string | null => [...sessions].find(([, kept]) => kept.id === id)?.[0] ?? null;

  return {
    newLink() {
      const text = fresh();
      link = hashOf(text);
      return text;
    },
    redeem(text, { address, browser }) {
      // Hashes are compared, so the time it takes says nothing about the link.
      if (link === null || hashOf(text) !== link) return null;
      link = null;
      expire();
      const oldest = sessions.keys().next();
      if (sessions.size >= maxSessions && !oldest.done) drop(oldest.value);
      const session = fresh();
      const atMs = now();
      sessions.set(hashOf(session), { id: randomBytes(8).toString('hex'), createdMs: atMs, lastSeenMs: atMs, lastActiveMs: atMs, address, browser });
      for (const listener of changeListeners) listener();
      return session;
    },
    visit(session, { address, browser, present }) {
      expire();
      const hash = hashOf(session);
      const kept = sessions.get(hash);
      if (kept === undefined) return null;
      sessions.set(hash, { ...kept, address, browser, lastSeenMs: now(), lastActiveMs: present ? now() : kept.lastActiveMs });
      return kept.id;
    },
    isOpen(id) {
      expire();
      return hashById(id) !== null;
    },
    list() {
      expire();
      const current = callers.getStore()?.id ?? null;
      return [...sessions.values()].map((kept) => ({ ...kept, current: kept.id === current }));
    },
    end(id) {
      const hash = hashById(id);
      if (hash !== null) drop(hash);
      return hash !== null;
    },
    endOthers() {
      const current = callers.getStore()?.id ?? null;
      for (const [hash, { id }] of [...sessions]) if (id !== current) drop(hash);
    },
    during: (caller, act) => callers.run(caller, act),
    hostName: () => callers.getStore()?.hostName ?? null,
    onEnd: (listener) => void listeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
  };
}

const browsers: readonly [RegExp, string][] = [[/Edg\/(\d+)/, 'Edge'], [/OPR\/(\d+)/, 'Opera'], [/Firefox\/(\d+)/, 'Firefox'], [/Chrom(?:e|ium)\/(\d+)/, 'Chromium'], [/Version\/(\d+).*Safari/, 'Safari']];
const systems: readonly [RegExp, string][] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux|X11/, 'Linux']];

/** What a browser calls itself, in words from a closed list: a foreign text is never shown. */
export function browserName(userAgent: string): string {
  const [pattern, name] = browsers.find(([one]) => one.test(userAgent)) ?? [];
  const system = systems.find(([one]) => one.test(userAgent))?.[1];
  const version = pattern?.exec(userAgent)?.[1];
  if (name === undefined) return 'Another browser';
  return `${name} ${version ?? ''}${system === undefined ? '' : ` on ${system}`}`.slice(0, 60);
}
