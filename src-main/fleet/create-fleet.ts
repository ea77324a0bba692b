/** The list of other consoles: addresses kept, tokens sealed with the keys, each asked for itself so that a dead one holds up nobody (issue: "one dead node never blanks the page"). */
import { z } from 'zod';
import { fleetSummarySchema, type FleetNode } from '../../src-shared/bridge/fleet-calls.ts';
import { base64Schema } from '../../src-shared/domain/ids.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { readConsoleAddress } from './console-address.ts';
import type { Asked, Heard } from './read-console.ts';

/** What the list takes from its surroundings. */
export type FleetDeps = {
  /** Small values that outlive a restart; structurally store/settings.ts. */
  settings: { get<T>(key: string, schema: z.ZodType<T>): T | null; set(key: string, value: z.core.util.JSONType): void };
  /** Seals and opens with the keys. Both reject with keys.locked while those are. */
  seal(bytes: Uint8Array): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<Uint8Array>;
  read(asked: Asked): Promise<Heard>;
  randomBytes(count: number): Uint8Array;
  now(): number;
  changed(): void;
  log: Logger;
};

/** The list. */
export type Fleet = {
  /** What is known; whatever is old is asked again meanwhile. */
  list(): FleetNode[];
  /** @throws AppError fleet.bad_address, fleet.full, keys.locked */
  add(node: { name: string; url: string; token: string }): Promise<{ id: string }>;
  /** @throws AppError fleet.unknown */
  remove(id: string): void;
  refresh(id: string): Promise<void>;
  trust(id: string, certificate: string): Promise<void>;
};

const listKey = 'fleet.nodes';
const mostNodes = 100;
/** A summary younger than this is not asked for again. */
const freshMs = 15_000;
const keptSchema = z.object({ id: z.string(), name: z.string(), url: z.string(), token: base64Schema, pinned: z.string().nullable(), lastSeenMs: z.number().nullable(), summary: fleetSummarySchema.nullable() });
type Kept = z.output<typeof keptSchema>;
const listSchema = z.array(keptSchema);
type Seen = Pick<FleetNode, 'askedMs' | 'problem' | 'offered' | 'lastSeenMs' | 'summary'>;

/** Opens the list. */
export function createFleet(deps: FleetDeps): Fleet {
  const { settings, now, changed, log } = deps;
  const seen = new Map<string, Seen>();
  const asking = new Map<string, Promise<void>>();

  const read = (): Kept[] => settings.get(listKey, listSchema) ?? [];
  const keep = (nodes: readonly Kept[]): void => settings.set(listKey, listSchema.encode([...nodes]) as z.core.util.JSONType);
  const find = (id: string): Kept => {
    const node = read().find((one) => one.id === id);
    if (node === undefined) throw new AppError('fleet.unknown');
    return node;
  };
  const patch = (id: string, change: Partial<Kept>): void => keep(read().map((node) => (node.id === id ? { ...node, ...change } : node)));
  const seenOf = ({ id, lastSeenMs, summary }: Kept): Seen => seen.get(id) ?? { askedMs: null, problem: null, offered: null, lastSeenMs, summary };

  const tokenOf = async ({ token }: Kept): Promise<string | null> => {
    try {
      return Buffer.from(await deps.open(Buffer.from(token, 'base64'))).toString('utf8');
    } catch (error) {
      log.debug('fleet.token_closed', { error });
      return null;
    }
  };
  const hear = async (node: Kept): Promise<void> => {
    const token = await tokenOf(node);
    const heard: Heard = token === null ? { ok: false, problem: 'keys_locked', offered: null } : await deps.read({ origin: node.url, token, pinned: node.pinned });
    // Removed, or trusted anew, meanwhile: then this answer belongs to nothing.
    const current = read().find((one) => one.id === node.id);
    if (current === undefined || current.pinned !== node.pinned) return;
    const before = seenOf(current);
    if (heard.ok) {
      seen.set(node.id, { askedMs: now(), problem: null, offered: null, lastSeenMs: now(), summary: heard.summary });
      if (heard.pin !== node.pinned) log.info('fleet.pinned', { console: node.name });
      // Written when something happened, not at each answer: the rest is in memory.
      if (heard.pin !== node.pinned || before.problem !== null || node.lastSeenMs === null) patch(node.id, { pinned: heard.pin, lastSeenMs: now(), summary: heard.summary });
    } else {
      seen.set(node.id, { ...before, askedMs: now(), problem: heard.problem, offered: heard.offered });
      if (before.problem === null) {
        log.warn('fleet.not_heard', { console: node.name, problem: heard.problem });
        patch(node.id, { lastSeenMs: before.lastSeenMs, summary: before.summary });
      }
    }
    changed();
  };
  const ask = (node: Kept): Promise<void> => {
    const running = asking.get(node.id);
    if (running !== undefined) return running;
    const run = hear(node)
      .catch((error: unknown) => log.error('fleet.failed', { error }))
      .finally(() => asking.delete(node.id));
    asking.set(node.id, run);
    return run;
  };

  return {
    list() {
      const nodes = read();
      for (const node of nodes) if (now() - (seen.get(node.id)?.askedMs ?? -Infinity) >= freshMs) void ask(node);
      return nodes.map((node) => ({ id: node.id, name: node.name, url: node.url, pinned: node.pinned, ...seenOf(node) }));
    },
    async add({ name, url, token }) {
      const origin = readConsoleAddress(url);
      const sealed = await deps.seal(Buffer.from(token, 'utf8'));
      const nodes = read();
      if (nodes.length >= mostNodes) throw new AppError('fleet.full', { most: mostNodes });
      if (nodes.some((node) => node.url === origin)) throw new AppError('fleet.bad_address', { detail: 'it is in the list already' });
      const node: Kept = { id: Buffer.from(deps.randomBytes(6)).toString('hex'), name, url: origin, token: Buffer.from(sealed).toString('base64'), pinned: null, lastSeenMs: null, summary: null };
      keep([...nodes, node]);
      changed();
      void ask(node);
      return { id: node.id };
    },
    remove(id) {
      find(id);
      keep(read().filter((node) => node.id !== id));
      seen.delete(id);
      changed();
    },
    refresh: (id) => ask(find(id)),
    async trust(id, certificate) {
      const node = find(id);
      // Only what was shown to the operator can be agreed to.
      if (seen.get(id)?.offered !== certificate) throw new AppError('fleet.unknown');
      patch(id, { pinned: certificate });
      seen.set(id, { ...seenOf(node), offered: null });
      await asking.get(id);
      await ask(find(id));
    },
  };
}

