/** Calls and views of the direct ingress: the node's own OpenAI-compatible API for buyers of its stacks, and the announcement of its address (protocol.md 7.5 to 7.9). */
import { z } from 'zod';

const nothing = z.strictObject({});
const done = z.object({});
const problemSchema = z.object({ code: z.string(), message: z.string() });

/** Off, and on this machine alone, until the operator says otherwise. */
export const ingressSettingsSchema = z.strictObject({
  enabled: z.boolean(),
  /** `loopback`: this machine, for example behind a proxy that ends TLS; `everywhere`: every address of this machine. */
  reach: z.enum(['loopback', 'everywhere']),
  /** 0 takes a free one. */
  port: z.number().int().min(0).max(65_535),
  maxConnections: z.number().int().min(1).max(10_000),
  /** Where buyers reach it, announced if given. */
  publicUrl: z.string().max(300).nullable(),
  /** ISO 3166 alpha-2, part of the announcement. */
  country: z.string().regex(/^[A-Z]{2}$/).nullable(),
  /** The proxy that keeps the list of nodes; null announces nothing. */
  announceTo: z.string().max(300).nullable(),
});
export type IngressSettings = z.infer<typeof ingressSettingsSchema>;

export const defaultIngress: IngressSettings = { enabled: false, reach: 'loopback', port: 4_200, maxConnections: 128, publicUrl: null, country: null, announceTo: null };

export const ingressViewSchema = z.object({
  settings: ingressSettingsSchema,
  /** closed: the keys are locked or no network is open; failed: `problem` says why it does not listen. */
  state: z.enum(['off', 'closed', 'listening', 'failed']),
  /** Where it listens now. */
  address: z.string().nullable(),
  problem: problemSchema.nullable(),
  /** Since the keys were opened. */
  served: z.number().int(),
  running: z.number().int(),
  /** By error code of the answer. */
  refused: z.record(z.string(), z.number().int()),
  announced: z.object({ atMs: z.number(), problem: problemSchema.nullable() }).nullable(),
});
export type IngressView = z.infer<typeof ingressViewSchema>;

export const ingressCalls = {
  'ingress.get': { input: nothing, output: ingressViewSchema },
  'ingress.set': { input: z.strictObject({ settings: ingressSettingsSchema }), output: done },
  /** Announces the public address now. */
  'ingress.announce': { input: nothing, output: done },
} as const;
