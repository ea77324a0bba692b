/** Bodies and results of workload class wasm.run, and its compute units (coordinator.md 4 and 6). */
import { z } from 'zod';
import { base64Schema, hash32Schema } from '../domain/ids.ts';

const instructionsPerUnit = 1_000_000n;
const maxArgs = 1_024;

const argument = z.string().max(65_536).refine((text) => !text.includes('\0'), 'an argument ends at its first zero byte');

/** What the buyer sends. A field that is not listed would mean nothing, and is refused; `model` and `stream` do not count. */
export const wasmRequestSchema = z.strictObject({
  module: z.union([base64Schema, z.strictObject({ url: z.url().max(2_000), sha256: hash32Schema })]),
  args: z.array(argument).max(maxArgs),
  stdin: base64Schema,
  model: z.string().nullish(),
  stream: z.boolean().nullish(),
  user: z.string().nullish(),
});

/** A run, as values. `module` is base64 or where to get it. */
export type WasmPlan = { module: string | { url: string; sha256: string }; args: string[]; stdin: string };

/** Reads a body into a plan, or null when it is not a WASM request (bad_payload). */
export function planWasm(body: string): WasmPlan | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = wasmRequestSchema.safeParse(json);
  if (!parsed.success) return null;
  const { module, args, stdin } = parsed.data;
  return { module: typeof module === 'string' ? module : { url: module.url, sha256: module.sha256 }, args, stdin };
}

/** What a run gave; streams in base64. */
export type WasmAnswer = { exitCode: number; stdout: string; stderr: string; trap: string | null; instructions: bigint };

/** The result as compact JSON in exactly the key order of coordinator.md 4; its UTF-8 bytes are the result bytes. */
export const wasmResultText = ({ exitCode, stdout, stderr, trap, instructions }: WasmAnswer): string =>
  JSON.stringify({ exit_code: exitCode, stdout, stderr, trap, instructions: Number(instructions) });

/** "for WASM one per million instructions … rounded up". */
export const wasmUnits = (instructions: bigint): bigint => (instructions + instructionsPerUnit - 1n) / instructionsPerUnit;

/** The instructions that a number of units pays for; no more than JSON can carry. */
export function wasmInstructions(computeUnits: bigint): bigint {
  const paid = computeUnits * instructionsPerUnit;
  const largest = BigInt(Number.MAX_SAFE_INTEGER);
  return paid < largest ? paid : largest;
}
