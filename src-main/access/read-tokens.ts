/** Read-only tokens for programs: made once, kept as hashes, counted as used to the minute, revoked at once (issue: "/metrics behind a token", "read-only token, revocable"). */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { idleBounds, readTokenSchema, tokenScopeSchema, type ReadToken, type TokenScope } from '../../src-shared/bridge/remote-calls.ts';
import { AppError } from '../../src-shared/errors.ts';

/** Small values that outlive a restart; structurally store/settings.ts. */
type Settings = { get<T>(key: string, schema: z.ZodType<T>): T | null; set(key: string, value: z.core.util.JSONType): void };

/** Who may look at this console, beside its browsers. */
export type Access = {
  tokens(): ReadToken[];
  /** The secret is returned here and nowhere else. @throws AppError remote.full */
  create(name: string, scope: TokenScope): { id: string; secret: string };
  /** @throws AppError remote.unknown */
  revoke(id: string): void;
  /** True for a living token of this very scope. */
  allows(scope: TokenScope, secret: string): boolean;
  idleMinutes(): number;
  setIdleMinutes(minutes: number): void;
};

const mostTokens = 50;
const tokensKey = 'remote.tokens';
const idleKey = 'remote.idleMinutes';
const defaultIdleMinutes = 12 * 60;
const minuteMs = 60_000;
const keptSchema = z.array(readTokenSchema.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/), scope: tokenScopeSchema }));
const idleSchema = z.number().int().min(idleBounds.least).max(idleBounds.most);

/** Secrets begin with this, so that people, and searches for leaked secrets, know one when they see it. */
export const secretPrefix = 'ocr_';

/** Opens the register over the settings. `randomBytes` must be cryptographic. */
export function createAccess({ settings, now, randomBytes, changed }: { settings: Settings; now(): number; randomBytes(count: number): Uint8Array; changed(): void }): Access {
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const read = (): z.output<typeof keptSchema> => settings.get(tokensKey, keptSchema) ?? [];
  const keep = (tokens: z.output<typeof keptSchema>): void => {
    settings.set(tokensKey, tokens);
    changed();
  };
  return {
    tokens: () => read().map(({ id, name, scope, createdMs, lastUsedMs }) => ({ id, name, scope, createdMs, lastUsedMs })),
    create(name, scope) {
      const tokens = read();
      if (tokens.length >= mostTokens) throw new AppError('remote.full', { most: mostTokens });
      const id = Buffer.from(randomBytes(6)).toString('hex');
      const secret = `${secretPrefix}${base64url(randomBytes(32))}`;
      keep([...tokens, { id, name, scope, createdMs: now(), lastUsedMs: null, hash: hashOf(secret) }]);
      return { id, secret };
    },
    revoke(id) {
      const tokens = read();
      if (!tokens.some((token) => token.id === id)) throw new AppError('remote.unknown');
      keep(tokens.filter((token) => token.id !== id));
    },
    allows(scope, secret) {
      // Hashes are compared, so the time it takes says nothing about a token.
      const hash = hashOf(secret);
      const tokens = read();
      const found = tokens.find((token) => token.hash === hash && token.scope === scope);
      if (found === undefined) return false;
      // Prometheus asks every few seconds: a write for each would wear the disk for nothing.
      if (found.lastUsedMs === null || now() - found.lastUsedMs >= minuteMs) keep(tokens.map((token) => (token === found ? { ...token, lastUsedMs: now() } : token)));
      return true;
    },
    idleMinutes: () => settings.get(idleKey, idleSchema) ?? defaultIdleMinutes,
    setIdleMinutes(minutes) {
      settings.set(idleKey, minutes);
      changed();
    },
  };
}
