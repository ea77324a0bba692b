/** Calls about confidential compute: what hardware was found, whether such tasks are served and why not, the key on chain, the sandbox's rehearsal (protocol.md 7.7). */
import { z } from 'zod';
import { bigintText } from '../domain/amounts.ts';

/** One place that was looked at, with what was seen there. */
export const teeSignSchema = z.object({ what: z.enum(['sev_guest', 'tdx_guest', 'tsm_reports', 'nvidia_cc']), found: z.enum(['yes', 'no', 'denied']), proof: z.string() });

export const confidentialViewSchema = z.object({
  /** What such tasks would run in. `simulated` proves nothing and is for the embedded sandbox alone. */
  serves: z.enum(['hardware', 'simulated', 'no']),
  /** Why not, as code and sentence; null where they are served. */
  whyNot: z.object({ code: z.enum(['generation', 'no_guest', 'guest_denied', 'no_reports', 'no_gpu_mode']), sentence: z.string() }).nullable(),
  signs: z.array(teeSignSchema),
  rehearsal: z.object({ possible: z.boolean(), on: z.boolean() }),
  /** The key of this start, as hex; null while there is none. `announced` is null until it stands on chain. */
  key: z
    .object({ publicKey: z.string(), announced: z.object({ counter: bigintText, atMs: z.number(), digest: z.string() }).nullable() })
    .nullable(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type ConfidentialView = z.infer<typeof confidentialViewSchema>;

export const confidentialCalls = {
  'confidential.get': { input: z.strictObject({}), output: confidentialViewSchema },
  /** Looks at the hardware again. */
  'confidential.look': { input: z.strictObject({}), output: confidentialViewSchema },
  /** Refused outside the embedded sandbox. */
  'confidential.rehearse': { input: z.strictObject({ on: z.boolean() }), output: confidentialViewSchema },
} as const;
