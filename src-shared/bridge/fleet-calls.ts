/** Calls of the fleet page, and the summary that a console gives to the bearer of a fleet token (issue: "Several nodes"). */
import { z } from 'zod';
import { bigintText, coinSchema } from '../domain/amounts.ts';
import { nodeStateSchema } from '../domain/node-state.ts';

const done = z.object({});
const short = z.string().max(100);

/** What one console says of itself to another. Bounded everywhere: the other console may be anybody's. Amounts are base units; null is "unknown". */
export const fleetSummarySchema = z.object({
  v: z.literal(1),
  version: short,
  atMs: z.number(),
  network: z.object({ id: short, name: short, kind: short }),
  nodeSmallId: bigintText.nullable(),
  state: nodeStateSchema,
  reason: short,
  sinceMs: z.number(),
  running: z.number().int().nonnegative(),
  subscribedTasks: z.number().int().nonnegative(),
  tokensPerSecond: z.number().nullable(),
  coin: coinSchema,
  earnedToday: bigintText.nullable(),
  earned30Days: bigintText.nullable(),
  pending: bigintText.nullable(),
  claimable: bigintText.nullable(),
  alerts: z.array(z.object({ level: z.enum(['info', 'warning', 'danger']), message: z.string().max(500), sinceMs: z.number() })).max(50),
});
export type FleetSummary = z.infer<typeof fleetSummarySchema>;

/** Why a console could not be read the last time. */
export const fleetProblemSchema = z.enum(['unreachable', 'timeout', 'refused_token', 'other_certificate', 'bad_certificate', 'not_a_console', 'keys_locked']);
export type FleetProblem = z.infer<typeof fleetProblemSchema>;

/** One listed console with what was last heard of it. */
export const fleetNodeSchema = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  /** SHA-256 of the certificate that was pinned on first use, in hex pairs with colons; null where a known authority vouches for it, or without TLS. */
  pinned: z.string().nullable(),
  /** Another certificate that it shows now; nothing was sent to it. */
  offered: z.string().nullable(),
  lastSeenMs: z.number().nullable(),
  /** Null until it is read for the first time in this run. */
  askedMs: z.number().nullable(),
  problem: fleetProblemSchema.nullable(),
  /** The newest summary; it may be old, see `lastSeenMs`. */
  summary: fleetSummarySchema.nullable(),
});
export type FleetNode = z.infer<typeof fleetNodeSchema>;

const id = z.strictObject({ id: z.string().max(40) });

export const fleetCalls = {
  /** What is known now; what is older than a few seconds is asked again meanwhile, and the topic `fleet` tells of it. */
  'fleet.list': { input: z.strictObject({}), output: z.array(fleetNodeSchema) },
  /** Lists a console; its token is sealed with the keys. Refused for an address that is neither https nor on this machine. */
  'fleet.add': { input: z.strictObject({ name: z.string().trim().min(1).max(60), url: z.string().trim().max(300), token: z.string().trim().min(20).max(200) }), output: z.object({ id: z.string() }) },
  'fleet.remove': { input: id, output: done },
  /** Asks one console now. */
  'fleet.refresh': { input: id, output: done },
  /** Takes the certificate that a console shows now for the pinned one. */
  'fleet.trust': { input: z.strictObject({ id: z.string().max(40), certificate: z.string().max(100) }), output: done },
} as const;
