/** What crosses between the node and the process of one run; parsed on arrival (architecture.md: parse what crosses a boundary). */
import { z } from 'zod';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** To the process: one run, once. */
export const toRun = z.object({ kind: z.literal('run'), module: bytes, args: z.array(z.string()), stdin: bytes, taskId: z.string(), taskTimeMs: z.number(), maxInstructions: z.bigint() });
export type ToRun = z.infer<typeof toRun>;

/** From the process: it listens, or what came of the run. */
export const fromRun = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('ended'), exitCode: z.number(), stdout: bytes, stderr: bytes, trap: z.string().nullable(), instructions: z.bigint() }),
  z.object({ kind: z.literal('refused'), detail: z.string() }),
  z.object({ kind: z.literal('output_too_large') }),
  z.object({ kind: z.literal('failed'), reason: z.enum(['out_of_memory', 'stack', 'engine']) }),
]);
export type FromRun = z.infer<typeof fromRun>;
