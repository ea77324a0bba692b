/** Why the machine earns nothing: every rule of node selection and of this machine, with its live value and one fix (product.md, "Why idle"). */
import { z } from 'zod';
import { bigintText } from '../domain/amounts.ts';

/** The rules by group, in the order in which they are mended. */
export const idleRules = {
  machine: ['keys', 'model', 'provider', 'paused', 'heat', 'in_use', 'schedule'],
  link: ['coordinator', 'linked', 'clock'],
  chain: ['chain_read', 'registered', 'enabled', 'collateral', 'gas'],
  market: ['subscribed', 'price', 'max_units', 'reputation'],
} as const;

/** A group of rules. */
export const idleGroupSchema = z.enum(['machine', 'link', 'chain', 'market']);
export type IdleGroup = z.infer<typeof idleGroupSchema>;

/** A rule. */
export const idleRuleNameSchema = z.enum([...idleRules.machine, ...idleRules.link, ...idleRules.chain, ...idleRules.market]);
export type IdleRuleName = z.infer<typeof idleRuleNameSchema>;

/** The one way to mend a rule: a page of the window, or a call that is made at once. */
export const idleFixSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('page'), page: z.enum(['setup', 'settings', 'leave', 'tasks', 'models', 'hardware', 'wallet', 'network']) }),
  z.object({ kind: z.literal('resume') }),
]);
export type IdleFix = z.infer<typeof idleFixSchema>;

/** One rule as it holds now; `unknown` is neither good nor bad. */
export const idleRuleSchema = z.object({
  rule: idleRuleNameSchema,
  group: idleGroupSchema,
  status: z.enum(['ok', 'failed', 'unknown']),
  /** The task it is about; null for what holds for the whole node. */
  taskSmallId: bigintText.nullable(),
  /** Counts, seconds and percentages behind the verdict, by name. */
  figures: z.record(z.string(), z.number()),
  /** Prices, amounts and units behind the verdict, by name. */
  amounts: z.record(z.string(), bigintText),
  /** Names behind the verdict: a model, a code, an address. */
  words: z.record(z.string(), z.string()),
  /** What mends it; null where nothing is to be done, or only waiting helps. */
  fix: idleFixSchema.nullable(),
});
export type IdleRule = z.infer<typeof idleRuleSchema>;
