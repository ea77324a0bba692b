/** Calls about who else may look at this console: signed-in browsers, how long they may be idle, and read-only tokens for Prometheus and for fleet pages (issue: "Headless and remote"). */
import { z } from 'zod';

const done = z.object({});

/** What a token may read: the numbers of /metrics, or the summary that another console's fleet page shows. Nothing may be changed with either. */
export const tokenScopeSchema = z.enum(['metrics', 'fleet']);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

/** A signed-in browser. */
export const browserSessionSchema = z.object({
  id: z.string(),
  createdMs: z.number(),
  /** Last request of any kind; an open page asks by itself. */
  lastSeenMs: z.number(),
  /** Last request while somebody was at the page; idle time counts from here. */
  lastActiveMs: z.number(),
  /** Network address of its last request, such as 127.0.0.1. */
  address: z.string(),
  /** Name of the browser and its system as it gave them. */
  browser: z.string(),
  /** True for the browser that asks. */
  current: z.boolean(),
});
export type BrowserSession = z.infer<typeof browserSessionSchema>;

/** A token without its secret, of which only a hash is kept. */
export const readTokenSchema = z.object({ id: z.string(), name: z.string(), scope: tokenScopeSchema, createdMs: z.number(), /** Null when it was never used; exact to a minute. */ lastUsedMs: z.number().nullable() });
export type ReadToken = z.infer<typeof readTokenSchema>;

/** Bounds of the idle time, in minutes. */
export const idleBounds = { least: 5, most: 43_200 } as const;

export const remoteViewSchema = z.object({
  /** Where the console is served to browsers, such as http://127.0.0.1:4100; null for a desktop window, which serves none. */
  address: z.string().nullable(),
  /** True when it is reached over TLS from other machines. */
  tls: z.boolean(),
  /** Names and addresses that the operator allowed at the start; a request under any other is refused. Empty unless `tls`. */
  hostNames: z.array(z.string()),
  idleMinutes: z.number().int(),
  sessions: z.array(browserSessionSchema),
  tokens: z.array(readTokenSchema),
});
export type RemoteView = z.infer<typeof remoteViewSchema>;

export const remoteCalls = {
  'remote.get': { input: z.strictObject({}), output: remoteViewSchema },
  /** Signs a browser out at once; its open event stream ends too. */
  'remote.endSession': { input: z.strictObject({ id: z.string().max(40) }), output: done },
  /** Signs out every browser but the one that asks. */
  'remote.endOthers': { input: z.strictObject({}), output: done },
  'remote.setIdle': { input: z.strictObject({ minutes: z.number().int().min(idleBounds.least).max(idleBounds.most) }), output: done },
  /** Makes a token; this answer is the only place where its secret ever stands. */
  'remote.createToken': { input: z.strictObject({ name: z.string().trim().min(1).max(60), scope: tokenScopeSchema }), output: z.object({ id: z.string(), secret: z.string() }) },
  'remote.revokeToken': { input: z.strictObject({ id: z.string().max(40) }), output: done },
} as const;
